import { randomUUID } from 'node:crypto';
import { entityKey, type ContentId, type EntityRef } from '../../core/content-id.ts';
import type { FacesView } from '../../core/contract/faces.ts';
import { hasCode, isRunWide, saidOf } from '../../core/errors.ts';
import { logFault } from '../../core/log-fault.ts';
import { message, type Message } from '../../core/messages/message.ts';
import { PARTIAL_OBSERVATION } from '../../core/faces/observation.ts';
import type { EntityIdentifications } from '../../core/matching/identifications.ts';
import type { StashEntity } from '../../core/ports/library.ts';
import { namedByMatch, settleNamed } from '../accepted/named.ts';
import { checkAccepted } from '../accepted/standing.ts';
import { readEntity } from '../suggestions/read.ts';
import { viewExcluded } from './excluded-view.ts';
import { viewPersons } from './faces-view.ts';
import { findUnseen } from './unseen.ts';
import { IDENTIFY_LIST, TASKS } from '../../core/runs/tasks.ts';
import { saidTask } from '../../core/runs/task-words.ts';
import { enqueueToIdentify } from './task.ts';
import { knownContentIds, type ObserveParts } from '../observe/observe-entity.ts';
import { createObserveAndMatch, readProgress } from './observe-and-match.ts';
import { findFailure, noteBeginning, noteFailure } from './last-attempt.ts';
import { identifyRuns, pendingRequestsFor } from './requests.ts';
import { identifyMany } from './many.ts';
import { matchDue } from '../matching/match-due.ts';
import { matchEntities } from '../matching/match.ts';
import { isJobOf, isWaitingOrRunning } from '../runs/stash-jobs.ts';
import { openRecognizer, currentMatcherVersion, type RecognizerParts } from '../matching/recognizer.ts';
import type { Context, Operations } from '../runs/task.ts';

/** Gallery size up to which loading and searching it is fast enough for an operation. */
const MAX_PEOPLE_MATCHED_AT_ONCE = 500;

type Names =
  | 'scene.faces'
  | 'entity.faces'
  | 'scene.identify'
  | 'image.identify'
  | 'gallery.identify'
  | 'entities.identify';

export const identifyOperations: Pick<Operations, Names> = {
  'scene.faces': async (context, { sceneId }) =>
    await viewUnlessExcluded(context, { kind: 'scene', id: sceneId }),

  'entity.faces': async (context, { entity }) => await viewUnlessExcluded(context, entity),

  /**
  Starts a task when Stash's queue is idle: a task shows progress, can be stopped and continues when the page is closed.
  Behind other jobs it could wait for hours, so the operation then does the work.
  */
  'scene.identify': async (context, { sceneId, force }) => {
    const { library } = context;
    const item = await readEntity(context, { kind: 'scene', id: sceneId });
    const faces = await viewFaces(context, item);
    if (faces.state === 'working' || faces.state === 'waiting') return { via: 'task', faces };
    if (!force && faces.state === 'done') return { via: 'operation', faces };
    const jobs = await library.jobs();
    const others = jobs.filter((job) => !isJobOf(job, TASKS.identify.name));
    if (others.some(isWaitingOrRunning))
      return { via: 'operation', faces: await observeNow(context, item, force) };
    // Enqueued before the task begins, which takes a second, so that the page already shows `waiting`.
    const requestId = randomUUID();
    await enqueueToIdentify(context, [item], { force, requestId, priority: 'waited for' });
    // One that waits has not read the list yet.
    if (!jobs.some((job) => job.status === 'READY' && isJobOf(job, TASKS.identify.name)))
      await library.startTask(TASKS.identify.name, { scene_ids: [sceneId], force, requestId });
    return { via: 'task', faces: { ...faces, state: 'waiting', problem: null, lastFailure: null } };
  },

  'image.identify': async (context, { imageId, force }) =>
    await observeUnlessKnown(context, { kind: 'image', id: imageId }, force),

  'gallery.identify': async (context, { galleryId, force }) =>
    await observeUnlessKnown(context, { kind: 'gallery', id: galleryId }, force),

  'entities.identify': identifyMany,
};

async function viewUnlessExcluded(context: ViewParts, entity: EntityRef): Promise<FacesView> {
  let item: StashEntity;
  try {
    item = await readEntity(context, entity);
  } catch (error) {
    if (hasCode(error, 'excluded')) return await viewExcluded(context, entity, error.said);
    throw error;
  }
  return await viewFaces(context, item);
}

async function observeUnlessKnown(
  context: ObserveParts & Pick<Context, 'openGallery' | 'referencePacks'>,
  entity: EntityRef,
  force: boolean,
): Promise<FacesView> {
  const item = await readEntity(context, entity);
  const faces = await viewFaces(context, item);
  const isThere = faces.state === 'working' || (faces.state === 'done' && !force);
  return isThere ? faces : await observeNow(context, item, force);
}

