/** Asks one stash-box about performers: what is asked, and what is made of the answers. */
import { shownName } from '../../core/people/shown-name.ts';
import type { StashBoxClient } from '../../core/ports/stash-box.ts';
import { keyOfStashId } from '../../core/reference-packs/reference-pack.ts';
import { linkAnalyzer } from '../../core/stash-box/analyzers.ts';
import { stashIdDismissal } from '../../core/stash-box/dismissed-link.ts';
import type { ProposalOf } from '../../core/suggestions/suggestion.ts';
import { readLeftOut } from '../reference-packs/build/library-ids.ts';
import type { LookParts } from '../reference-packs/build/look.ts';
import type { Context } from '../runs/task.ts';
import { findCandidates, type Candidates, type FindParts, type LinkCandidate } from './candidates.ts';
import type { CheckParts } from './check-ids.ts';
import { createCasts } from './evidence/casts.ts';
import { createElsewhere } from './evidence/elsewhere.ts';
import { openBoxFaces } from './faces.ts';
import { createHolders, isOfAnother } from './holders.ts';
import { toUnlinked, type ReadPerformer, type Unlinked } from './performers.ts';
import type { Found } from './store-found.ts';

export type LinkParts = LookParts &
  Pick<
    Context,
    'store' | 'library' | 'exclusions' | 'referencePacks' | 'stashBoxes' | 'vision' | 'now' | 'log'
  >;

/** What is read once for all performers who are asked about. */
export type LookUp = FindParts & CheckParts;

/** Of each performer, so that those of a few are asked about in one request. */
const MAX_SCENES = 5;
/** Of each performer, in which studios are looked for. */
const STUDIO_SCENES = 40;
const ANALYZER_VERSION = 2;
const NOBODY: Candidates = { candidates: [], isWhole: false };

export async function openLookUp(context: LinkParts, client: StashBoxClient): Promise<LookUp> {
  const { endpoint } = client;
  const holders = createHolders(context.store.people);
  return {
    client,
    holders,
    casts: createCasts(client, holders),
    pictures: { isDown: false },
    elsewhere: createElsewhere(context, endpoint, (box, ids) => box.performers(ids)),
    faces: await openBoxFaces(context, endpoint),
    leftOut: await readLeftOut(context, endpoint),
  };
}

/** With the faces they are known by and the scenes that are linked to the stash-box. @param packs revision of the reference packs */
export async function toUnlinkedAll(
  context: Pick<Context, 'store' | 'library' | 'vision'>,
  endpoint: string,
  packs: string,
  performers: readonly ReadPerformer[],
): Promise<Unlinked[]> {
  const ids = performers.map(({ id }) => id);
  const scenes = await context.library.linkedScenes(ids, endpoint, MAX_SCENES);
  const studios = await context.library.studioIds(ids, endpoint, STUDIO_SCENES);
  const unlinked: Unlinked[] = [];
  for (const performer of performers)
    unlinked.push(
      await toUnlinked(context, performer, {
        packs,
        scenes: scenes.get(performer.id) ?? [],
        studios: studios.get(performer.id) ?? [],
      }),
    );
  return unlinked;
}

/** What is to be suggested of these performers. */
export async function findLinks(
  context: LinkParts,
  parts: LookUp,
  performers: readonly Unlinked[],
): Promise<Found<ProposalOf<'performer-stash-id'>>[]> {
  const { store } = context;
  const { endpoint } = parts.client;
  const found = await findCandidates(context, parts, performers);
  // Two performers of the user are not the same one of a stash-box.
  const taken = await parts.holders();
  const made: Found<ProposalOf<'performer-stash-id'>>[] = [];
  for (const performer of performers) {
    const proposals: ProposalOf<'performer-stash-id'>[] = [];
    const { candidates, isWhole } = found.get(performer.id) ?? NOBODY;
    for (const candidate of candidates) {
      const { id, mergedIds } = candidate.performer;
      const stashId = { endpoint, stashId: id };
      const isTaken = [id, ...mergedIds].some((one) =>
        isOfAnother(taken, keyOfStashId({ endpoint, stashId: one }), performer.id),
      );
      const no = stashIdDismissal(stashId, { ...performer, imagePath: null });
      if (!isTaken && !(await store.dismissals.isDismissed(no)))
        proposals.push(toProposal(performer, endpoint, candidate));
    }
    const { id, revision, stashIds } = performer;
    made.push({ id, revision, stashIds, proposals, isWhole });
  }
  return made;
}

function toProposal(
  performer: Unlinked,
  endpoint: string,
  { performer: theirs, signs, imageId, confidence, isStrong }: LinkCandidate,
): ProposalOf<'performer-stash-id'> {
  const { id, name, disambiguation, birthDate, country } = theirs;
  return {
    kind: 'performer-stash-id',
    entity: { kind: 'performer', id: performer.id },
    entityTitle: shownName(performer),
    target: null,
    targetName: '',
    severity: 'info',
    confidence,
    payload: { stashId: { endpoint, stashId: id } },
    evidence: {
      signs: signs.filter(({ weight }) => weight !== 0),
      isStrong,
      name,
      disambiguation,
      birthDate,
      country,
      imageId,
    },
    analyzer: linkAnalyzer(endpoint),
    analyzerVersion: ANALYZER_VERSION,
  };
}
