import { createRequire } from 'node:module';
import path from 'node:path';
import { messageOf } from '../core/errors.ts';

export type Native<T> = { module: T; reason: null } | { module: null; reason: string };

/** The reason where there is no such package at all. */
export const NOT_INSTALLED = 'not installed';

/**
A package with a compiled part, from the first place that has one that loads: `<folder>/node_modules` of each folder,
then beside the bundle, then the checkout. A null module is ordinary (another platform, musl, nothing fetched yet):
its twin takes over.
*/
export function loadNative<T>(name: string, folders: readonly string[]): Native<T> {
  let reason = NOT_INSTALLED;
  for (const from of [...folders.map((it) => path.join(path.resolve(it), 'package.json')), import.meta.url]) {
    try {
      return { module: createRequire(from)(name) as T, reason: null };
    } catch (error) {
      const code = (error as { code?: unknown }).code;
      if (code !== 'MODULE_NOT_FOUND')
        reason = code === 'ERR_DLOPEN_FAILED' ? 'not built for this system' : firstLine(error);
    }
  }
  return { module: null, reason };
}

function firstLine(error: unknown): string {
  return messageOf(error).split('\n', 1)[0]!;
}
