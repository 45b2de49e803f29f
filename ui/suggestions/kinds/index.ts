import type { SuggestionKind } from '../../../core/suggestions/kinds/index.ts';
import type { SuggestionView } from '../../../core/contract/suggestions.ts';
import { performerSeenRenderer } from './performer-seen.tsx';
import type { Renderer } from './renderer.ts';

const RENDERERS = {
  'performer-seen': performerSeenRenderer,
} satisfies { readonly [Kind in SuggestionKind]: Renderer<Kind> };

export function rendererOf({ kind }: Pick<SuggestionView, 'kind'>): Renderer<SuggestionKind> {
  return RENDERERS[kind];
}
