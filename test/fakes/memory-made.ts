/** What is made in a Stash in memory, and deleted again: performers and tags. */
import type { FieldChange, FieldValues, StashIdValue } from '../../core/changes/change.ts';
import { isOfPicture } from '../../core/changes/picture.ts';
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

/** @returns whether that is what changes */
export function setPicture(stash: MemoryStash, change: FieldChange, picture: Uint8Array | null): boolean {
  const performer = stash.performers.get(change.entity.id);
  if (performer === undefined || !isOfPicture(change)) return false;
  const imagePath = picture === null ? null : `/performer/${performer.id}/image?t=2`;
  if (imagePath !== null && picture !== null) stash.media.set(imagePath, picture);
  stash.performers.set(performer.id, { ...performer, imagePath });
  return true;
}

export function destroy(stash: MemoryStash, { kind, id }: { kind: CreatedKind; id: string }): void {
  if (kind === 'performer') stash.performers.delete(id);
  else stash.tags.delete(nameOfTag(stash.tags, id) ?? '');
}

export function usageOf(
  { items, performers, studios, tags }: MemoryStash,
  kind: CreatedKind,
  id: string,
): Usage | null {
  if (kind === 'studio') {
    const isUsed = [...items.values()].some(({ studioId }) => studioId === id);
    return studios.has(id) ? { isUsed, hasCustomFields: false, hasExtras: false, picturePath: null } : null;
  }
  const performer = performers.get(id);
  if (kind === 'tag' ? nameOfTag(tags, id) === undefined : performer === undefined) return null;
  const isUsed = [...items.values()].some((item) =>
    (kind === 'tag' ? item.tagIds : item.performerIds).includes(id),
  );
  return {
    isUsed,
    hasCustomFields: false,
    hasExtras: false,
    picturePath: kind === 'tag' ? null : (performer?.imagePath ?? null),
  };
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

/** @returns whether the change was one of the stash IDs of a performer or a scene */
export function addStashIds({ performers, sceneStashIds }: MemoryStash, change: FieldChange): boolean {
  if (change.op === 'set' || change.field !== 'stashIds') return false;
  const { op, entity } = change;
  const given = stashIdsIn(change.values);
  const changed = (known: readonly StashIdValue[]): StashIdValue[] => {
    const left = known.filter((one) => !given.some((other) => isSameValue(other, one)));
    return op === 'add' ? [...left, ...given] : left;
  };
  if (entity.kind === 'scene') sceneStashIds.set(entity.id, changed(sceneStashIds.get(entity.id) ?? []));
  const performer = entity.kind === 'performer' ? performers.get(entity.id) : undefined;
  if (performer) performers.set(performer.id, { ...performer, stashIds: changed(performer.stashIds) });
  return entity.kind === 'scene' || performer !== undefined;
}

function stashIdsIn(values: readonly unknown[]): StashIdValue[] {
  return values.filter((value): value is StashIdValue => typeof value === 'object');
}
