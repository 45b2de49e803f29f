/** What is made in a Stash in memory, and deleted again: performers and tags. */
import type { FieldChange, FieldValues, StashIdValue } from '../../core/changes/change.ts';
import { isSameValue, listOf, scalarOf } from '../../core/changes/values.ts';
import type { CreatedKind, StashPerformer, Usage } from '../../core/ports/library.ts';
import type { MemoryStash } from './memory-stash.ts';
import { nameIn, nameOfTag } from './memory-tags.ts';

export function make(
  stash: MemoryStash,
  kind: CreatedKind,
  values: FieldValues,
  picture: Uint8Array | null,
): string {
  if (kind === 'studio') throw new Error('no studios are made here');
  const ids = kind === 'tag' ? stash.tags.values() : stash.performers.keys();
  const id = String(1 + Math.max(0, ...[...ids].map(Number)));
  if (kind === 'tag') {
    stash.tags.set(nameIn(values), id);
    return id;
  }
  const imagePath = picture === null ? null : `/performer/${id}/image?t=1`;
  if (imagePath !== null && picture !== null) stash.media.set(imagePath, picture);
  stash.performers.set(id, {
    id,
    name: nameIn(values),
    disambiguation: String(scalarOf(values, 'disambiguation') ?? ''),
    aliases: listOf(values, 'aliases').map(String),
    stashIds: stashIdsIn(listOf(values, 'stashIds')),
    imagePath,
  });
  stash.performerFields.set(id, values);
  return id;
}

export function destroy(stash: MemoryStash, { kind, id }: { kind: CreatedKind; id: string }): void {
  if (kind === 'performer') stash.performers.delete(id);
  else stash.tags.delete(nameOfTag(stash.tags, id) ?? '');
}

export function usageOf(
  { items, performers, tags }: MemoryStash,
  kind: CreatedKind,
  id: string,
): Usage | null {
  const performer = performers.get(id);
  if (kind === 'tag' ? nameOfTag(tags, id) === undefined : performer === undefined) return null;
  const isUsed = [...items.values()].some((item) =>
    (kind === 'tag' ? item.tagIds : item.performerIds).includes(id),
  );
  return { isUsed, hasExtras: false, picturePath: kind === 'tag' ? null : (performer?.imagePath ?? null) };
}

export function findNamed(
  { performers, tags }: MemoryStash,
  kind: CreatedKind,
  values: FieldValues,
): string | null {
  if (kind === 'tag') return tags.get(nameIn(values)) ?? null;
  const isOne = ({ name, disambiguation }: StashPerformer): boolean =>
    fold(name) === fold(nameIn(values)) &&
    fold(disambiguation) === fold(String(scalarOf(values, 'disambiguation') ?? ''));
  return [...performers.values()].find(isOne)?.id ?? null;
}

function fold(text: string): string {
  return text.trim().toLowerCase();
}

/** @returns whether the change was one of the stash IDs of a performer */
export function addStashIds({ performers }: MemoryStash, change: FieldChange): boolean {
  const performer = performers.get(change.entity.id);
  if (change.op === 'set' || change.field !== 'stashIds' || performer === undefined) return false;
  const given = stashIdsIn(change.values);
  const isGiven = (one: StashIdValue): boolean => given.some((other) => isSameValue(other, one));
  const left = performer.stashIds.filter((one) => !isGiven(one));
  performers.set(performer.id, { ...performer, stashIds: change.op === 'add' ? [...left, ...given] : left });
  return true;
}

function stashIdsIn(values: readonly unknown[]): StashIdValue[] {
  return values.filter((value): value is StashIdValue => typeof value === 'object');
}
