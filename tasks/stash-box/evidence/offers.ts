/** What is offered of the stash IDs of one performer that are wrong. */
import type { StashIdValue } from '../../../core/changes/change.ts';
import { isSameValue } from '../../../core/changes/values.ts';
import type { BoxPerformer } from '../../../core/ports/stash-box.ts';
import type { ComparedPerformer } from '../../../core/stash-box/compare.ts';
import type { SuggestionOf } from '../../../core/suggestions/suggestion.ts';
import type { SharedIds } from '../shared-ids.ts';

type Linked = ComparedPerformer & { readonly id: string };
type Reason = SuggestionOf<'stash-id-repair'>['evidence']['reason'];
export type Repair = {
  readonly wrong: StashIdValue;
  readonly right: StashIdValue | null;
  readonly reason: Reason;
  readonly theirs: BoxPerformer | null;
  /** False: the performer is one of several. */
  readonly isSure?: boolean;
};

/**
What is offered of these. Each stash-box gets one right id at most, and none where the performer keeps an id of it: other wrong
ones are only taken off then. Where several were merged into different performers, one of whom this is, a person has to say which.
*/
export async function toOffer(
  repairs: readonly Repair[],
  performer: Linked,
  {
    endpoint: here,
    unanswered,
    shared,
  }: { readonly endpoint: string; readonly unanswered: ReadonlySet<string>; readonly shared: SharedIds },
): Promise<Repair[]> {
  const kept = performer.stashIds.filter(
    ({ endpoint, stashId }) =>
      !repairs.some(({ wrong }) => wrong.endpoint === endpoint && wrong.stashId === stashId),
  );
  const isKept = (endpoint: string): boolean =>
    kept.some((one) => one.endpoint === endpoint && !(endpoint === here && unanswered.has(one.stashId)));
  const offered: Repair[] = [];
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
    made.push(...(await ofSurvivors(offered, endpoint, performer, shared)));
  return made;
}

/** Those that give the performer an id of this stash-box: one, or the one that more than a name says, or several that are not sure. */
async function ofSurvivors(
  offered: readonly Repair[],
  endpoint: string,
  performer: Linked,
  shared: SharedIds,
): Promise<Repair[]> {
  const given = offered.filter(({ right }) => right?.endpoint === endpoint);
  if (given.length < 2) return given;
  const agreed = await Promise.all(
    given.map(async ({ theirs }) =>
      theirs === null ? 'unknown' : await shared.agreement(performer, theirs),
    ),
  );
  const [only] = given.filter((_, n) => agreed[n] === 'is');
  const isClear = only !== undefined && agreed.filter((one) => one === 'is not').length === given.length - 1;
  return given.map((repair) =>
    isClear ? (repair === only ? repair : { ...repair, right: null }) : { ...repair, isSure: false },
  );
}
