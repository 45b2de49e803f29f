import type { StashRef } from '../../core/stash-ref.ts';
import type { EntityRef } from './library.ts';

/** Not `/plugin/…`: that is a route of the server, and reloading the page there is a 404. */
export const PAGE = '/plugins/stash-sense';

const FOLDERS = {
  scene: 'scenes',
  image: 'images',
  gallery: 'galleries',
  performer: 'performers',
  studio: 'studios',
  tag: 'tags',
  group: 'groups',
} as const;

export function pageOf({ kind, id }: StashRef): string {
  return `/${FOLDERS[kind]}/${id}`;
}

/** Where we show the faces of an entity: a scene on its own page, pictures on ours. What has no faces has its page. */
export function facesAddress(entity: StashRef): string {
  return entity.kind === 'image' || entity.kind === 'gallery'
    ? `${PAGE}?${entity.kind}=${entity.id}`
    : pageOf(entity);
}

/** Our History tab with one batch of the journal alone. */
export function historyOf(batchId: string): string {
  return `${PAGE}?tab=history&batch=${encodeURIComponent(batchId)}`;
}

/** Our Stash IDs tab with the performers of a list that was kept for it. */
export function performerListPage(name: string): string {
  return `${PAGE}?tab=stashIds&list=${name}`;
}

/** Of the pathname of Stash's page for that kind of thing. */
export function idInPath(kind: EntityRef['kind'], pathname: string): string | null {
  return new RegExp(`/${FOLDERS[kind]}/(\\d+)(?:/|$)`).exec(pathname)?.[1] ?? null;
}

/** What somebody typed or pasted: a number, or the address of an image or gallery in Stash. */
export function entityIn(text: string, kind: EntityRef['kind']): EntityRef | null {
  const path = /\/(scenes|images|galleries)\/(\d+)/.exec(text);
  if (path) {
    const named = (['scene', 'image', 'gallery'] as const).find((name) => FOLDERS[name] === path[1]);
    return { kind: named ?? kind, id: path[2] ?? '' };
  }
  return /^\d+$/.test(text.trim()) ? { kind, id: text.trim() } : null;
}

/**
The address of a picture for `src`: relative, because Stash may lie under a path of a proxy (`<base href>`).
Null for anything but a picture in the text itself or a path of this Stash.
*/
export function pictureAddress(url: string): string | null {
  if (/^data:image\/(jpeg|png|webp);base64,/.test(url)) return url;
  const path = url.replace(/^https?:\/\/[^/]*/, '').replace(/^\/+/, '');
  return path === '' || /^[a-z][a-z0-9+.-]*:/i.test(path) ? null : path;
}
