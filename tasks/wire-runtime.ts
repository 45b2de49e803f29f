/** What was fetched, and which of it this machine runs best. */
import { createRuntime } from '../plugin/runtime/runtime.ts';
import type { Runtime } from './task.ts';

export function createChosenRuntime(parts: {
  readonly pluginDir: string;
  readonly dataFolder: string;
  readonly channelSetting: string;
}): Runtime {
  const runtime = createRuntime(parts);
  return {
    state: () => runtime.state(),
    choice: () => Promise.resolve(null),
  };
}
