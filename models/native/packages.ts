import { createRequire } from 'node:module';
import path from 'node:path';
import { isMainThread } from 'node:worker_threads';
import { firstLineOf } from '../../core/message-of.ts';
import { message, plain, type Message } from '../../core/messages/message.ts';
import { NO_TELEMETRY } from '../../core/no-telemetry.ts';

/** `file`: path by which a worker thread can require the same package. */
export type Native<T> =
  | { module: T; file: string; reason: null }
  | { module: null; file: null; reason: Message };

/** The reason when the package is not installed. */
export const NOT_INSTALLED = message('setup.trial.reason.notInstalled');

/**
Loads a native package from the first location where it loads: `<folder>/node_modules` of each folder, then beside the
bundle, then the checkout. A null module is no failure (another platform, musl, nothing fetched yet): the portable twin
is used.
*/
export function loadNative<T>(name: string, folders: readonly string[]): Native<T> {
  if (!disableTelemetry())
    return { module: null, file: null, reason: message('setup.trial.reason.noTelemetrySwitch') };
  let reason: Message = NOT_INSTALLED;
  for (const from of [
    ...folders.map((folder) => path.join(path.resolve(folder), 'package.json')),
    import.meta.url,
  ]) {
    try {
      const require = createRequire(from);
      return { module: require(name) as T, file: require.resolve(name), reason: null };
    } catch (error) {
      const code = (error as { code?: unknown }).code;
      if (code !== 'MODULE_NOT_FOUND')
        reason =
          code === 'ERR_DLOPEN_FAILED' ? message('setup.trial.reason.notBuilt') : plain(firstLineOf(error));
    }
  }
  return { module: null, file: null, reason };
}

/**
Native code reads the environment of the process, which the main thread sets by assignment (setenv on POSIX,
SetEnvironmentVariableW on Windows). A worker thread has a copy, so there the variable can only be checked.
@returns whether telemetry is off
*/
function disableTelemetry(): boolean {
  if (isMainThread) Object.assign(process.env, NO_TELEMETRY);
  return Object.entries(NO_TELEMETRY).every(([name, value]) => process.env[name] === value);
}
