import { message, plain, type Message } from '../messages/message.ts';
import { TASKS, type TaskMode } from './tasks.ts';

/** The name of a task for whoever reads it. Stash's own queue and menu have it in English, as `TASKS` says it. */
export function saidTask(mode: string): Message {
  return Object.hasOwn(TASKS, mode) ? message(`task.name.${mode as TaskMode}`) : plain(mode);
}
