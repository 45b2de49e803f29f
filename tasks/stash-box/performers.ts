/** Performers of the user as they are compared with those of a stash-box. */
import { createHash } from 'node:crypto';
import type { FieldValues, StashIdValue } from '../../core/changes/change.ts';
import { listOf, scalarOf } from '../../core/changes/values.ts';
import type { LinkedScene } from '../../core/ports/boxes/linked-scenes.ts';
import type { Reference } from '../../core/people/person.ts';
import type { ComparedPerformer } from '../../core/stash-box/compare.ts';
import type { Context } from '../runs/task.ts';

export type ReadPerformer = ComparedPerformer & { readonly id: string };

/** Somebody who has no id of the stash-box. */
export type Unlinked = ReadPerformer & {
  readonly references: readonly Reference[];
  /** Of this performer, that have an id of the stash-box. */
  readonly scenes: readonly LinkedScene[];
  /** Ids at the stash-box of studios of the performer's scenes, in their order. */
  readonly studios: readonly string[];
  /** Of all that is compared. */
  readonly revision: string;
};

export function isLinkedTo(endpoint: string): (performer: Pick<ReadPerformer, 'stashIds'>) => boolean {
  return ({ stashIds }) => stashIds.some((stashId) => stashId.endpoint === endpoint);
}

const FIELDS = [
  'name',
  'disambiguation',
  'aliases',
  'urls',
  'stashIds',
  'birthdate',
  'country',
  'gender',
] as const;
/** Changes whenever candidates are found or compared in another way: everybody is looked up anew then. */
const LOOK_UP_VERSION = 3;
const PAGE = 200;

/** The next performers behind this id, of all or of those asked for, by their ids. Empty: there are no more. */
export async function nextPerformers(
  { library, exclusions }: Pick<Context, 'library' | 'exclusions'>,
  asked: readonly string[] | null,
  after: string,
): Promise<readonly string[]> {
  if (asked === null) return (await library.performersAfter(after, PAGE)).map(({ id }) => id);
  const { performers: excluded } = await exclusions.current();
  return asked.filter((id) => Number(id) > Number(after) && !excluded.has(id)).slice(0, PAGE);
}

/** Those of these performers whom Stash has, in the order of the ids. */
export async function readPerformers(
  { library }: Pick<Context, 'library'>,
  ids: readonly string[],
): Promise<readonly ReadPerformer[]> {
  const read = await library.fieldsOf('performer', ids, FIELDS);
  return ids.flatMap((id) => {
    const values = read.get(id);
    return values === undefined ? [] : [{ id, ...toCompared(values) }];
  });
}

/** The faces they are known by. */
export async function referencesOf(
  { store, vision }: Pick<Context, 'store' | 'vision'>,
  { id: performerId }: { readonly id: string },
): Promise<Reference[]> {
  return (await store.people.vectors(performerId, vision.packId)).flatMap(
    ({ id, state, embedding, quality, source }): Reference[] =>
      state === 'used' && embedding !== null ? [{ id, embedding, quality, source }] : [],
  );
}

/** With all that is compared. @param packs revision of the reference packs that are searched */
export async function toUnlinked(
  context: Pick<Context, 'store' | 'vision'>,
  performer: ReadPerformer,
  {
    packs,
    scenes,
    studios,
  }: {
    readonly packs: string;
    readonly scenes: readonly LinkedScene[];
    readonly studios: readonly string[];
  },
): Promise<Unlinked> {
  const references = await referencesOf(context, performer);
  const compared = JSON.stringify([
    LOOK_UP_VERSION,
    performer,
    references.map(({ id }) => id),
    packs,
    context.vision.packId,
    scenes.map(({ stashId }) => stashId).toSorted(),
    ...(studios.length > 0 ? [studios.toSorted()] : []),
  ]);
  return {
    ...performer,
    references,
    scenes,
    studios: studios.toSorted(),
    revision: createHash('sha256').update(compared).digest('hex').slice(0, 24),
  };
}

function toCompared(values: FieldValues): ComparedPerformer {
  const text = (field: string): string => String(scalarOf(values, field) ?? '');
  const texts = (field: string): string[] =>
    listOf(values, field).flatMap((value) => (typeof value === 'string' ? [value] : []));
  const orNull = (field: string): string | null => (text(field) === '' ? null : text(field));
  return {
    name: text('name'),
    disambiguation: text('disambiguation'),
    aliases: texts('aliases'),
    urls: texts('urls'),
    stashIds: listOf(values, 'stashIds').flatMap((value): StashIdValue[] =>
      typeof value === 'string' ? [] : [{ endpoint: value.endpoint, stashId: value.stashId }],
    ),
    birthdate: orNull('birthdate'),
    country: orNull('country'),
    gender: orNull('gender'),
  };
}
