/** Why the last look at a subject came to nothing: whoever pressed the button may have left before it could be said. */
import { z } from 'zod';
import type { EntityRef } from '../../core/content-id.ts';
import type { FacesView } from '../../core/contract/faces.ts';
import type { WorkItem } from '../../core/ports/work-queue.ts';
import type { StateKey } from '../../core/state-keys.ts';
import { MessageOrText, type Message } from '../../core/messages/schema.ts';
import type { Context } from '../runs/task.ts';
import { message, plain } from '../../core/messages/message.ts';

type FailedAttempt = NonNullable<FacesView['lastFailure']>;
type Parts = Pick<Context, 'store' | 'now'>;

const Noted = z.object({ at: z.number(), begunAt: z.number(), message: MessageOrText });
type Noted = z.infer<typeof Noted>;

const KEPT_MS = 30 * 86_400_000;
/** What a look has seen that was given up within this time need not be seen again by the next one. */
const GOES_ON_WITHIN_MS = 3_600_000;
const CUT_SHORT = message('identify.cutShort');

/**
Of an operation, which the browser's leaving kills: what is noted first is all that is ever known of it.

@returns when this look was begun, or the one before that it goes on with
*/
export async function noteBeginning({ store, now }: Parts, entity: EntityRef): Promise<number> {
  const before = await readNoted({ store }, entity);
  const goesOn = before !== null && before.begunAt > now() - GOES_ON_WITHIN_MS;
  const begunAt = goesOn ? before.begunAt : now();
  await note({ store }, entity, { at: now(), begunAt, message: CUT_SHORT });
  return begunAt;
}

export async function noteFailure({ store, now }: Parts, entity: EntityRef, said: Message): Promise<void> {
  const before = await readNoted({ store }, entity);
  await note({ store }, entity, { at: now(), begunAt: before?.begunAt ?? now(), message: said });
}

export async function noteSuccess({ store }: Pick<Context, 'store'>, entity: EntityRef): Promise<void> {
  await store.state.delete(keyOf(entity));
}

/**
The newest failure, unless a look has worked since. Of a list's item its own error counts; where the whole run failed or was
lost, the item is still to be done and the run tells why. Asked while nothing works on it.
*/
export async function findFailure(
  { store }: Pick<Context, 'store'>,
  entity: EntityRef,
  {
    pendingRequests,
    toIdentify,
    observedAt,
  }: {
    /** What lists have of it. */
    readonly pendingRequests: readonly WorkItem[];
    /** The one among them that is still to be done for who asked at the page. */
    readonly toIdentify: WorkItem | null;
    readonly observedAt: number | null;
  },
): Promise<FailedAttempt | null> {
  const noted = await readNoted({ store }, entity);
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

async function note({ store }: Pick<Context, 'store'>, entity: EntityRef, noted: Noted): Promise<void> {
  await store.state.set(keyOf(entity), noted, KEPT_MS);
}

async function readNoted({ store }: Pick<Context, 'store'>, entity: EntityRef): Promise<Noted | null> {
  const noted = Noted.safeParse(await store.state.get(keyOf(entity)));
  return noted.success ? noted.data : null;
}

function keyOf({ kind, id }: EntityRef): StateKey {
  return `attempt-failed:${kind}:${id}`;
}
