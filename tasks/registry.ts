import { identify } from './identify.ts';
import { journalOperations } from './operations/journal.ts';
import { lookOperations } from './operations/look.ts';
import { peopleOperation } from './operations/people-info.ts';
import { runOperations } from './operations/runs.ts';
import { runtimeOperation } from './operations/runtime.ts';
import { settingsOperations } from './operations/settings.ts';
import { statusOperation } from './operations/status.ts';
import { suggestionOperations } from './operations/suggestions.ts';
import { moveData } from './move-data.ts';
import { dataOperations } from './operations/data.ts';
import { people } from './people.ts';
import { scan } from './scan.ts';
import { setUp } from './set-up.ts';
import type { Operations, Task } from './task.ts';

/** In the order of the Tasks menu. */
export const tasks: readonly Task[] = [setUp, people, scan, identify, moveData] as readonly Task[];

export const handlers: Operations = {
  ...statusOperation,
  ...peopleOperation,
  ...lookOperations,
  ...suggestionOperations,
  ...journalOperations,
  ...settingsOperations,
  ...runOperations,
  ...runtimeOperation,
  ...dataOperations,
};
