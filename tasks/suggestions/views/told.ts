import type { StashRef } from '../../../core/stash-ref.ts';
import { TOLD_KIND_NAMES, type ToldKind } from '../../../core/health/analyzers.ts';
import { bestPictureOf } from '../../../core/people/best-picture.ts';
import type { SuggestionOf, ViewOf } from '../../../core/suggestions/suggestion.ts';
import { toDataUrl } from '../../observe/fetch-media.ts';
import { cropOf } from './seen.ts';
import { withView, type Viewer, type ViewParts } from './viewer.ts';

/** What Stash shows of it, which the browser asks Stash for, and the faces it is about. */
async function viewOf(
  parts: ViewParts,
  { entity, evidence }: SuggestionOf<ToldKind>,
): Promise<ViewOf<ToldKind>> {
  const faces = await Promise.all(evidence.faces.map((face) => cropOf(parts, [face])));
  return { picture: pictureOf(entity), faces: faces.filter((one) => one !== null) };
}

function pictureOf({ kind, id }: StashRef): string | null {
  if (kind === 'scene') return `/scene/${id}/screenshot`;
  return kind === 'performer' || kind === 'studio' || kind === 'tag' ? `/${kind}/${id}/image` : null;
}

/** Of each of the two the best picture by which they are known. */
const lookAlikeViewer: Viewer<'performers-look-alike'> = {
  async view({ store, vision, isBare }, suggestion) {
    const { entity, evidence } = suggestion;
    const ids = isBare ? [] : [entity.id, ...evidence.others.map(({ ref }) => ref.id)];
    const references = await Promise.all(ids.map((id) => store.people.references(id, vision.packId)));
    const faces = references.flatMap((some) => {
      const crop = bestPictureOf(some)?.crop;
      return crop ? [{ url: toDataUrl(crop.jpeg), timeMs: null }] : [];
    });
    return withView(suggestion, { picture: null, faces });
  },
};

const toldViewer: Viewer<ToldKind> = {
  view: async (parts, suggestion) => withView(suggestion, await viewOf(parts, suggestion)),
};

export const toldViewers = Object.fromEntries(
  TOLD_KIND_NAMES.map((kind) => [kind, kind === 'performers-look-alike' ? lookAlikeViewer : toldViewer]),
) as unknown as { readonly [Kind in ToldKind]: Viewer<Kind> };
