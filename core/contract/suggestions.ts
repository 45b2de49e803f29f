import { z } from 'zod';
import { KINDS, SUGGESTION_KINDS, type SuggestionKind } from '../suggestions/kinds/index.ts';
import {
  eachKind,
  suggestionSchema,
  SuggestionState,
  type SuggestionOf,
  type ViewOf,
} from '../suggestions/suggestion.ts';
import { Confidence, Id, EntityKind, EntityRefInput } from './values.ts';
import { Message } from '../messages/schema.ts';

/** `state`: the one the suggestion has; absent: the one it had. Stale: what it is about is no longer in Stash, for example. */
export const Refused = z.object({ id: z.string(), reason: Message, state: SuggestionState.optional() });

export const AcceptResult = z.object({
  accepted: z.array(z.object({ id: z.string(), journalId: z.string().nullable() })),
  refused: z.array(Refused),
  /** Nothing was written; `accepted` lists what would have been. */
  dryRun: z.boolean(),
  batchId: z.string(),
});

export type SuggestionViewOf<Kind extends SuggestionKind> = SuggestionOf<Kind> & {
  /** Server-relative page of the entity, `/scenes/12`. */
  href: string;
  view: ViewOf<Kind>;
};
export type SuggestionView = { [Kind in SuggestionKind]: SuggestionViewOf<Kind> }[SuggestionKind];

export const SuggestionView = z.discriminatedUnion(
  'kind',
  eachKind((kind) => suggestionSchema(kind).extend({ href: z.string(), view: KINDS[kind].view })),
) as unknown as z.ZodType<SuggestionView>;

export const SuggestionQuery = z.object({
  /** Of several the suggestions of the first come first, then those of the next. */
  state: z.union([SuggestionState, z.array(SuggestionState).min(1)]).default('open'),
  kind: z.enum(SUGGESTION_KINDS).optional(),
  entityKind: EntityKind.optional(),
  entity: EntityRefInput.optional(),
  performerId: Id.optional(),
  minConfidence: Confidence.optional(),
  text: z.string().max(200).optional(),
  /** Without those for which the user has to choose something: "accept all" leaves them out. */
  withoutChoice: z.boolean().optional(),
});

/** By the id of a suggestion: what the user chose of it. What can be chosen depends on the kind (`choices` of `KINDS`). */
export const AcceptChoices = z.record(z.string(), z.unknown());
