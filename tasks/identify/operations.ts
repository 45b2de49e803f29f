import { randomUUID } from 'node:crypto';
import type { ContentId, EntityRef } from '../../core/content-id.ts';
import type { FacesView } from '../../core/contract/faces.ts';
import { hasCode, isRunWide, saidOf } from '../../core/errors.ts';
import { logFault } from '../../core/log-fault.ts';
import { message, type Message } from '../../core/messages/message.ts';
import { PARTIAL_OBSERVATION } from '../../core/faces/observation.ts';
import type { StashEntity } from '../../core/ports/library.ts';
import type { WorkItem } from '../../core/ports/work-queue.ts';
import { readEntity } from '../suggestions/accept.ts';
import { isRunAlive } from '../runs/liveness.ts';
import { viewPersons } from './faces-view.ts';
import { IDENTIFY_LIST, SCAN_LIST, TASKS } from '../../core/runs/tasks.ts';
import { enqueueToIdentify } from './task.ts';
import { knownContentIds } from '../observe/observe-entity.ts';
import { createObserveAndMatch, readProgress } from './observe-and-match.ts';
import { findFailure, noteBeginning, noteFailure } from './last-attempt.ts';
import { matchEntities } from '../matching/match.ts';
import { isJobOf, isWaitingOrRunning } from '../runs/stash-jobs.ts';
import { openRecognizer, currentMatcherVersion } from '../matching/recognizer.ts';
import type { Context, Operations } from '../runs/task.ts';
import { readIdentifications, type EntityIdentifications } from '../matching/identifications.ts';

/** So few are read and searched within the time that a click may take. */
const MAX_PEOPLE_MATCHED_AT_ONCE = 500;

type Names = 'scene.faces' | 'entity.faces' | 'scene.identify' | 'image.identify' | 'gallery.identify';

export const identifyOperations: Pick<Operations, Names> = {
  'scene.faces': async (context, { sceneId }) =>
    await viewFaces(context, await readEntity(context, { kind: 'scene', id: sceneId })),

  'entity.faces': async (context, { entity }) => await viewFaces(context, await readEntity(context, entity)),

  /**
  As a task where Stash's queue is idle: it shows progress, can be stopped and outlives the page. Behind other jobs it
  could wait for hours, so the operation looks by itself then.
  */
  'scene.identify': async (context, { sceneId, force }) => {
    const { library } = context;
    const item = await readEntity(context, { kind: 'scene', id: sceneId });
    const faces = await viewFaces(context, item);
    if (faces.state === 'working' || faces.state === 'waiting') return { via: 'task', faces };
    if (!force && faces.state === 'done') return { via: 'operation', faces };
    const others = (await library.jobs()).filter((job) => !isJobOf(job, TASKS.identify.name));
    if (others.some(isWaitingOrRunning))
      return { via: 'operation', faces: await observeNow(context, item, force) };
    // On the list before the task begins, which takes a second: whoever asks meanwhile is told that it waits.
    const requestId = randomUUID();
    await enqueueToIdentify(context, [item], { force, requestId, priority: 'waited for' });
    await library.startTask(TASKS.identify.name, { scene_ids: [sceneId], force, requestId });
    return { via: 'task', faces: { ...faces, state: 'waiting', problem: null, lastFailure: null } };
  },

  'image.identify': async (context, { imageId, force }) =>
    await observeUnlessKnown(context, { kind: 'image', id: imageId }, force),

  'gallery.identify': async (context, { galleryId, force }) =>
    await observeUnlessKnown(context, { kind: 'gallery', id: galleryId }, force),
};

async function observeUnlessKnown(context: Context, entity: EntityRef, force: boolean): Promise<FacesView> {
  const item = await readEntity(context, entity);
  const faces = await viewFaces(context, item);
  const isThere = faces.state === 'working' || (faces.state === 'done' && !force);
  return isThere ? faces : await observeNow(context, item, force);
}

async function observeNow(context: Context, item: StashEntity, force: boolean): Promise<FacesView> {
  const since = await noteBeginning(context, item);
  try {
    await createObserveAndMatch(context)(item, { force, since, waiting: 'for a person' });
  } catch (error) {
    logFault(context.log, error);
    // A full disk, say, must not hide why.
    await noteFailure(context, item, saidOf(error)).catch((second: unknown) => logFault(context.log, second));
    // That another process is at it is shown beside the faces that are known.
    if (isRunWide(error) && !hasCode(error, 'busy')) throw error;
  }
  return await viewFaces(context, item);
}

