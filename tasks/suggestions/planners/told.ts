import { toldDismissals } from '../../../core/health/told.ts';
import { message } from '../../../core/messages/message.ts';
import { TOLD_KIND_NAMES, type ToldKind } from '../../../core/health/analyzers.ts';
import type { SuggestionOf } from '../../../core/suggestions/suggestion.ts';
import type { Planner } from './planner.ts';

/** Nothing is written: accepting one says that it is done. */
export const toldPlanner: Planner<ToldKind> = {
  plan: () => Promise.resolve(null),
  refusal: ({ entityTitle: name }, state) => message('told.refused', { state, name }),
  dismissals: (_parts, { kind, entity, payload }: SuggestionOf<ToldKind>) =>
    Promise.resolve(toldDismissals(kind, entity, payload)),
};

export const toldPlanners = Object.fromEntries(
  TOLD_KIND_NAMES.map((kind) => [kind, toldPlanner]),
) as unknown as { readonly [Kind in ToldKind]: Planner<Kind> };
