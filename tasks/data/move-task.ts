import { messageOf, saidOf, StashSenseError } from '../../core/errors.ts';
import { realOf } from '../../plugin/system/data-place.ts';
import { logFault } from '../../core/log-fault.ts';
import { TASKS } from '../../core/runs/tasks.ts';
import { saidTask } from '../../core/runs/task-words.ts';
import { isRunAlive } from '../runs/liveness.ts';
import { INFERENCE } from '../runs/inference-lock.ts';
import { tryLocks, type Locks } from '../runs/locks.ts';
import {
  markTarget,
  clearTarget,
  copyFiles,
  unmarkTarget,
  rollback,
  storeModifiedAt,
  markMoved,
  planMove,
  removeOldFolder,
  type Move,
  type MovePlan,
} from './move-plan.ts';
import { defineTask, STOPPED, type Context, type Slice, type SliceEnd } from '../runs/task.ts';
import { changeSetting, checkSetting, isHere } from './folder-setting.ts';
import { WRITE } from '../suggestions/write.ts';
import { message, type Message } from '../../core/messages/message.ts';

/** Wait before the old folder is deleted: a process that has read the old setting has opened its store, or found `MOVED_MARKER`. */
const GRACE_MS = 3000;
const LOCK_RETRY_MS = 100;
/** Time in which the process of the first turn closes the old store; a later write means that another process uses it. */
const CLOSING_MS = 120_000;

/**
Moves the data folder in two jobs of Stash's queue: the first copies, checks and changes the setting, the second already works
in the new folder and deletes the old one. Killed before the setting is changed, the old folder stays in use and a new start
copies anew; killed after that, a new start deletes what is left.
*/
export const moveData = defineTask({
  mode: 'move-data',

  onStopped: rollbackMove,

  async work(context, { folder }, slice) {
    const { store, dataFolder } = context;
    const tidied = await removeOld(context, slice);
    const wanted = folder ?? (await store.state.get('move-to'));
    if (wanted === null || isHere(dataFolder, wanted))
      return {
        end: 'finished',
        message:
          tidied ??
          (wanted === null ? message('move.nothingToMove') : message('move.isHere', { folder: dataFolder })),
      };
    return await move(context, wanted, slice);
  },
});

async function move(
  context: Pick<
    Context,
    | 'store'
    | 'library'
    | 'dataFolder'
    | 'formerData'
    | 'readSettings'
    | 'owner'
    | 'limits'
    | 'now'
    | 'sleep'
    | 'log'
  >,
  wanted: string,
  slice: Slice,
): Promise<SliceEnd> {
  const { store, library, owner, limits, log } = context;
  await checkSetting(context);
  slice.progress.say(message('move.isCheckingFolder'));
  const plan = await planMove(context, wanted);
  await store.state.set('move-to', plan.to);
  await markTarget(plan);
  await clearTarget(plan);
  const moving = store.leases.keep(await store.relocation.freeze(owner), limits.heartbeatMs);
  let locks: Locks | null = null;
  const undo = async (): Promise<void> => {
    // Throws when another process has taken the move over: then nothing must be rolled back.
    await store.leases.check();
    moving.end();
    await rollbackPlan(context, plan);
  };
  try {
    locks = await refuseOthersAtWork(context);
    if ((await copyAll(context, plan, slice)) === 'stopped') {
      await undo();
      return { end: 'more', message: STOPPED };
    }
    slice.progress.say(message('move.isChangingSetting'));
    // Throws when the freeze was lost: then other processes may have written data that the copy lacks.
    await store.leases.check();
    await changeSetting(context, plan.to);
  } catch (error) {
    await undo().catch((second: unknown) => {
      log.debug(messageOf(second));
      logFault(log, second);
    });
    throw error;
  } finally {
    moving.end();
    await locks?.release();
  }
  // From here on the data is in the new folder, also when this process is killed.
  await markMoved(plan);
  const { from, to } = plan;
  const megabytes = Math.ceil(plan.bytes / 1e6);
  const task = TASKS['move-data'].name;
  try {
    await library.startTask(task, {});
    return { end: 'finished', message: message('move.hasMoved', { to, from, megabytes }) };
  } catch (error) {
    logFault(log, error);
    const problem = saidOf(error);
    const said = message('move.hasMovedStartAgain', {
      to,
      from,
      megabytes,
      task: saidTask('move-data'),
      problem,
    });
    return { end: 'finished', message: said };
  }
}

