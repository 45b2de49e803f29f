/** Stores what analyzers answered. */
import { entityKey } from '../../core/content-id.ts';
import { toldDismissals } from '../../core/health/told.ts';
import type { StashRef } from '../../core/stash-ref.ts';
import { isToldKind, type ToldKind } from '../../core/health/analyzers.ts';
import { suggestionKey, type Proposal, type ProposalOf } from '../../core/suggestions/suggestion.ts';
import type { Context } from '../runs/task.ts';
import type { Analyzer } from './analyzer.ts';

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

/**
Makes these the suggestions of the analyzer about these entities, in the transaction in which it is called. Entities without one
that have none either are passed over.
*/
export async function settle(
  { store }: Parts,
  { id }: Pick<Analyzer, 'id'>,
  entities: readonly StashRef[],
  proposals: readonly Proposal[],
): Promise<void> {
  const of = new Map<string, Proposal[]>();
  for (const proposal of proposals) {
    const key = entityKey(proposal.entity);
    of.set(key, [...(of.get(key) ?? []), proposal]);
  }
  const known = await store.suggestions.revisions(entities);
  for (const entity of entities) {
    const key = entityKey(entity);
    const own = of.get(key) ?? [];
    if (own.length > 0 || known.has(key)) await store.suggestions.replace(entity, id, own);
  }
}
