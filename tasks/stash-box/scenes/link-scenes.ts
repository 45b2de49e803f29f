/** Looks scenes up at one stash-box, as many in a request as it takes, each request stored with how far the box was gone through. */
import { hasCode, messageOf, saidOf } from '../../../core/errors.ts';
import { message } from '../../../core/messages/message.ts';
import type { StashBoxClient } from '../../../core/ports/stash-box.ts';
import { sceneAnalyzer } from '../../../core/stash-box/analyzers.ts';
import type { LinkedBox } from '../../../core/stash-box/link-request.ts';
import type { SceneLinkRequest } from '../../../core/stash-box/scene-link-request.ts';
import type { Context, Slice } from '../../runs/task.ts';
import { noteAnswer } from '../evidence/elsewhere.ts';
import { computeMissing, type Computed } from './compute-missing.ts';
import { findScenes, notFound } from './find.ts';
import { nameOfBox } from '../of-box.ts';
import { isLinkedTo } from '../performers.ts';
import { closeAll } from '../store-found.ts';
import { sceneLinkRequests } from './requests.ts';
import { nextScenes, unhashed, type ReadScene } from './scenes.ts';

export type SceneLinkParts = Pick<
  Context,
  'store' | 'library' | 'exclusions' | 'stashBoxes' | 'hashes' | 'now' | 'log'
>;

/** A stash-box takes no more in a request. */
const AT_ONCE = 40;
/** After this time a scene that has not changed is looked up or compared once more: the stash-box may know it by now. */
export const ASKED_AGAIN_AFTER_MS = 30 * 86_400_000;

/** One pass over the scenes. Without ffmpeg that of the computed hashes ends, and the box has the reason. */
export async function linkScenes(
  context: SceneLinkParts,
  slice: Slice,
  request: SceneLinkRequest,
  { endpoint, pass }: { readonly endpoint: string; readonly pass: Pass },
): Promise<'done' | 'goes-on' | 'yielded'> {
  const client = await context.stashBoxes.open(endpoint);
  slice.progress.step(message('sceneLinks.step', { box: await nameOfBox(context, endpoint) }));
  try {
    const end = await goThrough(context, slice, request, client, pass);
    // The box is served once more, with what is compared as a re-cut.
    return end === 'done' ? 'goes-on' : end;
  } catch (error) {
    if (pass !== COMPUTED || !hasCode(error, 'runtime-missing')) throw error;
    context.log.warn(messageOf(error));
    await sceneLinkRequests.updateBox(context, request, endpoint, () => ({ problem: saidOf(error) }));
    return 'goes-on';
  }
}

type Pass = {
  /** The place of the box that says how far it is. */
  readonly place: 'after' | 'checkedTo';
  /** Those of these scenes, none of which has an id there, that are to be looked at by `toAsk`. */
  choose(
    context: SceneLinkParts,
    request: SceneLinkRequest,
    endpoint: string,
    scenes: readonly ReadScene[],
  ): Promise<ReadScene[]>;
  /** `asked`: the scene as it is to be asked about; null: it is not. */
  toAsk(
    context: SceneLinkParts,
    endpoint: string,
    scene: ReadScene,
  ): Promise<{ readonly asked: ReadScene | null; readonly computed: Computed }>;
};

const KNOWN: Pass = {
  place: 'after',
  async choose(context, { force }, endpoint, scenes) {
    const hashed = scenes.filter(({ files }) => files.some(({ fingerprints }) => fingerprints.length > 0));
    return force ? hashed : await dueOf(context, endpoint, hashed);
  },
  toAsk: (_context, _endpoint, scene) => Promise.resolve({ asked: scene, computed: 'nothing' }),
};

const COMPUTED: Pass = {
  place: 'checkedTo',
  async choose(context, _request, endpoint, scenes) {
    const unhashedOnes = scenes.filter(({ files }) => files.some(({ file }) => unhashed(file) !== null));
    return await notFound(context, endpoint, unhashedOnes);
  },
  async toAsk(context, endpoint, scene) {
    const results: Computed[] = [];
    for (const { file } of scene.files) results.push(await computeMissing(context, file));
    const computed = (['failed', 'stored'] as const).find((one) => results.includes(one)) ?? 'nothing';
    // With what was computed, also by a run that was killed before it asked.
    const [due] = await dueOf(context, endpoint, (await nextScenes(context, [scene.id], '0')).scenes);
    return { asked: due ?? null, computed };
  },
};

/**
First with the hashes that Stash has, then those that were not found with the perceptual hashes that it lacks, each computed from
25 frames of the file.
*/
export const PASSES: readonly Pass[] = [KNOWN, COMPUTED];

