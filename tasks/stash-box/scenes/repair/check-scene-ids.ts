/** Checks the stash IDs that scenes have: which the stash-box has merged or deleted since, what was no id of it, and what several scenes have. */
import { idsOfBox } from '../../../../core/changes/values.ts';
import type { StashBoxClient } from '../../../../core/ports/stash-box.ts';
import { checkAnalyzer } from '../../../../core/stash-box/analyzers.ts';
import { boxIdIn } from '../../../../core/stash-box/box-id.ts';
import { sceneRepairDismissals } from '../../../../core/stash-box/dismissed-link.ts';
import type { ProposalOf } from '../../../../core/suggestions/suggestion.ts';
import type { Context } from '../../../runs/task.ts';
import { checkedRevision, CONFIDENCE, dueAmong } from '../../evidence/checked-ids.ts';
import type { Elsewhere } from '../../evidence/elsewhere.ts';
import { toOffer, type Repair } from '../../evidence/offers.ts';
import { isUnanswered, repairOf } from '../../evidence/repair-of.ts';
import { storeFound, type Found } from '../../store-found.ts';
import { isAnyDismissed } from '../find.ts';
import { contentIdsOf, type ReadScene } from '../scenes.ts';
import { createOwnFingerprints } from './own-fingerprints.ts';
import { followSceneMerges, type KnownScene } from './scene-merges.ts';
import { readShared, type SceneHolders, type Shared } from './shared-ids.ts';

type Parts = Pick<Context, 'store' | 'library' | 'now'>;
export type SceneCheckParts = {
  readonly client: StashBoxClient;
  readonly elsewhere: Elsewhere<KnownScene>;
  readonly holders: SceneHolders;
};

/** Changes whenever ids are checked in another way: all are checked anew then. */
const VERSION = 2;

/** Those whose ids are new or were checked long ago. */
export async function dueForSceneCheck(
  { store, now }: Pick<Context, 'store' | 'now'>,
  endpoint: string,
  scenes: readonly ReadScene[],
): Promise<readonly ReadScene[]> {
  const revision = (one: ReadScene): string => checkedRevision(VERSION, one, endpoint);
  return await dueAmong(store.sceneLookUps, now(), endpoint, scenes, revision);
}

/**
@param due all have an id there
@param alongside joins the transaction in which what was found is stored
@returns how many of the ids are wrong, and whether the stash-box answered of all of them
*/
export async function checkSceneIds(
  context: Parts,
  { client, elsewhere: others, holders }: SceneCheckParts,
  due: readonly ReadScene[],
  alongside: (wrong: number) => Promise<void> = () => Promise.resolve(),
): Promise<{ readonly wrong: number; readonly isWhole: boolean }> {
  const { endpoint } = client;
  const ids = due.flatMap(({ stashIds }) => idsOfBox(stashIds, endpoint));
  const wanted = [...new Set(ids.flatMap((id) => boxIdIn(id) ?? []))];
  const merged = await followSceneMerges(client, wanted);
  // What the box has deleted is no id of another one.
  const elsewhere = await others.of(wanted.filter((id) => merged.of(id) === null && !merged.isKnown(id)));
  const fingerprints = createOwnFingerprints(client);
  const right = (scene: ReadScene): string[] =>
    idsOfBox(scene.stashIds, endpoint).filter(
      (stashId) => merged.of(stashId) != null && repairOf({ endpoint, stashId }, merged, elsewhere) === null,
    );
  const sharedOf = await readShared(
    context,
    { endpoint, holders, fingerprints },
    due.map((scene) => ({ scene, boxIds: right(scene) })),
  );
  const found: Found<ProposalOf<'scene-id-repair'>>[] = [];
  for (const scene of due) {
    const repairs: SceneRepair[] = [];
    const unanswered = new Set<string>();
    for (const stashId of idsOfBox(scene.stashIds, endpoint)) {
      const wrong = { endpoint, stashId };
      if (isUnanswered(stashId, merged, elsewhere)) {
        unanswered.add(stashId);
        continue;
      }
      const repair =
        repairOf(wrong, merged, elsewhere) ?? toShared(wrong, merged.of(stashId), sharedOf(scene, stashId));
      if (repair !== null && !(await isRuledOut(context, scene, repair))) repairs.push(repair);
    }
    const made = await toOffer(repairs, scene.stashIds, {
      endpoint,
      unanswered,
      agreement: async (theirs) => {
        await fingerprints.ask([scene]);
        return fingerprints.say(scene.id, theirs.id);
      },
    });
    found.push({
      id: scene.id,
      stashIds: scene.stashIds,
      revision: checkedRevision(VERSION, scene, endpoint),
      proposals: made.map((repair) => toProposal(scene, endpoint, repair)),
      isWhole: unanswered.size === 0,
      holds: ({ kind, payload }) => kind === 'scene-id-repair' && unanswered.has(payload.wrong.stashId),
    });
  }
  let wrong = 0;
  const at = { endpoint, analyzer: checkAnalyzer(endpoint), kind: 'scene' } as const;
  const stored = await storeFound(context, at, found, async (some) => {
    wrong = some.reduce((sum, { proposals }) => sum + proposals.length, 0);
    await alongside(wrong);
  });
  return { wrong, isWhole: stored.length === due.length && stored.every(({ isWhole }) => isWhole) };
}

/** `shared`: of an id that is right there, and that other scenes of the user have too. */
type SceneRepair = Repair<KnownScene> & { readonly shared?: Shared };

function toShared(
  wrong: Repair['wrong'],
  theirs: KnownScene | null | undefined,
  shared: Shared | null,
): SceneRepair | null {
  if (shared === null || theirs == null) return null;
  return { wrong, right: null, reason: 'shared', theirs, shared, mayBeRight: !shared.isTold };
}

async function isRuledOut(
  { store }: Pick<Context, 'store'>,
  scene: ReadScene,
  { wrong }: SceneRepair,
): Promise<boolean> {
  const noes = sceneRepairDismissals(wrong, { id: scene.id, contentIds: contentIdsOf(scene) });
  return await isAnyDismissed(store, noes);
}

function toProposal(
  scene: ReadScene,
  endpoint: string,
  { wrong, right, reason, theirs, isSure = true, shared }: SceneRepair,
): ProposalOf<'scene-id-repair'> {
  const isTold = shared === undefined || shared.isTold;
  return {
    kind: 'scene-id-repair',
    entity: { kind: 'scene', id: scene.id },
    entityTitle: scene.title,
    target: null,
    targetName: '',
    severity: 'warning',
    confidence: CONFIDENCE[!isSure || !isTold ? 'oneOfSeveral' : right === null ? 'takenOff' : 'corrected'],
    payload: { wrong, right, contentIds: contentIdsOf(scene) },
    evidence: {
      reason,
      title: theirs?.title ?? '',
      date: theirs?.date ?? null,
      studio: theirs?.studio ?? null,
      imageId: theirs?.imageId ?? null,
      others: [...(shared?.others ?? [])],
      isTold,
    },
    analyzer: checkAnalyzer(endpoint),
    analyzerVersion: VERSION,
  };
}
