import type { SchedulerView } from '../../../core/contract/schedule/view.ts';
import { messageOf } from '../../../core/errors.ts';
import { logFault } from '../../../core/log-fault.ts';
import {
  isSchedulerAlive,
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

/**
Starts the background scheduler where it is switched on and does not run, or is of another version; ends it where it is
switched off. Never throws: what asked for it goes on without.
*/
export async function keepScheduler(context: Parts, { background }: Pick<Plan, 'background'>): Promise<void> {
  const { dataFolder, version, now, sleep, log, startScheduler } = context;
  try {
    const mark = readMark(dataFolder);
    const isRunning = mark?.state === 'running' && isSchedulerAlive(dataFolder, mark, now());
    if (isRunning && background && mark.version === version) return;
    if (isRunning) stopScheduler(dataFolder);
    if (!background || startScheduler === null) return;
    // Of one that was killed: the new one is known by its own.
    removeMark(dataFolder);
    await startScheduler();
    // The next that asks, a moment later, must find it.
    for (let waited = 0; waited < START_MS && readMark(dataFolder)?.state !== 'running'; waited += LOOK_MS)
      await sleep(LOOK_MS);
  } catch (error) {
    log.warn(messageOf(error));
    logFault(log, error);
  }
}

/** What the scheduler kept in mind has changed. */
export function tellScheduler({ dataFolder, now }: Pick<Context, 'dataFolder' | 'now'>): void {
  touchMark(dataFolder, now());
}

export function viewOfScheduler(
  { dataFolder, now }: Pick<Context, 'dataFolder' | 'now'>,
  { background, scansNew }: Pick<Plan, 'background' | 'scansNew'>,
): SchedulerView {
  const mark = readMark(dataFolder);
  const running =
    mark?.state === 'running' && isSchedulerAlive(dataFolder, mark, now())
      ? { startedAt: mark.startedAt, version: mark.version, pid: mark.pid }
      : null;
  return { isOn: background, scansNew, running, ended: mark?.state === 'ended' ? mark.why : null };
}
