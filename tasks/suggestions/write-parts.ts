import { isRunWide, StashSenseError } from '../../core/errors.ts';
import { message, type Message } from '../../core/messages/message.ts';
import { nameOfObject } from '../../core/messages/names.ts';
import { shownName } from '../../core/people/shown-name.ts';
import type { NameOf } from '../../core/ports/library.ts';
import type { Store } from '../../core/ports/store.ts';
import type { StashRef } from '../../core/stash-ref.ts';
import { namedIn } from '../../core/suggestions/suggestion.ts';
import type { Context } from '../runs/task.ts';

/** What making or undoing one write needs beside a `LibraryWriter`. */
export type EntryParts = Pick<Context, 'store' | 'library' | 'vision'>;
/** The same for the whole write path, which also locks and recovers. */
export type WriteParts = EntryParts &
  Pick<Context, 'exclusions' | 'log' | 'owner' | 'now' | 'sleep' | 'limits'>;

/** @param title as it was called when it was last seen */
export function gone(entity: StashRef, title = ''): StashSenseError {
  const item = nameOfObject({ entity, title });
  return new StashSenseError('not-found', message('stash.noEntity', { item }));
}

export function performerGone(name: string | Message): StashSenseError {
  return new StashSenseError('not-found', message('stash.noPerformer', { name }));
}

/** The name of a performer, also of one that Stash no longer has: as learned, else as suggested for the entity or found in it. */
export async function knownName(
  { people, suggestions, identifications }: Pick<Store, 'people' | 'suggestions' | 'identifications'>,
  performerId: string,
  entity: StashRef,
): Promise<string | null> {
  const learned = await people.performer(performerId);
  if (learned !== null) return shownName(learned);
  const target = { kind: 'performer', id: performerId } as const;
  const suggested = await suggestions.list({ entity, target }, 'newest', 1, 0);
  const named = suggested.items.flatMap(namedIn).find((one) => one.target?.id === performerId);
  if (named !== undefined) return named.name;
  const { kind, id } = entity;
  if (kind !== 'scene' && kind !== 'image' && kind !== 'gallery') return null;
  const found = await identifications.get({ kind, id });
  const candidates = found?.persons.flatMap((person) => person.candidates) ?? [];
  return candidates.find((candidate) => candidate.performerId === performerId)?.name ?? null;
}

/** The same for a sentence, which names one of whom nothing is known by the id. */
export async function nameOfPerformer(
  store: Parameters<typeof knownName>[0],
  performerId: string,
  entity: StashRef,
): Promise<string | Message> {
  return (await knownName(store, performerId, entity)) ?? message('stash.performer', { id: performerId });
}

/** For errors about what an entity was to be given and Stash no longer has. */
export function namesFor(store: Parameters<typeof knownName>[0], entity: StashRef): NameOf {
  return async ({ kind, id }) => (kind === 'performer' ? await knownName(store, id, entity) : null);
}

/** Writes made under one acquisition of the write lock: another process waits for it as long as these take. */
export const WRITES_PER_LOCK = 20;
/** How long the lock is left free in between: longer than a waiting writer sleeps between two tries. */
export const LOCK_FREE_MS = 60;

/** The items in chunks, each to be written under the lock, with a pause for other writers in between. */
export async function* chunksPerLock<T>(
  { sleep }: Pick<Context, 'sleep'>,
  items: readonly T[],
): AsyncGenerator<readonly T[]> {
  for (let at = 0; at < items.length; at += WRITES_PER_LOCK) {
    if (at > 0) await sleep(LOCK_FREE_MS);
    yield items.slice(at, at + WRITES_PER_LOCK);
  }
}

/** The reason for refusing one item; rethrows errors that would affect every item. */
export function reasonOf(error: unknown): Message {
  if (!(error instanceof StashSenseError) || isRunWide(error)) throw error;
  return error.said;
}
