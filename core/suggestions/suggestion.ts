import { z } from 'zod';
import type { StashRef } from '../stash-ref.ts';
import type { SuggestionOption } from './kinds/define.ts';
import { KINDS, kindOf, SUGGESTION_KINDS, type SuggestionKind } from './kinds/index.ts';

/**
`stale`: the last match no longer supports it, or Stash no longer has what it is about. It is stored, so that a later match can
reopen it. `removed`: it was accepted, and what was written for it has been taken off in Stash since; a person decides once more.
*/
export const SuggestionState = z.enum(['open', 'accepted', 'rejected', 'stale', 'removed']);
export type SuggestionState = z.infer<typeof SuggestionState>;

/** From which a choice of the user makes it accepted: also a rejected one, for what was rejected can be chosen by hand. */
export const NOT_ACCEPTED: readonly SuggestionState[] = ['open', 'stale', 'rejected', 'removed'];

/** Analyzer of what a person chose without a suggestion: it is never open, and no match makes it stale. */
export const BY_HAND = 'person';

export const Severity = z.enum(['info', 'warning', 'error']);
export type Severity = z.infer<typeof Severity>;

/** What suggestions of all kinds have. */
const Common = z.object({
  id: z.string(),
  /** Stable key of the finding: kind, entity, and what the kind tells its findings apart by. */
  key: z.string(),
  entityTitle: z.string(),
  /** Empty without a target. */
  targetName: z.string(),
  severity: Severity,
  /** 0…1, calibrated. */
  confidence: z.number(),
  state: SuggestionState,
  analyzer: z.string(),
  /** A higher one finds more, or otherwise: it looks again at what a lower one has gone through. */
  analyzerVersion: z.int(),
  /** Unix milliseconds. */
  createdAt: z.number(),
  updatedAt: z.number(),
});

type Part<Kind extends SuggestionKind, Name extends 'entity' | 'target' | 'payload' | 'evidence'> = z.output<
  (typeof KINDS)[Kind][Name]
>;

export type SuggestionOf<Kind extends SuggestionKind> = z.output<typeof Common> & {
  kind: Kind;
  entity: Part<Kind, 'entity'>;
  target: Part<Kind, 'target'>;
  payload: Part<Kind, 'payload'>;
  evidence: Part<Kind, 'evidence'>;
};
export type Suggestion = { [Kind in SuggestionKind]: SuggestionOf<Kind> }[SuggestionKind];

export type ChoicesOf<Kind extends SuggestionKind> = z.output<(typeof KINDS)[Kind]['choices']>;
export type ViewOf<Kind extends SuggestionKind> = z.output<(typeof KINDS)[Kind]['view']>;

export const Suggestion = z.discriminatedUnion(
  'kind',
  eachKind(suggestionSchema),
) as unknown as z.ZodType<Suggestion>;

export function suggestionSchema(kind: SuggestionKind) {
  const { entity, target, payload, evidence } = KINDS[kind];
  return Common.extend({ kind: z.literal(kind), entity, target, payload, evidence });
}

/** One of each kind, for a union; there is at least one kind. */
export function eachKind<Made>(make: (kind: SuggestionKind) => Made): [Made, ...Made[]] {
  return SUGGESTION_KINDS.map(make) as [Made, ...Made[]];
}

/** A suggestion before the store has given it an id, a state and times. */
export type ProposalOf<Kind extends SuggestionKind> = Omit<
  SuggestionOf<Kind>,
  'id' | 'key' | 'state' | 'createdAt' | 'updatedAt'
>;
export type Proposal = { [Kind in SuggestionKind]: ProposalOf<Kind> }[SuggestionKind];

export function suggestionKey(proposal: Pick<Proposal, 'kind' | 'entity' | 'target' | 'payload'>): string {
  const { kind, entity, target, payload } = proposal;
  return [kind, entity.kind, entity.id, ...kindOf(kind).keyParts(payload, target)].join(':');
}

/** What a suggestion lets the user choose from; empty where it proposes one thing. */
export function optionsOf({
  kind,
  payload,
}: Pick<Proposal, 'kind' | 'payload'>): readonly SuggestionOption[] {
  return kindOf(kind).options?.(payload) ?? [];
}

/** What a suggestion proposes, or all that it lets the user choose from, by name. */
export function namedIn(suggestion: Pick<Proposal, 'kind' | 'payload' | 'target' | 'targetName'>): readonly {
  /** Null: nothing of this Stash yet. */
  readonly target: StashRef | null;
  readonly name: string;
}[] {
  const { target, targetName } = suggestion;
  return target === null ? optionsOf(suggestion) : [{ target, name: targetName }];
}

/** The option that was chosen; null: none, or there is none to choose. */
export function optionOf(
  suggestion: Pick<Proposal, 'kind' | 'payload'>,
  choices: unknown,
): SuggestionOption | null {
  const chosen = JSON.stringify(choices);
  return optionsOf(suggestion).find((option) => JSON.stringify(option.choices) === chosen) ?? null;
}
