/** Checks the stash IDs that performers have: whom the stash-box has merged or deleted since, and what was no id of it. */
import { shownName } from '../../core/people/shown-name.ts';
import type { StashIdValue } from '../../core/changes/change.ts';
import { idsOfBox } from '../../core/changes/values.ts';
import type { StashBoxClient } from '../../core/ports/stash-box.ts';
import { candidateImages } from '../../core/reference-packs/candidate-images.ts';
import { checkAnalyzer } from '../../core/stash-box/analyzers.ts';
import { boxIdIn } from '../../core/stash-box/box-id.ts';
import type { ComparedPerformer } from '../../core/stash-box/compare.ts';
import { repairDismissal } from '../../core/stash-box/dismissed-link.ts';
import type { ProposalOf } from '../../core/suggestions/suggestion.ts';
import type { Context } from '../runs/task.ts';
import { followMerges, type Merged } from '../suggestions/box/follow-merges.ts';
import { checkedRevision, CONFIDENCE, dueAmong } from './evidence/checked-ids.ts';
import type { Elsewhere } from './evidence/elsewhere.ts';
import type { BoxFaces } from './faces.ts';
import type { Holders } from './holders.ts';
import { toOffer, type Repair } from './evidence/offers.ts';
import { isUnanswered, repairOf } from './evidence/repair-of.ts';
import { openSharedIds, type SharedIds } from './shared-ids.ts';
import { type Found, storeFound } from './store-found.ts';

type Parts = Pick<Context, 'store' | 'library' | 'vision' | 'stashBoxes' | 'now'>;
export type CheckParts = {
  readonly client: StashBoxClient;
  readonly faces: BoxFaces;
  readonly holders: Holders;
  readonly elsewhere: Elsewhere;
};
export type Linked = ComparedPerformer & { readonly id: string };
/** Changes whenever ids are checked in another way: everybody is checked anew then. */
const VERSION = 3;

/** Those whose ids are new or were checked long ago. */
export async function dueForCheck(
  { store, now }: Pick<Context, 'store' | 'now'>,
  endpoint: string,
  performers: readonly Linked[],
): Promise<readonly Linked[]> {
  const revision = (one: Linked): string => checkedRevision(VERSION, one, endpoint);
  return await dueAmong(store.boxLookUps, now(), endpoint, performers, revision);
}

/** @returns how many of the ids are wrong, and whether the stash-box answered of all of them */
export async function checkIds(
  context: Parts,
  { client, faces, holders, elsewhere: others }: CheckParts,
  due: readonly Linked[],
): Promise<{ readonly wrong: number; readonly isWhole: boolean }> {
  const { store } = context;
  const { endpoint } = client;
  if (due.length === 0) return { wrong: 0, isWhole: true };
  const ids = due.flatMap(({ stashIds }) => idsOfBox(stashIds, endpoint));
  const wanted = [...new Set(ids.flatMap((id) => boxIdIn(id) ?? []))];
  const merged = await followMerges(client, wanted);
  // What the box has deleted is no id of another one.
  const elsewhere = await others.of(wanted.filter((id) => merged.of(id) === null && !merged.isKnown(id)));
  const shared = openSharedIds(context, { faces, holders, endpoint });
  const found: Found[] = [];
  for (const performer of due) {
    const repairs: Repair[] = [];
    const unanswered = new Set<string>();
    for (const stashId of idsOfBox(performer.stashIds, endpoint)) {
      if (isUnanswered(stashId, merged, elsewhere)) {
        unanswered.add(stashId);
        continue;
      }
      const repair =
        repairOf({ endpoint, stashId }, merged, elsewhere) ??
        (await sharedOf({ endpoint, stashId }, performer, merged, shared));
      if (repair === null) continue;
      const no = repairDismissal(repair.wrong, { ...performer, imagePath: null });
      if (!(await store.dismissals.isDismissed(no))) repairs.push(repair);
    }
    const made = await toOffer(repairs, performer.stashIds, {
      endpoint,
      unanswered,
      agreement: (theirs) => shared.agreement(performer, theirs),
    });
    found.push({
      id: performer.id,
      stashIds: performer.stashIds,
      revision: checkedRevision(VERSION, performer, endpoint),
      proposals: made.map((repair) => toProposal(performer, endpoint, repair)),
      isWhole: unanswered.size === 0,
      holds: ({ kind, payload }) => kind === 'stash-id-repair' && unanswered.has(payload.wrong.stashId),
    });
  }
  const stored = await storeFound(context, { endpoint, analyzer: checkAnalyzer(endpoint) }, found);
  return {
    wrong: stored.reduce((sum, { proposals }) => sum + proposals.length, 0),
    isWhole: stored.length === due.length && stored.every(({ isWhole }) => isWhole),
  };
}

/** Null: nobody else has it, or nothing else than a name tells them apart. */
async function sharedOf(
  wrong: StashIdValue,
  performer: Linked,
  merged: Merged,
  shared: SharedIds,
): Promise<Repair | null> {
  const theirs = merged.of(wrong.stashId) ?? null;
  if (theirs === null || !(await shared.isSomebodyElse(performer, theirs))) return null;
  return { wrong, right: null, reason: 'shared', theirs: null };
}

function toProposal(
  performer: Linked,
  endpoint: string,
  { wrong, right, reason, theirs, isSure = true }: Repair,
): ProposalOf<'stash-id-repair'> {
  const [image] = candidateImages(theirs?.images ?? [], 1);
  return {
    kind: 'stash-id-repair',
    entity: { kind: 'performer', id: performer.id },
    entityTitle: shownName(performer),
    target: null,
    targetName: '',
    severity: 'warning',
    confidence: CONFIDENCE[right === null ? 'takenOff' : isSure ? 'corrected' : 'oneOfSeveral'],
    payload: { wrong, right },
    evidence: {
      reason,
      name: theirs?.name ?? '',
      disambiguation: theirs?.disambiguation ?? '',
      imageId: image?.id ?? null,
    },
    analyzer: checkAnalyzer(endpoint),
    analyzerVersion: VERSION,
  };
}
