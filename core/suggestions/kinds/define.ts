import { z } from 'zod';
import type { ContentId } from '../../content-id.ts';
import type { Change } from '../../changes/change.ts';
import type { StashKind, StashRef } from '../../stash-ref.ts';

type About<
  Entity extends z.ZodType<StashRef>,
  Target extends z.ZodType<StashRef | null>,
  Payload extends z.ZodType,
> = {
  readonly entity: z.output<Entity>;
  readonly target: z.output<Target>;
  readonly payload: z.output<Payload>;
};

/** What suggestions of one kind consist of beside what all have. All of it stays the same over releases, or gets a new kind. */
type Definition<
  Kind extends string,
  Entity extends z.ZodType<StashRef>,
  Target extends z.ZodType<StashRef | null>,
  Payload extends z.ZodType,
  Evidence extends z.ZodType,
  Choices extends z.ZodType,
  View extends z.ZodType,
> = {
  readonly kind: Kind;
  /** What it is about, and what it proposes for that, such as a performer. */
  readonly entity: Entity;
  readonly target: Target;
  /** What accepting it works with. */
  readonly payload: Payload;
  /** What the user can check before accepting or rejecting. */
  readonly evidence: Evidence;
  /** What the user can choose of it when accepting; `{}` has to be valid: nothing was chosen. */
  readonly choices: Choices;
  /** What the page is shown beside the suggestion itself, such as pictures. */
  readonly view: View;
  /** What tells two findings of one entity apart; ids without an order are sorted. */
  keyParts(payload: z.output<Payload>, target: z.output<Target>): readonly string[];
  /**
  What has to be so in Stash for as long as it counts as accepted.
  @param written what was written for it: those that carry the finding, without what goes along with them, such as a tag; null:
  nothing, since Stash had it already
  */
  finding(about: About<Entity, Target, Payload>, written: readonly Change[] | null): readonly Change[];
  /** The files that the finding was made in: it is not accepted once the entity has others. Empty: it rests on no file. */
  contentIds(payload: z.output<Payload>): readonly ContentId[];
  /**
  Of a kind without a target: what the user has to choose from, or the one thing that needs a person to say yes. Neither
  auto-accept nor "accept all" accepts such a kind. It is found by the names and ids of all of them.
  */
  options?(payload: z.output<Payload>): readonly SuggestionOption<z.output<Choices>>[];
  /** It tells of something and writes nothing, so that a person is asked about each: neither auto-accept nor "accept all" accepts it. */
  readonly isTold?: true;
  /** Lowest confidence from which "accept all" accepts one, 0…1; below it a person has to look at each. Absent: it accepts all. */
  readonly acceptableFrom?: number;
};

/** One of several things that a suggestion could propose. */
export type SuggestionOption<Choices = unknown> = {
  /** Null: nothing of this Stash yet. */
  readonly target: StashRef | null;
  readonly name: string;
  /** Chooses it. */
  readonly choices: Choices;
};

/** Any kind. Methods are compared bivariantly, so that each kind is one of these. */
export type KindDefinition = Definition<
  string,
  z.ZodType<StashRef>,
  z.ZodType<StashRef | null>,
  z.ZodType,
  z.ZodType,
  z.ZodType,
  z.ZodType
>;

export function defineKind<
  const Kind extends string,
  Entity extends z.ZodType<StashRef>,
  Target extends z.ZodType<StashRef | null>,
  Payload extends z.ZodType,
  Evidence extends z.ZodType,
  Choices extends z.ZodType,
  View extends z.ZodType,
>(
  definition: Definition<Kind, Entity, Target, Payload, Evidence, Choices, View>,
): Definition<Kind, Entity, Target, Payload, Evidence, Choices, View> {
  return definition;
}

/** A reference to an object of one of these kinds. */
export function refTo<const Kind extends StashKind>(
  ...kinds: readonly [Kind, ...Kind[]]
): z.ZodType<{ kind: Kind; id: string }> {
  return z.object({ kind: z.literal(kinds), id: z.string() });
}
