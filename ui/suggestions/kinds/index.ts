import type { SuggestionOption } from '../../../core/suggestions/kinds/define.ts';
import type { SuggestionKind } from '../../../core/suggestions/kinds/index.ts';
import type { SuggestionView } from '../../../core/contract/suggestions.ts';
import { say } from '../../stash/intl.tsx';
import { packPersonSeenRenderer } from './pack-person-seen.tsx';
import { performerAmbiguousRenderer } from './performer-ambiguous.tsx';
import { performerPictureRenderer } from './performer-picture.tsx';
import { performerSeenRenderer } from './performer-seen.tsx';
import { sceneIdRepairRenderer } from './scene-id-repair.tsx';
import { sceneStashIdRenderer } from './scene-stash-id.tsx';
import { performerStashIdRenderer, stashIdRepairRenderer } from './stash-id.tsx';
import { toldRenderers } from './told.tsx';
import type { Renderer } from './renderer.ts';

const RENDERERS = {
  'performer-seen': performerSeenRenderer,
  'performer-ambiguous': performerAmbiguousRenderer,
  'pack-person-seen': packPersonSeenRenderer,
  'performer-stash-id': performerStashIdRenderer,
  'stash-id-repair': stashIdRepairRenderer,
  'scene-stash-id': sceneStashIdRenderer,
  'scene-id-repair': sceneIdRepairRenderer,
  'performer-picture': performerPictureRenderer,
  ...toldRenderers,
} satisfies { readonly [Kind in SuggestionKind]: Renderer<Kind> };

export function isKind(text: string | null): text is SuggestionKind {
  return text !== null && Object.hasOwn(RENDERERS, text);
}

export function rendererOf({ kind }: Pick<SuggestionView, 'kind'>): Renderer<SuggestionKind> {
  return RENDERERS[kind];
}

/** What accepting these does; `accept`: not with all of them the same. */
export function actOf(
  suggestions: readonly Pick<SuggestionView, 'kind'>[],
): Renderer<SuggestionKind>['act'] | 'accept' {
  const [act = 'accept', ...others] = new Set(suggestions.map((one) => rendererOf(one).act));
  return others.length === 0 ? act : 'accept';
}

/** What the user has to choose from; empty where one thing is proposed. */
export function optionsOf(suggestion: SuggestionView): readonly SuggestionOption[] {
  return rendererOf(suggestion).options(suggestion);
}

/** Said where it was to be accepted without a choice. */
export function howToChoose(suggestion: SuggestionView): string {
  return optionsOf(suggestion).length === 1
    ? say('suggestions.chooseCover', { name: nameOf(suggestion) })
    : say('suggestions.chooseFirst', { keys: '1, 2, …' });
}

/** What a suggestion proposes, as a sentence names it. */
export function nameOf(suggestion: SuggestionView): string {
  return rendererOf(suggestion).words(suggestion).name;
}
