import type { TaskMode } from '../../core/runs/tasks.ts';
import { identify } from '../identify/task.ts';
import { moveData } from '../data/move-task.ts';
import { dataOperations } from '../data/operations.ts';
import { journalOperations } from '../suggestions/journal-operations.ts';
import { exclusionOperations } from '../exclusions/operations.ts';
import { identifyOperations } from '../identify/operations.ts';
import { packOperations } from '../packs/operations.ts';
import { peopleOperations } from '../people/operations.ts';
import { referencePackOperations } from '../reference-packs/operations.ts';
import { runOperations, stopOperation } from '../runs/operations.ts';
import { settleRuns } from '../runs/settle-runs.ts';
import { setupOperations } from '../setup/operations.ts';
import { settingsOperations } from '../settings/operations.ts';
import { statusOperation } from '../status/operations.ts';
import { suggestionOperations } from '../suggestions/operations.ts';
import { buildReferencePack } from '../reference-packs/task.ts';
import { packBuildOperations } from '../reference-packs/build-operations.ts';
import { people } from '../people/task.ts';
import { scan } from '../scan/task.ts';
import { setUp } from '../setup/task.ts';
import type { Operations, Task } from '../runs/task.ts';

/** Implementation of each declared task. */
export const tasks: { readonly [Mode in TaskMode]: Task<Mode> } = {
  'set-up': setUp,
  people,
  scan,
  identify,
  'build-reference-pack': buildReferencePack,
  'move-data': moveData,
};

export const handlers: Operations = {
  status: async (context, input) => {
    await settleRuns(context, tasks);
    return await statusOperation.status(context, input);
  },
  ...peopleOperations,
  ...identifyOperations,
  ...suggestionOperations,
  ...journalOperations,
  ...settingsOperations,
  ...exclusionOperations,
  ...runOperations,
  ...stopOperation(tasks),
  ...setupOperations,
  ...packOperations,
  ...referencePackOperations,
  ...packBuildOperations,
  ...dataOperations,
};
