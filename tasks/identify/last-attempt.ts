/** Why the last identification of an entity failed: the page may have been closed before it could show the error. */
import type { EntityRef } from '../../core/content-id.ts';
import type { FacesView } from '../../core/contract/faces.ts';
import type { WorkItem } from '../../core/ports/work-queue.ts';
import type { Message } from '../../core/messages/schema.ts';
import type { Context } from '../runs/task.ts';
import { message, plain } from '../../core/messages/message.ts';

type FailedAttempt = NonNullable<FacesView['lastFailure']>;
type Parts = Pick<Context, 'store' | 'now'>;

const KEPT_MS = 30 * 86_400_000;
/** An interrupted identification is resumed within this time: files observed since its beginning are not observed anew. */
const RESUME_WITHIN_MS = 3_600_000;
const CUT_SHORT = message('identify.cutShort');

/**
Stores that an operation has begun. Stash kills the process when the browser disconnects, so nothing can be stored after it.

@returns when this identification began, or the interrupted one that it resumes
*/
export async function noteBeginning({ store, now }: Parts, entity: EntityRef): Promise<number> {
  const before = await store.state.get(keyOf(entity));
  const goesOn = before !== null && before.begunAt > now() - RESUME_WITHIN_MS;
  const begunAt = goesOn ? before.begunAt : now();
  await store.state.set(keyOf(entity), { at: now(), begunAt, message: CUT_SHORT }, KEPT_MS);
  return begunAt;
}

export async function noteFailure({ store, now }: Parts, entity: EntityRef, said: Message): Promise<void> {
  const before = await store.state.get(keyOf(entity));
  const begunAt = before?.begunAt ?? now();
  await store.state.set(keyOf(entity), { at: now(), begunAt, message: said }, KEPT_MS);
}

export async function noteSuccess({ store }: Pick<Context, 'store'>, entity: EntityRef): Promise<void> {
  await store.state.delete(keyOf(entity));
}

/**
The newest failure, unless an identification has succeeded since. For a work item its own error; when the whole run failed
or was lost, the item is still pending and the run has the reason. Called while nothing works on the entity.
*/
export async function findFailure(
  { store }: Pick<Context, 'store'>,
  entity: EntityRef,
  {
    pendingRequests,
    toIdentify,
    observedAt,
  }: {
    /** The entity's items on the work lists. */
    readonly pendingRequests: readonly WorkItem[];
    /** The pending one among them that was requested at the page. */
    readonly toIdentify: WorkItem | null;
    readonly observedAt: number | null;
  },
): Promise<FailedAttempt | null> {
  const noted = await store.state.get(keyOf(entity));
  const failures = [
    ...(noted === null ? [] : [{ at: noted.at, message: noted.message }]),
    ...ofNewestRequest(pendingRequests),
    ...(await ofRun({ store }, toIdentify)),
  ];
  const [newest] = failures.toSorted((a, b) => b.at - a.at);
  return newest && newest.at > (observedAt ?? 0) ? newest : null;
}

function ofNewestRequest(pendingRequests: readonly WorkItem[]): FailedAttempt[] {
  const [request] = pendingRequests.toSorted((a, b) => b.updatedAt - a.updatedAt);
  return request?.state === 'failed'
    ? [{ at: request.updatedAt, message: request.lastError ?? plain('') }]
    : [];
}

async function ofRun({ store }: Pick<Context, 'store'>, request: WorkItem | null): Promise<FailedAttempt[]> {
  if (request === null) return [];
  const run = (await store.runs.newestOfEach()).find(({ task }) => task === request.list);
  if (run?.state === 'running')
    return [{ at: Math.max(run.heartbeatAt, request.updatedAt), message: CUT_SHORT }];
  if (run?.state !== 'failed' || run.endedAt === null || run.endedAt < request.updatedAt) return [];
  return [{ at: run.endedAt, message: run.message }];
}

function keyOf({ kind, id }: EntityRef) {
  return `attempt-failed:${kind}:${id}` as const;
}
