import type { StashRef } from './stash-ref.ts';

/** Identifies a file by its bytes, independent of name and folder: `oshash:` for videos, `md5:` for pictures and zips. */
export type ContentId = `oshash:${string}` | `md5:${string}`;

/** The kinds of Stash entities that are analysed. Ids are Stash's own, as text. */
export type EntityKind = 'scene' | 'image' | 'gallery';
export type EntityRef = { readonly kind: EntityKind; readonly id: string };

/** Whether it is something that is analysed. */
export function isEntityRef(ref: StashRef): ref is EntityRef {
  return ref.kind === 'scene' || ref.kind === 'image' || ref.kind === 'gallery';
}

/** `kind:id`, the key of an entity, or of another object of Stash, in maps and in the store. */
export function entityKey({ kind, id }: StashRef): string {
  return `${kind}:${id}`;
}

export function isContentId(text: string): text is ContentId {
  return /^(oshash:[0-9a-f]{16}|md5:[0-9a-f]{32})$/.test(text);
}