async function observeNow(
  context: ObserveParts & Pick<Context, 'openGallery' | 'referencePacks'>,
  item: StashEntity,
  force: boolean,
): Promise<FacesView> {
  const since = await noteBeginning(context, item);
  try {
    await createObserveAndMatch(context)(item, { force, since, waiting: 'for a person' });
  } catch (error) {
    logFault(context.log, error);
    // A failure to store it (such as a full disk) must not hide the reason.
    await noteFailure(context, item, saidOf(error)).catch((second: unknown) => logFault(context.log, second));
    // `busy` is shown beside the known faces.
    if (isRunWide(error) && !hasCode(error, 'busy')) throw error;
  }
  return await viewFaces(context, item);
}

export type ViewParts = RecognizerParts & Pick<Context, 'library' | 'exclusions' | 'limits' | 'now'>;

/** The stored result of an entity; decodes no media and opens no model. */
export async function viewFaces(
  context: Omit<ViewParts, 'exclusions'>,
  item: StashEntity,
): Promise<FacesView> {
  const { store, vision } = context;
  const { performerIds: performers, tagIds: tags } = item;
  await checkAccepted(context, [item], new Map([[entityKey(item), { performers, tags }]]));
  await settleNamed(context, await namedByMatch(store, item));
  await store.credits.note([item], { isMatchedNext: true });
  await matchDue(context);
  const [progress, counts, ofPacks, pendingRequests] = await Promise.all([
    readProgress(context, item),
    store.people.counts(vision.packId),
    context.referencePacks.peopleCount(),
    pendingRequestsFor(context, item),
  ]);
  const toIdentify =
    pendingRequests.find(({ list, state }) => list === IDENTIFY_LIST && state === 'pending') ?? null;
  const isWaiting = progress === null && toIdentify !== null && (await identifyRuns(context));
  const peopleCount = counts.withReference + ofPacks;
  const { identifications, isWhole } = await currentIdentifications(context, item, peopleCount);
  const isOutdated =
    identifications !== null &&
    peopleCount > MAX_PEOPLE_MATCHED_AT_ONCE &&
    (await store.observations.matchedWith(item)) !== (await currentMatcherVersion(context));
  const seen =
    identifications === null
      ? { observedAt: null, frameCount: 0, persons: [] }
      : await viewPersons(context, item, await store.observations.contentOf(item), identifications);
  const shown = (identifications?.persons ?? []).filter(({ key }) =>
    seen.persons.some((person) => person.key === key && person.hiddenId === undefined),
  );
  const unseen = await findUnseen(context, item, shown);
  const isUnderWay = progress !== null || isWaiting;
  const lastFailure = isUnderWay
    ? null
    : await findFailure(context, item, {
        pendingRequests,
        toIdentify,
        // A partial observation is newer than the failure that interrupted it.
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
    ...(unseen.length > 0 && { unseen }),
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
The stored identifications; matches now when the files are observed and the entity was never matched.
`isWhole`: the observation is complete.
*/
async function currentIdentifications(
  context: RecognizerParts & Pick<Context, 'library'>,
  item: StashEntity,
  peopleCount: number,
): Promise<{ identifications: EntityIdentifications | null; isWhole: boolean }> {
  const { store, vision } = context;
  const linked = await store.observations.contentOf(item);
  const contentIds = currentContentIds(item, linked);
  const observations = await store.observations.getMany(contentIds, vision.packId);
  if (observations.size === 0) return { identifications: null, isWhole: false };
  const isWhole = [...observations.values()].some(
    (observation) => observation.samplingVersion !== PARTIAL_OBSERVATION,
  );
  const identifications = await store.identifications.get(item);
  const matchedWith = await store.observations.matchedWith(item);
  // References, confirmed faces or the threshold have changed since. With a large gallery the next run of a task rematches.
  const isCurrent =
    contentIds === linked &&
    (peopleCount > MAX_PEOPLE_MATCHED_AT_ONCE || matchedWith === (await currentMatcherVersion(context)));
  if (identifications !== null && matchedWith !== null && isCurrent) return { identifications, isWhole };
  await store.observations.link(item, item.title, contentIds);
  await store.identifications.notePerformers([item]);
  await matchEntities(context, await openRecognizer(context, 'few probes'), [item]);
  return { identifications: await store.identifications.get(item), isWhole };
}

/**
The entity's current content ids. Its files may be observed under another entity (moved, or deleted and scanned anew by
Stash), and the linked content may be another film (the file was replaced).
*/
function currentContentIds(item: StashEntity, linked: ContentId[]): ContentId[] {
  const now = item.kind === 'gallery' ? [] : knownContentIds(item.kind, item.files);
  return now.length === 0 || linked.some((contentId) => now.includes(contentId)) ? linked : now;
}

async function problemOf(
  { vision }: Pick<Context, 'vision'>,
  state: FacesView['state'],
  peopleCount: number,
): Promise<Message | null> {
  if (state === 'never') {
    const { weights, ffmpeg } = await vision.describe();
    if (!weights.ok) return weights.message;
    if (!ffmpeg.ok) return ffmpeg.message;
  }
  return peopleCount === 0 ? message('faces.nobodyKnown', { task: saidTask('people') }) : null;
}
