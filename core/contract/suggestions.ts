import { z } from 'zod';
import { KINDS, SUGGESTION_KINDS, type SuggestionKind } from '../suggestions/kinds/index.ts';
import { SUGGESTION_ORDERS } from '../suggestions/orders.ts';
import {
  eachKind,
  Severity,
  suggestionSchema,
  SuggestionState,
  type SuggestionOf,
  type ViewOf,
} from '../suggestions/suggestion.ts';
import { Confidence, Id, EntityKind, EntityRefInput } from './values.ts';
import { Message } from '../messages/schema.ts';

/** Performers of the user's Stash who have the name that one was to be made with. */
export const NameTakenView = z.object({
  /** Who was to be made. */
  personId: z.string(),
  name: z.string(),
  /** With which the new one could be told apart; empty: nothing is known. */
  disambiguation: z.string(),
  performers: z.array(z.object({ performerId: Id, name: z.string() })),
});
export type NameTakenView = z.infer<typeof NameTakenView>;

/**
`state`: the one the suggestion has; absent: the one it had. Stale: what it is about is no longer in Stash, for example.
`nameTaken`: it is accepted once the user has said whether it is one of these.
*/
export const Refused = z.object({
  id: z.string(),
  reason: Message,
  state: SuggestionState.optional(),
  nameTaken: NameTakenView.optional(),
});

export const AcceptResult = z.object({
  /** `note`: what was done otherwise than usual. */
  accepted: z.array(z.object({ id: z.string(), journalId: z.string().nullable(), note: Message.optional() })),
  refused: z.array(Refused),
  /** Nothing was written; `accepted` lists what would have been. */
  dryRun: z.boolean(),
  batchId: z.string(),
});

export type SuggestionViewOf<Kind extends SuggestionKind> = SuggestionOf<Kind> & {
  /** Server-relative page of the entity, `/scenes/12`. */
  href: string;
  /** Without the pictures that are kept of it, for which `suggestions.views` is asked. */
  isBare?: true | undefined;
  view: ViewOf<Kind>;
};
export type SuggestionView = { [Kind in SuggestionKind]: SuggestionViewOf<Kind> }[SuggestionKind];

export const SuggestionView = z.discriminatedUnion(
  'kind',
  eachKind((kind) =>
    suggestionSchema(kind).extend({
      href: z.string(),
      isBare: z.literal(true).optional(),
      view: KINDS[kind].view,
    }),
  ),
) as unknown as z.ZodType<SuggestionView>;

/** Name of a list of performers that was sent to the page. */
export const ListName = z.string().regex(/^[0-9a-f]{16}$/);

export const SuggestionQuery = z.object({
  /** Of several the suggestions of the first come first, then those of the next. */
  state: z.union([SuggestionState, z.array(SuggestionState).min(1)]).default('open'),
  kind: z.enum(SUGGESTION_KINDS).optional(),
  entityKind: z.enum([...EntityKind.options, 'performer', 'studio', 'tag']).optional(),
  entity: z.union([EntityRefInput, z.object({ kind: z.literal('performer'), id: Id })]).optional(),
  performerId: Id.optional(),
  /** Of stash IDs those of this stash-box. */
  endpoint: z.string().min(1).max(2000).optional(),
  /** About the performers of a list that was sent to the page (`stashIds.list`). */
  performerList: ListName.optional(),
  minConfidence: Confidence.optional(),
  severity: Severity.optional(),
  /** Made at this time or later, Unix milliseconds. */
  createdAfter: z.number().optional(),
  /** About scenes of this studio. */
  studioId: Id.optional(),
  text: z.string().max(200).optional(),
  /** Without those for which the user has to choose something: "accept all" leaves them out. */
  withoutChoice: z.boolean().optional(),
});

/** Where a suggestion stood in the list that was shown. */
const Position = z.object({
  state: SuggestionState,
  confidence: z.number(),
  id: z.string().max(30),
});

export const SuggestionPage = SuggestionQuery.extend({
  order: z.enum(SUGGESTION_ORDERS).default('confidence'),
  limit: z.int().min(1).max(100).default(40),
  /** How many are in front of the page. With `place` rows are found by it only where that suggestion is gone, and it need not be right; 0 is the beginning of the list. */
  offset: z.int().min(0).default(0),
  /** The page behind the last suggestion of another one, or in front of its first: as fast anywhere in the list. */
  place: z.union([z.object({ after: Position }), z.object({ before: Position })]).optional(),
  /** Of so many of the first the pictures that are kept of them are sent; absent: of all. */
  pictures: z.int().min(0).max(100).optional(),
});

/** By the id of a suggestion: what the user chose of it. What can be chosen depends on the kind (`choices` of `KINDS`). */
export const AcceptChoices = z.record(z.string(), z.unknown());

/** What only asks. */
export const suggestionLists = {
  'suggestions.list': {
    input: () => SuggestionPage,
    /** `removed`: of `total` those that were taken off since, where they were asked for. */
    output: () =>
      z.object({
        total: z.int(),
        removed: z.int().optional(),
        /** Of those without a choice, where only they were asked for; `oneByOne`: how many like them were left out for that. */
        byKind: z
          .array(z.object({ kind: z.enum(SUGGESTION_KINDS), total: z.int(), oneByOne: z.int() }))
          .optional(),
        /** How many there are of each kind in the states that were asked for, whatever else was. */
        kinds: z.array(z.object({ kind: z.enum(SUGGESTION_KINDS), total: z.int() })).optional(),
        items: z.array(SuggestionView),
      }),
  },
  /** Of these, as far as they are there, with their pictures. */
  'suggestions.views': {
    input: () => z.object({ ids: z.array(z.string()).min(1).max(100) }),
    output: () => z.object({ items: z.array(SuggestionView) }),
  },
} as const;
