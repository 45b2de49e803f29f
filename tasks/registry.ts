import type { TaskMode } from '../core/runs/tasks.ts';
import { identify } from './identify.ts';
import { moveData } from './move-data.ts';
import { dataOperations } from './operations/data.ts';
import { journalOperations } from './operations/journal.ts';
import { lookOperations } from './operations/look.ts';
import { peopleOperation } from './operations/people-info.ts';
import { runOperations, stopOperation } from './operations/runs.ts';
import { runtimeOperation } from './operations/runtime.ts';
import { settingsOperations } from './operations/settings.ts';
import { statusOperation } from './operations/status.ts';
import { suggestionOperations } from './operations/suggestions.ts';
import { people } from './people.ts';
import { scan } from './scan.ts';
import { setUp } from './set-up.ts';
import type { Operations, Task } from './task.ts';

/** What each declared task does. */
export const tasks: { readonly [Mode in TaskMode]: Task<Mode> } = {
  'set-up': setUp,
  people,
  scan,
  identify,
  'move-data': moveData,
};

export const handlers: Operations = {
  ...statusOperation,
  ...peopleOperation,
  ...lookOperations,
  ...suggestionOperations,
  ...journalOperations,
  ...settingsOperations,
  ...runOperations,
  ...stopOperation(tasks),
  ...runtimeOperation,
  ...dataOperations,
};
