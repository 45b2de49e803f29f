/** Looks performers up at one stash-box, a few at a time, each stored with how far the box was gone through. */
import { message } from '../../core/messages/message.ts';
import { stashIdDismissal } from '../../core/stash-box/dismissed-link.ts';
import type { LinkRequest } from '../../core/stash-box/link-request.ts';
import type { ProposalOf } from '../../core/suggestions/suggestion.ts';
import { shownName } from '../../core/people/shown-name.ts';
import { boxHost } from '../../core/reference-packs/box-address.ts';
import { keyOfStashId } from '../../core/reference-packs/reference-pack.ts';
import { readLeftOut } from '../reference-packs/build/library-ids.ts';
import type { LookParts } from '../reference-packs/build/look.ts';
import type { Context, Slice } from '../runs/task.ts';
import { analyzerOf as checkAnalyzerOf, checkIds, type CheckParts } from './check-ids.ts';
import { findCandidates, type Candidates, type FindParts, type LinkCandidate } from './candidates.ts';
import { openBoxFaces } from './faces.ts';
import { createCasts } from './evidence/casts.ts';
import { createHolders, isOfAnother } from './holders.ts';
import { nextPerformers, readPerformers, toUnlinked, type Unlinked } from './performers.ts';
import { readRequests, updateBox } from './requests.ts';
import { type Found, storeFound } from './store-found.ts';

export type LinkParts = LookParts &
  Pick<
    Context,
    'store' | 'library' | 'exclusions' | 'referencePacks' | 'stashBoxes' | 'vision' | 'now' | 'log'
  >;

type LinkBoxParts = FindParts & CheckParts;

/** Performers who are asked about together. */
const AT_ONCE = 5;
/** Of each of them, so that those of all are asked about in one request. */
const MAX_SCENES = 5;
/** After this time somebody who has not changed is looked up once more: the stash-box may know them by now. */
const ASKED_AGAIN_AFTER_MS = 30 * 86_400_000;
const ANALYZER_VERSION = 2;
const NOBODY: Candidates = { candidates: [], isWhole: false };

/** Of the suggestions of one stash-box: what another one answers, or fails to, leaves them alone. */
function analyzerOf(endpoint: string): string {
  return `stash-box ${endpoint}`;
}

export async function linkBox(
  context: LinkParts,
  slice: Slice,
  request: LinkRequest,
  endpoint: string,
): Promise<'done' | 'yielded'> {
  const { stashBoxes, referencePacks } = context;
  const client = await stashBoxes.open(endpoint);
  const holders = createHolders(context.store.people);
  const parts: LinkBoxParts = {
    client,
    holders,
    casts: createCasts(client, holders),
    pictures: { isDown: false },
    faces: await openBoxFaces(context, endpoint),
    leftOut: await readLeftOut(context, endpoint),
  };
  const packs = await referencePacks.revision();
  slice.progress.step(message('stashIds.step', { box: boxHost(endpoint) ?? endpoint }));
  for (;;) {
    const box = (await readRequests(context))
      .find(({ id }) => id === request.id)
      ?.boxes.find((one) => one.endpoint === endpoint);
    if (box === undefined) return 'done';
    const ids = await nextPerformers(context, request.performerIds, box.after);
    const last = ids.at(-1);
    if (last === undefined) return 'done';
    const read = await readPerformers(context, ids);
    const isLinked = (performer: Pick<Unlinked, 'stashIds'>): boolean =>
      performer.stashIds.some((stashId) => stashId.endpoint === endpoint);
    if (Number(box.checkedTo) < Number(last)) {
      const linked = read.filter((one) => isLinked(one) && Number(one.id) > Number(box.checkedTo));
      await closeAll(context, analyzerOf(endpoint), linked);
      await closeAll(
        context,
        checkAnalyzerOf(endpoint),
        read.filter((one) => !isLinked(one)),
      );
      const wrong = await checkIds(context, parts, linked, request.force);
      await updateBox(context, request, endpoint, (known) => ({
        wrong: known.wrong + wrong,
        checkedTo: last,
      }));
      slice.advanced();
      if (await slice.shouldYield()) return 'yielded';
    }
    const due = await dueOf(
      context,
      endpoint,
      request.force,
      packs,
      read.filter((one) => !isLinked(one)),
    );
    for (let at = 0; at < due.length; at += AT_ONCE) {
      const some = due.slice(at, at + AT_ONCE);
      slice.progress.say(message('stashIds.isLooking', { name: shownName(some[0]!), asked: box.asked + at }));
      await lookUp(context, parts, request, some);
      slice.advanced();
      if (await slice.shouldYield()) return 'yielded';
    }
    await updateBox(context, request, endpoint, () => ({ after: last }));
  }
}

/** Nothing is to be linked of who has an id there by now, and nothing to be corrected of who has none. */
async function closeAll(
  { store }: Pick<Context, 'store'>,
  analyzer: string,
  performers: readonly Pick<Unlinked, 'id'>[],
): Promise<void> {
  const entities = performers.map(({ id }) => ({ kind: 'performer', id }) as const);
  const known = await store.suggestions.revisions(entities);
  for (const entity of entities)
    if (known.get(`${entity.kind}:${entity.id}`)?.some(({ state }) => state === 'open') === true)
      await store.suggestions.replace(entity, analyzer, []);
}

/** Those who are new, were changed or were looked up long ago. */
async function dueOf(
  context: Pick<Context, 'store' | 'library' | 'vision' | 'now'>,
  endpoint: string,
  force: boolean,
  packs: string,
  performers: Parameters<typeof toUnlinked>[1][],
): Promise<Unlinked[]> {
  const { store, library, now } = context;
  const ids = performers.map(({ id }) => id);
  const before = await store.boxLookUps.of(endpoint, ids);
  const scenes = await library.linkedScenes(ids, endpoint, MAX_SCENES);
  const due: Unlinked[] = [];
  for (const performer of performers) {
    const unlinked = await toUnlinked(context, performer, { packs, scenes: scenes.get(performer.id) ?? [] });
    const known = before.get(performer.id);
    const isKnown = known?.revision === unlinked.revision && now() - known.at < ASKED_AGAIN_AFTER_MS;
    if (force || !isKnown) due.push(unlinked);
  }
  return due;
}

async function lookUp(
  context: LinkParts,
  parts: LinkBoxParts,
  request: LinkRequest,
  performers: readonly Unlinked[],
): Promise<void> {
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
    made.push({ id: performer.id, revision: performer.revision, proposals, isWhole });
  }
  await store.transaction(async () => {
    await storeFound(context, { endpoint, analyzer: analyzerOf(endpoint) }, made);
    const some = made.filter(({ proposals }) => proposals.length > 0);
    const sure = some.filter(({ proposals }) => proposals.some(({ evidence }) => evidence.isStrong));
    await updateBox(context, request, endpoint, (box) => ({
      after: performers.at(-1)?.id ?? box.after,
      asked: box.asked + performers.length,
      found: box.found + some.length,
      sure: box.sure + sure.length,
    }));
  });
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
    analyzer: analyzerOf(endpoint),
    analyzerVersion: ANALYZER_VERSION,
  };
}
