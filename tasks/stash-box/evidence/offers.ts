/** What is offered of the stash IDs of one performer or scene that are wrong. */
import type { StashIdValue } from '../../../core/changes/change.ts';
import { isSameValue } from '../../../core/changes/values.ts';
import type { BoxPerformer } from '../../../core/ports/stash-box.ts';
import type { SuggestionOf } from '../../../core/suggestions/suggestion.ts';

type Reason = SuggestionOf<'stash-id-repair'>['evidence']['reason'];
export type Repair<One = BoxPerformer> = {
  readonly wrong: StashIdValue;
  readonly right: StashIdValue | null;
  readonly reason: Reason;
  readonly theirs: One | null;
  /** False: it is one of several. */
  readonly isSure?: boolean;
  /** True: the id may be right, so that it is kept until a person says otherwise. */
  readonly mayBeRight?: boolean;
};

/**
What is offered of these. Each stash-box gets one right id at most, and none where an id of it is kept: other wrong ones are only
taken off then. Where several were merged into different ones, one of which this is, a person has to say which.
*/
export async function toOffer<One>(
  repairs: readonly Repair<One>[],
  stashIds: readonly StashIdValue[],
  {
    endpoint: here,
    unanswered,
    agreement,
  }: {
    readonly endpoint: string;
    readonly unanswered: ReadonlySet<string>;
    /** What all but the id says of whether it is that one. */
    readonly agreement: (theirs: One) => Promise<'is' | 'is not' | 'unknown'>;
  },
): Promise<Repair<One>[]> {
  const kept = stashIds.filter(
    (one) => !repairs.some(({ wrong, mayBeRight }) => mayBeRight !== true && isSameValue(wrong, one)),
  );
  const isKept = (endpoint: string): boolean =>
    kept.some((one) => one.endpoint === endpoint && !(endpoint === here && unanswered.has(one.stashId)));
  const offered: Repair<One>[] = [];
  for (const repair of repairs) {
    const { right } = repair;
    if (right === null || isKept(right.endpoint)) offered.push({ ...repair, right: null });
    // Which of them stays is known once the stash-box has answered of all.
    else if (right.endpoint === here && unanswered.size > 0) continue;
    else if (offered.some((other) => other.right !== null && isSameValue(other.right, right)))
      offered.push({ ...repair, right: null });
    else offered.push(repair);
  }
  const made = offered.filter(({ right }) => right === null);
  for (const endpoint of new Set(offered.flatMap(({ right }) => right?.endpoint ?? [])))
    made.push(...(await ofSurvivors(offered, endpoint, agreement)));
  return made;
}

/** Those that give it an id of this stash-box: one, or the one that more than a name says, or several that are not sure. */
async function ofSurvivors<One>(
  offered: readonly Repair<One>[],
  endpoint: string,
  agreement: (theirs: One) => Promise<'is' | 'is not' | 'unknown'>,
): Promise<Repair<One>[]> {
  const given = offered.filter(({ right }) => right?.endpoint === endpoint);
  if (given.length < 2) return given;
  const agreed = await Promise.all(
    given.map(async ({ theirs }) => (theirs === null ? 'unknown' : await agreement(theirs))),
  );
  const [only] = given.filter((_, n) => agreed[n] === 'is');
  const isClear = only !== undefined && agreed.filter((one) => one === 'is not').length === given.length - 1;
  return given.map((repair) =>
    isClear ? (repair === only ? repair : { ...repair, right: null }) : { ...repair, isSure: false },
  );
}
