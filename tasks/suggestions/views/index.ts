import type { SuggestionView } from '../../../core/contract/suggestions.ts';
import type { SuggestionKind } from '../../../core/suggestions/kinds/index.ts';
import type { Suggestion } from '../../../core/suggestions/suggestion.ts';
import { packPersonSeenViewer } from './pack-person-seen.ts';
import { performerAmbiguousViewer } from './performer-ambiguous.ts';
import { performerPictureViewer } from './performer-picture.ts';
import { performerSeenViewer } from './performer-seen.ts';
import { sceneIdRepairViewer } from './scene-id-repair.ts';
import { sceneStashIdViewer } from './scene-stash-id.ts';
import { stashIdViewer } from './performer-stash-id.ts';
import { toldViewers } from './told.ts';
import type { Viewer, ViewParts } from './viewer.ts';

const VIEWERS = {
  'performer-seen': performerSeenViewer,
  'performer-ambiguous': performerAmbiguousViewer,
  'pack-person-seen': packPersonSeenViewer,
  'performer-stash-id': stashIdViewer(),
  'stash-id-repair': stashIdViewer(),
  'scene-stash-id': sceneStashIdViewer,
  'scene-id-repair': sceneIdRepairViewer,
  'performer-picture': performerPictureViewer,
  ...toldViewers,
} satisfies { readonly [Kind in SuggestionKind]: Viewer<Kind> };

/** Methods are compared bivariantly, so that the viewer of each kind is one of these. */
type AnyViewer = { view(parts: ViewParts, suggestion: Suggestion): Promise<SuggestionView> };

/** @param options.isBare the pictures that are kept of it are asked for later */
export async function viewSuggestion(
  { store, vision }: Omit<ViewParts, 'isBare'>,
  suggestion: Suggestion,
  { isBare } = { isBare: false },
): Promise<SuggestionView> {
  const viewer: AnyViewer = VIEWERS[suggestion.kind];
  const view = await viewer.view({ store, vision, isBare }, suggestion);
  return isBare ? { ...view, isBare } : view;
}
