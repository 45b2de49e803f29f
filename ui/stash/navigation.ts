import type { StashRef } from '../../core/stash-ref.ts';
import { stash } from './api.ts';
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
export function idInPath(kind: EntityRef['kind'] | 'performer', pathname: string): string | null {
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

/** What our part of the page of each kind of thing stands in; none: no version has a place there. */
const PLACES = {
  scene: ['ScenePage.Tabs', 'ScenePage.TabContent'],
  image: ['ImageDetailPanel'],
  gallery: [],
  performer: ['PerformerDetailsPanel'],
} as const;
const KINDS = ['scene', 'image', 'gallery', 'performer'] as const satisfies readonly (keyof typeof PLACES)[];

/** Where something of ours was drawn since Stash was opened. */
const drawn = new Set<string>();

export function noteDrawn(component: string): void {
  drawn.add(component);
}

/** Stash loads a page with the components of its places when it is opened first. */
function isThere(component: string): boolean {
  return drawn.has(component) || component in stash().components;
}

/** Whether a tab would open nothing: Stash tells of its tabs, and not of what stands below them. */
export function hasTabsOnly(): boolean {
  const [tabs, content] = PLACES.scene;
  return tabs in stash().components && !isThere(content);
}

/** Our page; with what is shown now, where we have no place beside it. */
export function ownAddress(pathname: string): string {
  for (const kind of KINDS) {
    const id = idInPath(kind, pathname);
    if (id === null) continue;
    const isBeside = PLACES[kind].length > 0 && PLACES[kind].every(isThere);
    if (isBeside) return PAGE;
    return `${PAGE}?${kind === 'performer' ? 'tab=pictures&' : ''}${kind}=${id}`;
  }
  return PAGE;
}
