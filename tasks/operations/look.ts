import { randomUUID } from 'node:crypto';
import type { Subject } from '../../core/content-id.ts';
import type { FacesView } from '../../core/contract.ts';
import { isRunWide, messageOf } from '../../core/errors.ts';
import type { StashItem } from '../../core/ports.ts';
import { readSubject } from '../accept.ts';
import { isBeating } from '../beating.ts';
import { viewPersons } from '../faces-view.ts';
import { IDENTIFY_LIST } from '../identify.ts';
import { knownContentIds } from '../look-at.ts';
import { createLookAndMatch, readTold } from '../look-and-match.ts';
import { matchSubjects, nameOf } from '../match-subject.ts';
import { SCAN_LIST } from '../offer-items.ts';
import { isJobOf, isWaitingOrRunning, TASK_NAMES } from '../queue.ts';
import { openRecognizer, recognizerMark } from '../recognizer.ts';
import type { Context, Operations } from '../task.ts';
import { readWho, type Who } from '../who.ts';

/** So few are read and searched within the time that a click may take. */
const FEW_PEOPLE = 500;

type Names = 'scene.faces' | 'scene.identify' | 'image.identify' | 'gallery.identify';

export const lookOperations: Pick<Operations, Names> = {
  'scene.faces': async (context, { sceneId }) =>
    await viewFaces(context, await readSubject(context, { kind: 'scene', id: sceneId })),

  /**
  As a task where Stash's queue is idle: it shows progress, can be stopped and outlives the page. Behind other jobs it
  could wait for hours, so the operation looks by itself then.
  */
  'scene.identify': async (context, { sceneId, again }) => {
    const { library } = context;
    const item = await readSubject(context, { kind: 'scene', id: sceneId });
    if (!again) {
      const faces = await viewFaces(context, item);
      if (faces.state === 'done' || faces.state === 'working') return { via: 'operation', faces };
    }
    if ((await library.jobs()).some(isWaitingOrRunning))
      return { via: 'operation', faces: await lookNow(context, item, again) };
    await library.startTask(TASK_NAMES.identify, { scene_ids: [sceneId], again, asked: randomUUID() });
    return { via: 'task', faces: { ...(await viewFaces(context, item)), state: 'waiting', problem: null } };
  },

  'image.identify': async (context, { imageId, again }) =>
    await lookUnlessKnown(context, { kind: 'image', id: imageId }, again),

  'gallery.identify': async (context, { galleryId, again }) =>
    await lookUnlessKnown(context, { kind: 'gallery', id: galleryId }, again),
};

async function lookUnlessKnown(context: Context, subject: Subject, again: boolean): Promise<FacesView> {
  const item = await readSubject(context, subject);
  const faces = again ? null : await viewFaces(context, item);
  return faces?.state === 'done' ? faces : await lookNow(context, item, again);
}

async function lookNow(context: Context, item: StashItem, again: boolean): Promise<FacesView> {
  try {
    await createLookAndMatch(context)(item, { again, waiting: 'for a person' });
  } catch (error) {
    if (isRunWide(error)) throw error;
    return { ...(await viewFaces(context, item)), state: 'failed', problem: messageOf(error) };
  }
  return await viewFaces(context, item);
}

/** What is known of a subject; nothing is decoded and no model opened. */
async function viewFaces(context: Context, item: StashItem): Promise<FacesView> {
  const { store, sight } = context;
  const [told, counts, asked, waits] = await Promise.all([
    readTold(context, item),
    store.people.counts(sight.packId),
    lastAsked(context, item),
    isQueued(context, item),
  ]);
  const peopleCount = counts.withReference;
  const who = await whoIsIn(context, item, peopleCount);
  const isOutdated =
    who !== null &&
    peopleCount > FEW_PEOPLE &&
    (await store.observations.matchedWith(item)) !== (await recognizerMark(context));
  const seen =
    who === null
      ? { observedAt: null, frameCount: 0, persons: [] }
      : await viewPersons(context, item, await store.observations.contentOf(item), who);
  const failed = who === null && asked?.state === 'failed';
  const state =
    told !== null ? 'working' : waits ? 'waiting' : who !== null ? 'done' : failed ? 'failed' : 'never';
  return {
    state,
    progress: told,
    problem: failed ? (asked.lastError ?? null) : await problemOf(context, state, peopleCount),
    ...seen,
    peopleCount,
    ...(isOutdated ? { isOutdated } : {}),
  };
}

/** Who the last matching said they are; matched now when these files were seen and this subject never matched. */
async function whoIsIn(context: Context, item: StashItem, peopleCount: number): Promise<Who | null> {
  const { store, sight } = context;
  let contentIds = await store.observations.contentOf(item);
  if (contentIds.length === 0 && item.kind !== 'gallery') {
    // Under another id before: moved, or deleted and scanned anew by Stash.
    contentIds = knownContentIds(item.kind, item.files);
  }
  const observations = await store.observations.getMany(contentIds, sight.packId);
  if (observations.size === 0) return null;
  const who = await readWho(store, item);
  const matchedWith = await store.observations.matchedWith(item);
  // People, confirmations or the bar have changed since. Of many people the next run of a task does it.
  const stands = peopleCount > FEW_PEOPLE || matchedWith === (await recognizerMark(context));
  if (who !== null && matchedWith !== null && stands) return who;
  await store.observations.link(item, item.title, contentIds);
  await matchSubjects(context, await openRecognizer(context, 'few probes'), [{ ...item }], () =>
    Promise.resolve(new Map([[nameOf(item), item.performerIds]])),
  );
  return await readWho(store, item);
}

/** The newest of what tasks have on their lists about it. */
async function lastAsked({ store }: Context, { kind, id }: Subject) {
  const items = await Promise.all([SCAN_LIST, IDENTIFY_LIST].map((list) => store.work.get(list, kind, id)));
  return items.filter((it) => it !== null).toSorted((a, b) => b.updatedAt - a.updatedAt)[0] ?? null;
}

/** Asked for at the page, and something will come to it: a wish outlived by Stash's queue is none. */
async function isQueued({ store, library, limits, now }: Context, { kind, id }: Subject): Promise<boolean> {
  if ((await store.work.get(IDENTIFY_LIST, kind, id))?.state !== 'pending') return false;
  const running = await store.runs.running();
  if (running.some((run) => run.task === 'identify' && isBeating(run, now(), limits.leaseMs))) return true;
  return (await library.jobs()).some((job) => isWaitingOrRunning(job) && isJobOf(job, TASK_NAMES.identify));
}

async function problemOf(
  { sight }: Context,
  state: FacesView['state'],
  peopleCount: number,
): Promise<string | null> {
  if (state === 'never') {
    const { weights, ffmpeg } = await sight.describe();
    if (!weights.ok) return weights.message;
    if (!ffmpeg.ok) return ffmpeg.message;
  }
  return peopleCount === 0
    ? 'Nobody can be recognised yet: give your performers pictures in Stash, then run "Update people".'
    : null;
}
