import type { SchedulerView } from '../../../core/contract/schedule/view.ts';
import { messageOf } from '../../../core/errors.ts';
import { logFault } from '../../../core/log-fault.ts';
import {
  type EndedMark,
  isSchedulerAlive,
  type Mark,
  readMark,
  removeMark,
  stopScheduler,
  touchMark,
} from '../../../plugin/system/background/mark.ts';
import type { Context } from '../../runs/task.ts';
import type { Plan } from '../plan.ts';

type Parts = Pick<Context, 'dataFolder' | 'version' | 'now' | 'sleep' | 'log' | 'startScheduler'>;

/** It has begun long before. */
const START_MS = 3000;
const LOOK_MS = 50;
/** One that ended by itself would mostly end again. */
const LEFT_ALONE_MS = 60_000;
/** The same where it ended soon after it had begun. */
const LEFT_ALONE_LONG_MS = 10 * 60_000;
const SOON_MS = 60_000;

/**
Starts the background scheduler where it is switched on and does not run, or is of another version; ends it where it is
switched off. Whoever has no session to hand on changes nothing about one that is switched on. Never throws: what asked for it
goes on without.
*/
export async function keepScheduler(context: Parts, { background }: Pick<Plan, 'background'>): Promise<void> {
  const { dataFolder, version, now, sleep, log, startScheduler } = context;
  try {
    const mark = readMark(dataFolder);
    const isRunning = mark?.state === 'running' && isSchedulerAlive(dataFolder, mark, now());
    if (!background) {
      if (isRunning) stopScheduler(dataFolder);
      // Switched on again, one starts at once.
      else if (mark?.state === 'ended') removeMark(dataFolder);
      return;
    }
    if (startScheduler === null || (isRunning && mark.version === version)) return;
    if (mark?.state === 'ended' && isLeftAlone(mark, now())) return;
    // One of another version is not ended here: with it Stash would end us, whom it may be asking. It finds the new one named.
    await startScheduler();
    // The next that asks, a moment later, must find it.
    for (let waited = 0; waited < START_MS && !isSucceeded(mark, readMark(dataFolder)); waited += LOOK_MS)
      await sleep(LOOK_MS);
  } catch (error) {
    log.warn(messageOf(error));
    logFault(log, error);
  }
}

function isLeftAlone({ at, why, ranMs = SOON_MS }: EndedMark, now: number): boolean {
  if (why.id === 'schedule.ended.updated') return false;
  // A time that lies ahead is of a clock that was set back.
  return Math.abs(now - at) < (ranMs < SOON_MS ? LEFT_ALONE_LONG_MS : LEFT_ALONE_MS);
}

function isSucceeded(before: Mark | null, after: Mark | null): boolean {
  return after?.state === 'running' && (before?.state !== 'running' || before.owner !== after.owner);
}

/** What the scheduler kept in mind has changed. */
export function tellScheduler({ dataFolder, now }: Pick<Context, 'dataFolder' | 'now'>): void {
  touchMark(dataFolder, now());
}

export function viewOfScheduler(
  { dataFolder, now }: Pick<Context, 'dataFolder' | 'now'>,
  { background, scansNew }: Pick<Plan, 'background' | 'scansNew'>,
): Omit<SchedulerView, 'foregroundAskedAt'> {
  const mark = readMark(dataFolder);
  const running =
    mark?.state === 'running' && isSchedulerAlive(dataFolder, mark, now())
      ? { startedAt: mark.startedAt, version: mark.version, pid: mark.pid }
      : null;
  return { isOn: background, scansNew, running, ended: mark?.state === 'ended' ? mark.why : null };
}
