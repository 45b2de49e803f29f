import type { StashRef } from '../../../core/stash-ref.ts';
import { TOLD_KIND_NAMES, type ToldKind } from '../../../core/health/analyzers.ts';
import type { SuggestionOf, ViewOf } from '../../../core/suggestions/suggestion.ts';
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

const toldViewer: Viewer<ToldKind> = {
  view: async (parts, suggestion) => withView(suggestion, await viewOf(parts, suggestion)),
};

export const toldViewers = Object.fromEntries(
  TOLD_KIND_NAMES.map((kind) => [kind, toldViewer]),
) as unknown as { readonly [Kind in ToldKind]: Viewer<Kind> };
