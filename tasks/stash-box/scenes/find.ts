/** Asks one stash-box about scenes by their fingerprints, and stores what is to be suggested of them. */
import { stashIdsOf } from '../../../core/changes/values.ts';
import type { BoxScene } from '../../../core/ports/boxes/box-scenes.ts';
import type { StashBoxClient } from '../../../core/ports/stash-box.ts';
import type { Store } from '../../../core/ports/store.ts';
import type { Dismissal } from '../../../core/suggestions/dismissal.ts';
import { recutAnalyzer, sceneAnalyzer } from '../../../core/stash-box/analyzers.ts';
import { sceneDismissals } from '../../../core/stash-box/dismissed-link.ts';
import { rateScenes, type RatedScene } from '../../../core/stash-box/rate-scenes.ts';
import type { Recut } from '../../../core/stash-box/recuts/recut.ts';
import { areUnchanged } from '../../../core/suggestions/revisions.ts';
import type { ProposalOf } from '../../../core/suggestions/suggestion.ts';
import type { Context } from '../../runs/task.ts';
import { isLinkedTo } from '../performers.ts';
import { endpointOf, openOf } from '../store-found.ts';
import { contentIdsOf, type ReadScene } from './scenes.ts';

type Parts = Pick<Context, 'store' | 'library' | 'now'>;

/** Of the scenes asked about: how many the stash-box answered of and nobody decided about meanwhile, and what was found of those. */
export type FoundScenes = { readonly stored: number; readonly found: number; readonly sure: number };

const ANALYZER_VERSION = 1;
/** Of one scene. */
export const MAX_PROPOSED = 5;
/** Of one candidate. */
const MAX_HITS = 6;
const MAX_CAST = 12;

/**
While the stash-box is asked somebody may have linked one of them or decided about it: of it nothing is stored, and the next run
asks anew.
@param scenes none of them has an id there
@param alongside joins the transaction in which it is stored
*/
export async function findScenes(
  context: Parts,
  client: StashBoxClient,
  scenes: readonly ReadScene[],
  alongside: (found: FoundScenes) => Promise<void>,
): Promise<void> {
  const { store, now } = context;
  const { endpoint } = client;
  const entities = scenes.map(({ id }) => ({ kind: 'scene', id }) as const);
  const before = await store.suggestions.revisions(entities);
  const answers = await client.scenesByFingerprints(
    scenes.map(({ files }) => files.flatMap(({ fingerprints }) => fingerprints)),
  );
  const made: { readonly scene: ReadScene; readonly proposals: ProposalOf<'scene-stash-id'>[] }[] = [];
  for (const [n, scene] of scenes.entries()) {
    const answered = answers[n];
    if (answered !== undefined)
      made.push({ scene, proposals: await proposalsOf(context, endpoint, scene, answered) });
  }
  const unlinked = await unlinkedOf(context, endpoint, scenes);
  await store.transaction(async () => {
    const after = await store.suggestions.revisions(entities);
    const stored = made.filter(
      ({ scene: { id } }) => unlinked.has(id) && areUnchanged({ kind: 'scene', id }, before, after),
    );
    const withSome = stored.filter(({ proposals }) => proposals.length > 0);
    const sure = withSome.filter(({ proposals }) => proposals.some(({ evidence }) => evidence.isStrong));
    for (const { scene, proposals } of stored)
      await store.suggestions.replace({ kind: 'scene', id: scene.id }, sceneAnalyzer(endpoint), proposals);
    const at = now();
    const lookUps = stored.map(({ scene: { id, revision } }) => ({ sceneId: id, revision, at }));
    await store.sceneLookUps.put(endpoint, lookUps);
    await alongside({ stored: stored.length, found: withSome.length, sure: sure.length });
  });
}

/** Those that have no id there, and of which no fingerprint says which one they may be. */
export async function notFound(
  context: Pick<Context, 'store'>,
  endpoint: string,
  scenes: readonly ReadScene[],
): Promise<ReadScene[]> {
  const missing: ReadScene[] = [];
  for (const scene of scenes) {
    if (isLinkedTo(endpoint)(scene)) continue;
    const open = await openOf(context, { kind: 'scene', id: scene.id });
    const isFound = open.some(
      (one) => endpointOf(one) === endpoint && one.analyzer !== recutAnalyzer(endpoint),
    );
    if (!isFound) missing.push(scene);
  }
  return missing;
}

/** Ids of those that Stash has and that have no id of the stash-box by now. */
export async function unlinkedOf(
  { library }: Pick<Context, 'library'>,
  endpoint: string,
  scenes: readonly Pick<ReadScene, 'id'>[],
): Promise<Set<string>> {
  const ids = scenes.map(({ id }) => id);
  const read = await library.fieldsOf('scene', ids, ['stashIds']);
  const isLinked = isLinkedTo(endpoint);
  return new Set([...read].flatMap(([id, values]) => (isLinked({ stashIds: stashIdsOf(values) }) ? [] : id)));
}

async function proposalsOf(
  { store }: Pick<Context, 'store'>,
  endpoint: string,
  scene: ReadScene,
  answered: readonly BoxScene[],
): Promise<ProposalOf<'scene-stash-id'>[]> {
  const left: BoxScene[] = [];
  for (const theirs of answered)
    if (!(await isRuledOut({ store }, endpoint, scene, theirs))) left.push(theirs);
  // Those that were refused are no rivals of the others.
  return rateScenes(scene.files, left)
    .slice(0, MAX_PROPOSED)
    .map((rated) => toProposal(sceneAnalyzer(endpoint), endpoint, scene, rated));
}

/** Whether somebody said that the scene is not this one there. */
export async function isRuledOut(
  { store }: Pick<Context, 'store'>,
  endpoint: string,
  scene: ReadScene,
  theirs: Pick<BoxScene, 'id'>,
): Promise<boolean> {
  const stashId = { endpoint, stashId: theirs.id };
  return await isAnyDismissed(
    store,
    sceneDismissals(stashId, { id: scene.id, contentIds: contentIdsOf(scene) }),
  );
}

export async function isAnyDismissed(
  { dismissals }: Pick<Store, 'dismissals'>,
  noes: Iterable<Dismissal>,
): Promise<boolean> {
  for (const no of noes) if (await dismissals.isDismissed(no)) return true;
  return false;
}

export function toProposal(
  analyzer: string,
  endpoint: string,
  scene: ReadScene,
  { scene: theirs, hits, recut, confidence, isStrong }: RatedScene & { readonly recut?: Recut },
): ProposalOf<'scene-stash-id'> {
  const { id, title, files, date, studio } = scene;
  return {
    kind: 'scene-stash-id',
    entity: { kind: 'scene', id },
    entityTitle: title,
    target: null,
    targetName: '',
    severity: 'info',
    confidence,
    payload: { stashId: { endpoint, stashId: theirs.id }, contentIds: contentIdsOf(scene) },
    evidence: {
      hits: hits.slice(0, MAX_HITS),
      ...(recut !== undefined && { recut }),
      isStrong,
      title: theirs.title,
      date: theirs.date,
      studio: theirs.studio?.name ?? null,
      seconds: theirs.seconds,
      cast: theirs.cast.slice(0, MAX_CAST).map(({ name, as }) => (as === '' ? name : as)),
      imageId: theirs.images[0]?.id ?? null,
      mine: { date, studio, seconds: files[0]?.seconds ?? null },
    },
    analyzer,
    analyzerVersion: ANALYZER_VERSION,
  };
}
