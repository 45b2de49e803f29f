import { bestPictureOf } from '../../../core/people/best-picture.ts';
import type { ViewOf } from '../../../core/suggestions/suggestion.ts';
import type { StashRef } from '../../../core/stash-ref.ts';
import { toDataUrl } from '../../observe/fetch-media.ts';
import { withView, type Viewer, type ViewParts } from './viewer.ts';

/** The best picture of the performer's face. That of the stash-box is asked for apart, since it has to be fetched. */
export function stashIdViewer<Kind extends 'performer-stash-id' | 'stash-id-repair'>(): Viewer<Kind> {
  return {
    view: async (parts, suggestion) =>
      withView<Kind>(suggestion, { picture: await pictureOf(parts, suggestion.entity) } as ViewOf<Kind>),
  };
}

async function pictureOf(
  { store, vision, isBare }: ViewParts,
  { id }: StashRef,
): Promise<ViewOf<'performer-stash-id'>['picture']> {
  if (isBare) return null;
  const best = bestPictureOf(await store.people.references(id, vision.packId));
  return best?.crop ? { url: toDataUrl(best.crop.jpeg) } : null;
}
