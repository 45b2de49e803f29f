/** What of the answers of analyzers the user has said no to. */
import { toldDismissals } from '../../core/health/told.ts';
import { isToldKind, type ToldKind } from '../../core/health/analyzers.ts';
import { suggestionKey, type Proposal, type ProposalOf } from '../../core/suggestions/suggestion.ts';
import type { Context } from '../runs/task.ts';

type Parts = Pick<Context, 'store'>;

/** Without what the user said no to: of one that tells of several things those that are left. */
export async function undismissed({ store }: Parts, proposals: readonly Proposal[]): Promise<Proposal[]> {
  const left: Proposal[] = [];
  for (const proposal of proposals) {
    if (isToldKind(proposal.kind))
      left.push(...(await withoutNoes({ store }, proposal as ProposalOf<ToldKind>)));
    else if (!(await store.dismissals.isDismissed({ key: suggestionKey(proposal) }))) left.push(proposal);
  }
  return left;
}

/** None where all was dismissed. */
async function withoutNoes({ store }: Parts, proposal: ProposalOf<ToldKind>): Promise<Proposal[]> {
  const { kind, entity, payload, evidence } = proposal;
  const isKept: boolean[] = [];
  for (const one of payload.found) {
    const noes = toldDismissals(kind, entity, { ...payload, found: [one] });
    const are = await Promise.all(noes.map((no) => store.dismissals.isDismissed(no)));
    isKept.push(!are.includes(true));
  }
  if (!isKept.includes(true)) return [];
  const kept = <T>(all: readonly T[]): T[] => all.filter((_, n) => isKept[n]);
  return [
    {
      ...proposal,
      payload: { ...payload, found: kept(payload.found) },
      evidence: { ...evidence, said: kept(evidence.said) },
    } as unknown as Proposal,
  ];
}