async function goThrough(
  context: SceneLinkParts,
  slice: Slice,
  request: SceneLinkRequest,
  client: StashBoxClient,
  pass: Pass,
): Promise<'done' | 'yielded'> {
  const { endpoint } = client;
  const { place } = pass;
  const box = await sceneLinkRequests.boxOf(context, request, endpoint);
  let to = box?.[place];
  /** Scenes that were gone past, in both passes together. */
  let passed = box?.passed ?? 0;
  const shows = await shareOf(context, slice, request, endpoint);
  /** Read and still to be asked about; after a kill they are read again. */
  let due: ReadScene[] = [];
  /** What was gone past since the place was stored is not to be gone past once more. */
  let isAhead = false;
  const storePlace = async (reached: string): Promise<void> => {
    if (due.length > 0) await ask(context, client, { place, request, asked: due, reached, passed });
    else await sceneLinkRequests.updateBox(context, request, endpoint, () => ({ [place]: reached, passed }));
    [due, isAhead] = [[], false];
    slice.advanced();
  };
  while (to !== undefined) {
    const { scenes, last } = await nextScenes(context, request.sceneIds, to);
    const before = passed;
    for (const scene of await chosenOf(context, request, endpoint, { scenes, pass })) {
      slice.progress.say(
        message('sceneLinks.isLooking', { title: scene.title, isComputed: String(place === 'checkedTo') }),
      );
      passed = before + scenes.indexOf(scene) + 1;
      const { asked, computed } = await pass.toAsk(context, endpoint, scene);
      if (asked !== null) due.push(asked);
      isAhead ||= computed === 'failed';
      if (due.length === 0 || due.length === AT_ONCE) await storePlace(scene.id);
      else if (computed !== 'nothing') slice.advanced();
      shows(passed);
      if (!(await slice.shouldYield())) continue;
      if (isAhead) await storePlace(scene.id);
      return 'yielded';
    }
    if (last === undefined) {
      if (due.length > 0) await storePlace(to);
      return 'done';
    }
    to = last;
    passed = before + scenes.length;
    shows(passed);
    isAhead = due.length > 0;
    if (!isAhead) await storePlace(to);
    else slice.advanced();
    if (!(await slice.shouldYield())) continue;
    if (isAhead) await storePlace(to);
    return 'yielded';
  }
  return 'done';
}

/** Shows of how many scenes so much is done, over all stash-boxes and passes, with that of the re-cuts. */
export async function shareOf(
  context: Pick<Context, 'store' | 'library'>,
  slice: Slice,
  request: SceneLinkRequest,
  endpoint: string,
): Promise<(passed: number) => void> {
  const total = request.sceneIds?.length ?? (await context.library.countEntities('scene'));
  const boxes = (await sceneLinkRequests.find(context, request))?.boxes ?? [];
  const all = Math.max(1, total * (PASSES.length + 1));
  const others = boxes
    .filter((box) => box.endpoint !== endpoint)
    .reduce((sum, { passed, state }) => sum + (state === 'waits' ? Math.min(passed, all) : all), 0);
  return (passed) => slice.progress.at((others + Math.min(passed, all)) / (all * Math.max(1, boxes.length)));
}

type Step = {
  readonly place: Pass['place'];
  readonly request: SceneLinkRequest;
  readonly asked: readonly ReadScene[];
  /** Up to this scene all was asked about then, and how many were gone past for that. */
  readonly reached: string;
  readonly passed: number;
};

async function ask(
  context: SceneLinkParts,
  client: StashBoxClient,
  { place, request, asked, reached, passed }: Step,
): Promise<void> {
  await findScenes(context, client, asked, async ({ found, sure }) => {
    await noteAnswer(context, client.endpoint);
    await sceneLinkRequests.updateBox(context, request, client.endpoint, (box): Partial<LinkedBox> => ({
      [place]: reached,
      passed,
      asked: box.asked + (place === 'after' ? asked.length : 0),
      found: box.found + found,
      sure: box.sure + sure,
    }));
  });
}

/** Of the scenes that have no id there. */
async function chosenOf(
  context: SceneLinkParts,
  request: SceneLinkRequest,
  endpoint: string,
  { scenes, pass }: { readonly scenes: readonly ReadScene[]; readonly pass: Pass },
): Promise<ReadScene[]> {
  const isLinked = isLinkedTo(endpoint);
  await closeAll(context, 'scene', sceneAnalyzer(endpoint), scenes.filter(isLinked));
  const unlinked = scenes.filter((scene) => !isLinked(scene));
  return await pass.choose(context, request, endpoint, unlinked);
}

/** Those that are new, have other fingerprints, or were looked up long ago. */
async function dueOf(
  { store, now }: Pick<Context, 'store' | 'now'>,
  endpoint: string,
  scenes: readonly ReadScene[],
): Promise<ReadScene[]> {
  const before = await store.sceneLookUps.of(
    endpoint,
    scenes.map(({ id }) => id),
  );
  return scenes.filter(({ id, revision }) => {
    const known = before.get(id);
    return known?.revision !== revision || now() - known.at >= ASKED_AGAIN_AFTER_MS;
  });
}
