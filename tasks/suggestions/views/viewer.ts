import type { SuggestionViewOf } from '../../../core/contract/suggestions.ts';
import type { StashRef } from '../../../core/stash-ref.ts';
import type { SuggestionKind } from '../../../core/suggestions/kinds/index.ts';
import type { SuggestionOf, ViewOf } from '../../../core/suggestions/suggestion.ts';
import type { Context } from '../../runs/task.ts';

/** What `view` uses. */
export type ViewParts = Pick<Context, 'store' | 'vision'> & {
  /** Without what is kept of pictures, which is most of an answer. */
  readonly isBare: boolean;
};

/** How suggestions of one kind are prepared for the page. */
export type Viewer<Kind extends SuggestionKind> = {
  view(parts: ViewParts, suggestion: SuggestionOf<Kind>): Promise<SuggestionViewOf<Kind>>;
};

/** The suggestion with what its kind adds for the page. */
export function withView<Kind extends SuggestionKind>(
  suggestion: SuggestionOf<Kind>,
  view: ViewOf<Kind>,
): SuggestionViewOf<Kind> {
  return { ...suggestion, href: hrefOf(suggestion.entity), view };
}

/** Path of the entity's page in Stash. */
export function hrefOf({ kind, id }: StashRef): string {
  return `/${kind === 'gallery' ? 'galleries' : `${kind}s`}/${id}`;
}
