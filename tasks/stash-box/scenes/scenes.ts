/** Scenes of the user as they are compared with those of a stash-box. */
import { createHash } from 'node:crypto';
import type { FieldValues, StashIdValue } from '../../../core/changes/change.ts';
import { scalarOf, stashIdsOf } from '../../../core/changes/values.ts';
import type { ContentId } from '../../../core/content-id.ts';
import type { StashEntity, StashFile } from '../../../core/ports/library.ts';
import type { FingerprintAlgorithm } from '../../../core/ports/boxes/box-scenes.ts';
import type { HashedVideo } from '../../../core/ports/boxes/phashes.ts';
import type { HashedFile } from '../../../core/stash-box/rate-scenes.ts';
import { knownContentId } from '../../observe/content-ids.ts';
import { readScenes } from '../../observe/read-scenes.ts';
import type { Context } from '../../runs/task.ts';

export type ReadScene = Pick<StashEntity, 'id' | 'title' | 'performerIds'> & {
  readonly files: readonly (HashedFile & {
    readonly file: StashFile;
    /** Null: Stash has no hash of the file that could name it. */
    readonly contentId: ContentId | null;
  })[];
  readonly stashIds: readonly StashIdValue[];
  readonly date: string | null;
  readonly studio: string | null;
  /** Of all that is asked about. */
  readonly revision: string;
};

/** Changes whenever scenes are found or compared in another way: all are looked up anew then. */
const VERSION = 1;
const PAGE = 200;
const FIELDS = ['date', 'studio', 'stashIds'] as const;

type Parts = Pick<Context, 'store' | 'library'>;

export type ScenePage = {
  readonly scenes: readonly ReadScene[];
  /** Up to this id there are no others: deleted and excluded ones are left out. Undefined: there are no more. */
  readonly last: string | undefined;
};

/** The next scenes behind this id, of all or of those asked for, by their ids. */
export async function nextScenes(
  context: Parts,
  asked: readonly string[] | null,
  after: string,
): Promise<ScenePage> {
  const { library } = context;
  if (asked === null) {
    const page = await library.entitiesAfter('scene', after, PAGE);
    return { scenes: await toRead(context, page), last: page.at(-1)?.id };
  }
  const ids = asked.filter((id) => Number(id) > Number(after)).slice(0, PAGE);
  return { scenes: await toRead(context, await readScenes(library, ids)), last: ids.at(-1) };
}

async function toRead(context: Parts, scenes: readonly StashEntity[]): Promise<ReadScene[]> {
  const { library } = context;
  const ids = scenes.map(({ id }) => id);
  const fields = await library.fieldsOf('scene', ids, FIELDS);
  const studioIds = [...new Set([...fields.values()].flatMap((values) => textOf(values, 'studio') ?? []))];
  const studios = await library.fieldsOf('studio', studioIds, ['name']);
  const read: ReadScene[] = [];
  for (const scene of scenes) {
    const values = fields.get(scene.id);
    // Deleted since.
    if (values === undefined) continue;
    const studio = studios.get(textOf(values, 'studio') ?? '');
    const files: ReadScene['files'][number][] = [];
    for (const file of scene.files) files.push(await toHashed(context, file));
    read.push({
      id: scene.id,
      title: scene.title,
      performerIds: scene.performerIds,
      files,
      stashIds: stashIdsOf(values),
      date: textOf(values, 'date'),
      studio: studio === undefined ? null : textOf(studio, 'name'),
      revision: revisionOf(files),
    });
  }
  return read;
}

/** The file with the perceptual hash that was computed for it, where Stash has none. */
async function toHashed(
  { store }: Pick<Context, 'store'>,
  file: StashFile,
): Promise<ReadScene['files'][number]> {
  const known = Object.entries(file.fingerprints).flatMap(([type, hash]) => {
    const algorithm = ALGORITHMS[type];
    return algorithm === undefined ? [] : [{ algorithm, hash: toDigits(algorithm, hash), isOurs: false }];
  });
  const video = unhashed(file);
  const computed = video && (await store.computedPhashes.get(video));
  const fingerprints = computed
    ? [...known, { algorithm: 'PHASH' as const, hash: computed, isOurs: true }]
    : known;
  const seconds = file.durationMs === null ? null : file.durationMs / 1000;
  return { file, fingerprints, seconds, contentId: knownContentId('scene', file) };
}

const ALGORITHMS: Readonly<Record<string, FingerprintAlgorithm>> = {
  oshash: 'OSHASH',
  phash: 'PHASH',
  md5: 'MD5',
};

/** Stash leaves zeros at the beginning of a perceptual hash out. */
function toDigits(algorithm: FingerprintAlgorithm, hash: string): string {
  return hash.toLowerCase().padStart(algorithm === 'MD5' ? 32 : 16, '0');
}

export function contentIdsOf({ files }: Pick<ReadScene, 'files'>): ContentId[] {
  return files.flatMap(({ contentId }) => contentId ?? []);
}

/** A video of which Stash has no perceptual hash. Null: it has one, or the file cannot be named or read. */
export function unhashed(file: StashFile): HashedVideo | null {
  const contentId = knownContentId('scene', file);
  const { fingerprints, durationMs, zipPath } = file;
  if (contentId === null || durationMs === null || zipPath !== null) return null;
  return fingerprints['phash'] === undefined ? { contentId, durationMs } : null;
}

function revisionOf(files: ReadScene['files']): string {
  const asked = files.map(({ fingerprints, seconds }) => [
    fingerprints.map(({ algorithm, hash }) => `${algorithm} ${hash}`).toSorted(),
    seconds,
  ]);
  return createHash('sha256')
    .update(JSON.stringify([VERSION, asked]))
    .digest('hex')
    .slice(0, 24);
}

function textOf(values: FieldValues, field: string): string | null {
  const value = scalarOf(values, field);
  return typeof value === 'string' && value !== '' ? value : null;
}