/** What is known of a subject; nothing is decoded and no model opened. */
async function viewFaces(context: Context, item: StashEntity): Promise<FacesView> {
  const { store, vision } = context;
  const [progress, counts, pendingRequests] = await Promise.all([
    readProgress(context, item),
    store.people.counts(vision.packId),
    pendingRequestsFor(context, item),
  ]);
  const toIdentify =
    pendingRequests.find(({ list, state }) => list === IDENTIFY_LIST && state === 'pending') ?? null;
  const isWaiting = progress === null && toIdentify !== null && (await identifyRuns(context));
  const peopleCount = counts.withReference;
  const { identifications, isWhole } = await identificationsOf(context, item, peopleCount);
  const isOutdated =
    identifications !== null &&
    peopleCount > MAX_PEOPLE_MATCHED_AT_ONCE &&
    (await store.observations.matchedWith(item)) !== (await currentMatcherVersion(context));
  const seen =
    identifications === null
      ? { observedAt: null, frameCount: 0, persons: [] }
      : await viewPersons(context, item, await store.observations.contentOf(item), identifications);
  const isUnderWay = progress !== null || isWaiting;
  const lastFailure = isUnderWay
    ? null
    : await findFailure(context, item, {
        pendingRequests,
        toIdentify,
        // A part is newer than the trouble that made it one.
        observedAt: isWhole ? seen.observedAt : null,
      });
  const state = stateOf({
    hasProgress: progress !== null,
    isWaiting,
    isKnown: isWhole,
    hasFailed: lastFailure !== null,
  });
  return {
    state,
    progress,
    problem: await problemOf(context, state, peopleCount),
    lastFailure,
    ...seen,
    peopleCount,
    ...(isOutdated ? { isOutdated } : {}),
  };
}

function stateOf({
  hasProgress,
  isWaiting,
  isKnown,
  hasFailed,
}: {
  hasProgress: boolean;
  isWaiting: boolean;
  isKnown: boolean;
  hasFailed: boolean;
}): FacesView['state'] {
  if (hasProgress) return 'working';
  if (isWaiting) return 'waiting';
  if (isKnown) return 'done';
  return hasFailed ? 'failed' : 'never';
}

/**
Who the last matching said they are; matched now when these files were seen and this subject never matched.
`isWhole`: a look at it was finished.
*/
async function identificationsOf(
  context: Context,
  item: StashEntity,
  peopleCount: number,
): Promise<{ identifications: EntityIdentifications | null; isWhole: boolean }> {
  const { store, vision } = context;
  const linked = await store.observations.contentOf(item);
  const contentIds = contentNow(item, linked);
  const observations = await store.observations.getMany(contentIds, vision.packId);
  if (observations.size === 0) return { identifications: null, isWhole: false };
  const isWhole = [...observations.values()].some(
    (observation) => observation.samplingVersion !== PARTIAL_OBSERVATION,
  );
  const identifications = await readIdentifications(store, item);
  const matchedWith = await store.observations.matchedWith(item);
  // People, confirmations or the bar have changed since. Of many people the next run of a task does it.
  const stands =
    contentIds === linked &&
    (peopleCount > MAX_PEOPLE_MATCHED_AT_ONCE || matchedWith === (await currentMatcherVersion(context)));
  if (identifications !== null && matchedWith !== null && stands) return { identifications, isWhole };
  await store.observations.link(item, item.title, contentIds);
  await matchEntities(context, await openRecognizer(context, 'few probes'), [item]);
  return { identifications: await readIdentifications(store, item), isWhole };
}

/**
The content it has now. Its files may be known under another id (moved, or deleted and scanned anew by Stash), and what
was linked to it may be another film (its file was replaced).
*/
function contentNow(item: StashEntity, linked: ContentId[]): ContentId[] {
  const now = item.kind === 'gallery' ? [] : knownContentIds(item.kind, item.files);
  return now.length === 0 || linked.some((contentId) => now.includes(contentId)) ? linked : now;
}

/** What tasks have on their lists about it. */
async function pendingRequestsFor({ store }: Context, { kind, id }: EntityRef): Promise<WorkItem[]> {
  const items = await Promise.all([SCAN_LIST, IDENTIFY_LIST].map((list) => store.work.get(list, kind, id)));
  return items.filter((item) => item !== null);
}

/** Something will come to what is on the list: a wish outlived by Stash's queue is none. */
async function identifyRuns({ store, library, limits, now }: Context): Promise<boolean> {
  const running = await store.runs.running();
  if (running.some((run) => run.task === 'identify' && isRunAlive(run, now(), limits.leaseMs))) return true;
  return (await library.jobs()).some((job) => isWaitingOrRunning(job) && isJobOf(job, TASKS.identify.name));
}

async function problemOf(
  { vision }: Context,
  state: FacesView['state'],
  peopleCount: number,
): Promise<Message | null> {
  if (state === 'never') {
    const { weights, ffmpeg } = await vision.describe();
    if (!weights.ok) return weights.message;
    if (!ffmpeg.ok) return ffmpeg.message;
  }
  return peopleCount === 0 ? message('faces.nobodyKnown', { task: TASKS.people.name }) : null;
}
