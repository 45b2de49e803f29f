/** What the pipeline saw in pictures and scenes, kept on disk outside the tree: a second run reads it in seconds. */
import { createHash, hash } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import type { FacePack } from '../../../models/catalog/catalog.ts';

const root = path.join(import.meta.dirname, '../../..');

/** `STASH_SENSE_BENCH_CACHE`, else a folder of the user's cache. */
export const benchCache =
  process.env['STASH_SENSE_BENCH_CACHE'] ??
  path.join(process.env['XDG_CACHE_HOME'] ?? path.join(homedir(), '.cache'), 'stash-sense-bench');

/** The code that decides what is seen in a picture or a video; the numbers of the pack count beside it. */
const SEEING = [
  'core/faces',
  'core/people/reference.ts',
  'core/sampling',
  'models/faces',
  'models/images',
  'plugin/media',
  'tasks/observe',
];

/** The numbers of `matching`, and the file that says which numbers there are, change nothing of what is seen. */
function revisionOf(pack: FacePack): string {
  const calibration = { ...pack.calibration, matching: null };
  const files = SEEING.flatMap((place) =>
    place.endsWith('.ts')
      ? [place]
      : readdirSync(path.join(root, place), { recursive: true, encoding: 'utf8' })
          .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
          .map((file) => path.join(place, file)),
  ).filter((file) => path.basename(file) !== 'pack-calibration.ts');
  const revision = createHash('sha256').update(JSON.stringify({ ...pack, calibration }));
  for (const file of files.toSorted()) revision.update(readFileSync(path.join(root, file)));
  return revision.digest('hex').slice(0, 12);
}

export type LookCache<Look> = {
  /** By the SHA-256 of the file. */
  get(key: string): Look | undefined;
  set(key: string, look: Look): void;
};

/** One file a pack and revision of the code, a line a look; an interrupted run goes on where it ended. */
export function openLookCache<Look>(name: string, pack: FacePack): LookCache<Look> {
  mkdirSync(benchCache, { recursive: true });
  const file = path.join(benchCache, `${name}-${pack.id}-${revisionOf(pack)}.ndjson`);
  const looks = new Map<string, Look>();
  // The last line is empty, or cut off by a kill.
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(0, -1) : [];
  for (const line of lines) {
    const { key, look } = parseVectors(line) as { key: string; look: Look };
    looks.set(key, look);
  }
  return {
    get: (key) => looks.get(key),
    set(key, look) {
      looks.set(key, look);
      appendFileSync(file, `${stringifyVectors({ key, look })}\n`);
    },
  };
}

export function keyOf(bytes: Uint8Array): string {
  return hash('sha256', bytes);
}

const KEY = 'float32';

/** JSON in which vectors are base64 of their float32 numbers, little-endian. */
export function stringifyVectors(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    part instanceof Float32Array
      ? { [KEY]: Buffer.from(part.buffer, part.byteOffset, part.byteLength).toString('base64') }
      : part,
  );
}

export function parseVectors(text: string): unknown {
  return JSON.parse(text, (_, part: unknown) => {
    const coded = part !== null && typeof part === 'object' && KEY in part ? part[KEY] : null;
    if (typeof coded !== 'string') return part;
    // Copied: the buffer of a short text is a part of a pool.
    return new Float32Array(Uint8Array.from(Buffer.from(coded, 'base64')).buffer);
  });
}
