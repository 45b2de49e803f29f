/** Names the bytes of a file, whatever it is called and wherever it lies: `oshash:` for videos, `md5:` for pictures and zips. */
export type ContentId = `oshash:${string}` | `md5:${string}`;

/** What we look at in Stash. Ids are Stash's own, as text. */
export type EntityKind = 'scene' | 'image' | 'gallery';
export type EntityRef = { readonly kind: EntityKind; readonly id: string };

/** How maps of entities are keyed. */
export function entityKey({ kind, id }: EntityRef): string {
  return `${kind}:${id}`;
}

export function isContentId(text: string): text is ContentId {
  return /^(oshash:[0-9a-f]{16}|md5:[0-9a-f]{32})$/.test(text);
}
