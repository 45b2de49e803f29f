import { createRequire } from 'node:module';
import path from 'node:path';
import { isMainThread } from 'node:worker_threads';
import { firstLineOf } from '../../core/message-of.ts';
import { NO_TELEMETRY } from '../../core/no-telemetry.ts';

/** `file`: what a worker thread requires to have the same package. */
export type Native<T> =
  | { module: T; file: string; reason: null }
  | { module: null; file: null; reason: string };

/** The reason where there is no such package at all. */
export const NOT_INSTALLED = 'not installed';

/**
A package with a compiled part, from the first place that has one that loads: `<folder>/node_modules` of each folder,
then beside the bundle, then the checkout. A null module is ordinary (another platform, musl, nothing fetched yet):
its twin takes over.
*/
export function loadNative<T>(name: string, folders: readonly string[]): Native<T> {
  if (!turnTelemetryOff())
    return { module: null, file: null, reason: 'its telemetry cannot be turned off in this thread' };
  let reason = NOT_INSTALLED;
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
        reason = code === 'ERR_DLOPEN_FAILED' ? 'not built for this system' : firstLineOf(error);
    }
  }
  return { module: null, file: null, reason };
}

/**
Native code reads the environment of the process, which the main thread sets by assignment (setenv on POSIX,
SetEnvironmentVariableW on Windows). The environment of a worker thread is a copy: there it can only be looked at.
@returns whether it is off
*/
function turnTelemetryOff(): boolean {
  if (isMainThread) Object.assign(process.env, NO_TELEMETRY);
  return Object.entries(NO_TELEMETRY).every(([name, value]) => process.env[name] === value);
}
