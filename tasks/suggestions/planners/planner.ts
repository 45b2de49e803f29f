import type { FieldChange } from '../../../core/changes/change.ts';
import type { ChangePlan, CreatePlan, FaceOf } from '../../../core/changes/write.ts';
import type { Message } from '../../../core/messages/message.ts';
import type { Dismissal } from '../../../core/suggestions/dismissal.ts';
import type { SuggestionKind } from '../../../core/suggestions/kinds/index.ts';
import type { SeenCluster } from '../../../core/suggestions/kinds/seen.ts';
import type { ChoicesOf, SuggestionOf, SuggestionState } from '../../../core/suggestions/suggestion.ts';
import type { Context } from '../../runs/task.ts';

/** What `plan` uses. */
export type PlanParts = Pick<
  Context,
  'store' | 'library' | 'settings' | 'stashBoxes' | 'referencePacks' | 'vision'
>;
/** What `dismissals` uses. */
export type DismissalParts = Pick<Context, 'store' | 'library'>;

/** What `afterDismissed` uses. */
export type DismissedParts = Pick<Context, 'store' | 'library' | 'vision' | 'settings' | 'referencePacks'>;

/** Makes a performer, studio or tag, in the batch of what it is made for. @returns its id */
export type MakeOne = (one: Pick<CreatePlan, 'kind' | 'values' | 'picture' | 'summary'>) => Promise<string>;

/** What accepting a suggestion writes. */
export type AcceptPlan = Pick<
  ChangePlan,
  'entity' | 'identity' | 'changes' | 'summary' | 'face' | 'picture'
> & {
  /** Tags that are added too, by name: made where Stash has none. */
  readonly addTags: readonly string[];
  /** A performer who is made before, and added to the entity with the changes. */
  readonly makes?: Pick<CreatePlan, 'values' | 'picture' | 'summary'>;
  /** Makes what the changes need, and answers those that name it. */
  readonly make?: ((makeOne: MakeOne) => Promise<readonly FieldChange[]>) | undefined;
  /** What is written of another object too. */
  readonly along?: Pick<ChangePlan, 'entity' | 'identity' | 'changes' | 'summary'>;
  /** For the user: what was done otherwise than usual. */
  readonly note?: Message | null;
};

export type Accepting<Kind extends SuggestionKind> = {
  readonly suggestion: SuggestionOf<Kind>;
  readonly choices: ChoicesOf<Kind>;
  readonly by: 'person' | 'scan';
  /** What `prepare` answered. */
  readonly prepared?: unknown;
  /** The cluster that the user chose, null where it is not there any more; undefined: what the suggestion rests on. */
  readonly face?: SeenCluster | null | undefined;
};

/** What the Node side does with suggestions of one kind. With methods, so that each of them is a `Planner<SuggestionKind>`. */
export type Planner<Kind extends SuggestionKind> = {
  /** Fetches what the plan needs from elsewhere than Stash, before the write lock is taken. */
  prepare?(parts: PlanParts, accepting: Accepting<Kind>): Promise<unknown>;
  /**
  Reads from Stash what the suggestion is about, and writes nothing; a dry run ends with it. Null: it is as proposed already.
  @throws StashSenseError it cannot be accepted any more
  */
  plan(parts: PlanParts, accepting: Accepting<Kind>): Promise<AcceptPlan | null>;
  /** The face that a yes confirms where the plan is null; null: none. */
  faceThere?(suggestion: SuggestionOf<Kind>, choices: ChoicesOf<Kind>): FaceOf | null;
  /** Why one in this state cannot be accepted, a removed one not together with others; of an accepted one, why it cannot be rejected. */
  refusal(suggestion: SuggestionOf<Kind>, state: Exclude<SuggestionState, 'open'>): Message;
  /** What rejecting it holds for: all that it proposes, or only what was chosen of that. */
  dismissals(
    parts: DismissalParts,
    suggestion: SuggestionOf<Kind>,
    choices: ChoicesOf<Kind>,
  ): Promise<readonly Dismissal[]>;
  /** What a yes changes beside the suggestion itself, after the write and still under its lock. */
  onAccepted?(parts: Pick<Context, 'store'>, suggestion: SuggestionOf<Kind>): Promise<void>;
  /** What a "no", or its withdrawal, changes in the store beside the suggestion itself: in the transaction of that, and once more where the same is said again. */
  onDismissed?(parts: Pick<Context, 'store'>, suggestion: SuggestionOf<Kind>): Promise<void>;
  /** What follows from it that needs Stash: after the transaction, and once more where the same is said again. */
  afterDismissed?(parts: DismissedParts, suggestion: SuggestionOf<Kind>): Promise<void>;
};