/** Does not yield: the store is frozen, so no other job could work, and the copy would start from the beginning. */
async function copyAll(
  { store, log, now }: Pick<Context, 'store' | 'log' | 'now'>,
  plan: MovePlan,
  slice: Slice,
): Promise<'copied' | 'stopped'> {
  const fileBytes = plan.files.reduce((sum, file) => sum + file.bytes, 0);
  const report = (bytes: number): void => {
    log.progress(plan.bytes === 0 ? 0 : (bytes / plan.bytes) * 0.95);
    slice.progress.say(
      message('move.isCopying', { done: Math.floor(bytes / 1e6), total: Math.ceil(plan.bytes / 1e6) }),
    );
  };
  class Stopped extends Error {}
  try {
    await copyFiles(plan, async (bytes) => {
      report(bytes);
      if (await slice.stopped()) throw new Stopped();
    });
    await store.relocation.copyTo(plan.to, {
      run: slice.run.id,
      addState: (state) => state.set('move-left-behind', { folder: plan.from, at: now() }),
      onProgress: (fraction) => report(fileBytes + fraction * (plan.bytes - fileBytes)),
    });
  } catch (error) {
    if (error instanceof Stopped) return 'stopped';
    throw error;
  }
  return (await slice.stopped()) ? 'stopped' : 'copied';
}

async function rollbackPlan({ store }: Pick<Context, 'store'>, plan: Move): Promise<void> {
  await rollback(plan);
  await store.relocation.thaw();
  await store.state.delete('move-to');
}

/** Rolls back an interrupted move that no process works on: deletes what it made in the new folder. Keeps a move that is done. */
async function rollbackMove(context: Pick<Context, 'store' | 'dataFolder'>): Promise<void> {
  const { store, dataFolder } = context;
  const to = await store.state.get('move-to');
  if (to === null) return;
  if (isHere(dataFolder, to)) await store.state.delete('move-to');
  else await rollbackPlan(context, { from: realOf(dataFolder), to });
}

/** Refuses while another run works: its next write would fail with the store frozen. */
async function refuseOthersAtWork(
  context: Pick<Context, 'store' | 'owner' | 'limits' | 'now' | 'sleep'>,
): Promise<Locks> {
  const { store, limits, now, sleep } = context;
  const running = await store.runs.running();
  const other = running.find(
    (candidate) => candidate.task !== 'move-data' && isRunAlive(candidate, now(), limits.leaseMs),
  );
  if (other)
    throw new StashSenseError('busy', message('runs.isUnderWayMove', { task: saidTask(other.task) }));
  // An accept or reject holds a lock for milliseconds, and the frozen store lets no new one begin.
  const deadline = now() + limits.leaseMs;
  let locks = await tryLocks(context, [INFERENCE, WRITE]);
  while (locks === null && now() < deadline) {
    await sleep(LOCK_RETRY_MS);
    locks = await tryLocks(context, [INFERENCE, WRITE]);
  }
  if (locks === null) throw new StashSenseError('busy', message('runs.locksBusy'));
  return locks;
}

async function removeOld(
  {
    store,
    dataFolder,
    limits,
    now,
    sleep,
    log,
  }: Pick<Context, 'store' | 'dataFolder' | 'limits' | 'now' | 'sleep' | 'log'>,
  slice: Slice,
): Promise<Message | null> {
  const left = await store.state.get('move-left-behind');
  if (left === null) return null;
  const { folder, at } = left;
  const here = realOf(dataFolder);
  let said: Message;
  try {
    const written = await storeModifiedAt(folder);
    if (written !== null && written > at + CLOSING_MS)
      throw new StashSenseError('changed-since', message('move.usedSince'));
    slice.progress.say(message('move.isRemoving', { folder }));
    if (written !== null) await markMoved({ from: folder, to: here });
    const patienceMs = Math.min(GRACE_MS, limits.leaseMs);
    await sleep(Math.max(0, Math.min(patienceMs, at + patienceMs - now())));
    await store.leases.check();
    const stayed = await removeOldFolder(folder);
    said =
      stayed === null
        ? message('move.oldFolderIsGone', { here, folder })
        : message('move.oldFolderStays', {
            here,
            folder,
            count: stayed.length,
            names: stayed.slice(0, 3).join(', '),
          });
  } catch (error) {
    logFault(log, error);
    said = message('move.oldFolderNotRemoved', { here, folder, problem: saidOf(error) });
  }
  await store.transaction(async () => {
    await store.state.delete('move-left-behind');
    await store.state.delete('move-to');
  });
  await unmarkTarget(here);
  return said;
}
