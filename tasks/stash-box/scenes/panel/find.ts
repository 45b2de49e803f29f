/** Looks one scene up at one stash-box while the user waits, as a run of *Link scenes to stash-boxes* does. */
import type { Input, Output } from '../../../../core/contract/operations.ts';
import { hasCode, saidOf } from '../../../../core/errors.ts';
import type { Message } from '../../../../core/messages/message.ts';
import type { StashBoxClient } from '../../../../core/ports/stash-box.ts';
import { checkAnalyzer, recutAnalyzer, sceneAnalyzer } from '../../../../core/stash-box/analyzers.ts';
import type { Context } from '../../../runs/task.ts';
import { gone } from '../../../suggestions/write-parts.ts';
import { noteAnswer } from '../../evidence/elsewhere.ts';
import { isLinkedTo } from '../../performers.ts';
import { closeAll } from '../../store-found.ts';
import { computeMissing } from '../compute-missing.ts';
import { findScenes } from '../find.ts';
import { createCandidates, searchedBy } from '../recuts/candidates.ts';
import { compareRecuts } from '../recuts/compare.ts';
import { checkSceneIds } from '../repair/check-scene-ids.ts';
import { openCheck } from '../repair/check-scenes.ts';
import { holdersOfFew } from '../repair/shared-ids.ts';
import { nextScenes, unhashed, type ReadScene } from '../scenes.ts';

type Parts = Pick<Context, 'store' | 'library' | 'exclusions' | 'stashBoxes' | 'hashes' | 'now' | 'log'>;
type Answer = Output<'sceneBoxes.findOne'>;

/**
Where it has an id there, whether that is right; else which scene there it may be: first by the fingerprints that Stash has, then with the perceptual
hashes that it lacks, then as a re-cut of one of its performers, or of its title.
@throws StashSenseError
*/
export async function findScene(
  context: Parts,
  { sceneId, endpoint }: Input<'sceneBoxes.findOne'>,
): Promise<Answer> {
  // Of what is excluded no stash-box is asked.
  await context.exclusions.check({ kind: 'scene', id: sceneId });
  const scene = await readOne(context, sceneId);
  if (isLinkedTo(endpoint)(scene)) {
    for (const analyzer of [sceneAnalyzer(endpoint), recutAnalyzer(endpoint)])
      await closeAll(context, 'scene', analyzer, [scene]);
    return { outcome: await check(context, endpoint, scene), problem: null };
  }
  await closeAll(context, 'scene', checkAnalyzer(endpoint), [scene]);
  const client = await context.stashBoxes.open(endpoint, { isAwaited: true });
  const answer = await byFingerprint(context, client, scene);
  if (answer.outcome === 'found' || answer.outcome === 'unanswered') return answer;
  return await asRecut(context, client, scene, answer);
}

async function byFingerprint(context: Parts, client: StashBoxClient, scene: ReadScene): Promise<Answer> {
  const known = isHashed(scene) ? await lookUp(context, client, scene) : null;
  const isMissing = scene.files.some(({ file }) => unhashed(file) !== null);
  if (known === 'found' || known === 'unanswered' || !isMissing)
    return { outcome: known ?? 'unhashed', problem: null };
  const problem = await compute(context, scene);
  const hashed = await readOne(context, scene.id);
  if (!isHashed(hashed)) return { outcome: 'unhashed', problem };
  if (hashed.revision === scene.revision) return { outcome: known ?? 'unhashed', problem };
  return { outcome: await lookUp(context, client, hashed), problem };
}

/** Where no fingerprint says which one it is: what was compared before is compared anew. */
async function asRecut(
  context: Parts,
  client: StashBoxClient,
  { id }: ReadScene,
  answer: Answer,
): Promise<Answer> {
  const scene = await readOne(context, id);
  const { endpoint } = client;
  const by = (await searchedBy(context, endpoint, [scene])).get(id);
  if (by === undefined) return answer;
  const at = { client, candidates: createCandidates(context, client) };
  await at.candidates.searchTexts(by.text === null ? [] : [by.text]);
  let outcome: Answer['outcome'] = answer.outcome;
  try {
    await compareRecuts(context, at, scene, by, {
      force: true,
      alongside: ({ found, isAnswered }) => {
        if (!isAnswered) outcome = 'unanswered';
        if (found > 0) outcome = 'found';
        return Promise.resolve();
      },
    });
  } catch (error) {
    if (!hasCode(error, 'runtime-missing')) throw error;
    return { ...answer, problem: saidOf(error) };
  }
  return outcome === answer.outcome ? answer : { outcome, problem: null };
}

/** @throws StashSenseError `not-found` */
async function readOne(context: Parts, id: string): Promise<ReadScene> {
  const [scene] = (await nextScenes(context, [id], '0')).scenes;
  if (scene === undefined) throw gone({ kind: 'scene', id });
  return scene;
}

function isHashed({ files }: ReadScene): boolean {
  return files.some(({ fingerprints }) => fingerprints.length > 0);
}

async function check(
  context: Parts,
  endpoint: string,
  scene: ReadScene,
): Promise<'found' | 'right' | 'unanswered'> {
  const holders = holdersOfFew(context.library, endpoint);
  const parts = await openCheck(context, endpoint, holders, { isAwaited: true });
  const { wrong, isWhole } = await checkSceneIds(context, parts, [scene]);
  await noteAnswer(context, endpoint);
  if (wrong > 0) return 'found';
  return isWhole ? 'right' : 'unanswered';
}

async function lookUp(
  context: Parts,
  client: StashBoxClient,
  scene: ReadScene,
): Promise<Exclude<Answer['outcome'], 'unhashed' | 'right'>> {
  let outcome: 'found' | 'nothing' | 'unanswered' = 'unanswered';
  await findScenes(context, client, [scene], async ({ found, stored }) => {
    await noteAnswer(context, client.endpoint);
    if (stored > 0) outcome = found > 0 ? 'found' : 'nothing';
  });
  return outcome;
}

/** @returns why it could not be done */
async function compute(context: Parts, { files }: ReadScene): Promise<Message | null> {
  try {
    for (const { file } of files) await computeMissing(context, file);
    return null;
  } catch (error) {
    if (!hasCode(error, 'runtime-missing')) throw error;
    return saidOf(error);
  }
}
