import type { LocalTime, ScheduleView } from '../../core/contract/schedule/view.ts';
import { saidOf, hasCode } from '../../core/errors.ts';
import { message, type Message } from '../../core/messages/message.ts';
import { saidTask } from '../../core/runs/task-words.ts';
import { quietUntil, type QuietHours } from '../../core/schedule/quiet-hours.ts';
import { SCHEDULABLE } from '../../core/schedule/schedulable.ts';
import type { Context, Operations } from '../runs/task.ts';
import { keepScheduler, tellScheduler, viewOfScheduler } from './background/keep.ts';
import { startDue, type StartParts } from './due.ts';
import { nextDue } from './next-run.ts';
import { changePlan, readPlan } from './plan.ts';

const TIMES_SHOWN = 5;

/** What waits for a queue or for somebody who watches is looked at again after this long. */
const AGAIN_MS = 2 * 60_000;
/** A scheduler asks every half hour at least: one that has not for longer is gone. */
const FOREGROUND_MS = 40 * 60_000;

type Names =
  | 'schedule.get'
  | 'schedule.set'
  | 'schedule.preview'
  | 'schedule.background'
  | 'schedule.tick'
  | 'schedule.tellPlaying';

export const scheduleOperations: Pick<Operations, Names> = {
  'schedule.get': (context) => viewOf(context),

  'schedule.set': async (context, changes) => {
    const problems = SCHEDULABLE.flatMap((task) => {
      const problem = problemOf(changes.expressions?.[task] ?? '', context.now());
      return problem === null ? [] : [message('schedule.ofTask', { task: saidTask(task), problem })];
    });
    if (problems.length > 0) return { problems, view: await viewOf(context) };
    const { expressions } = await changePlan(context, changes as Parameters<typeof changePlan>[1]);
    const settings = { ...context.settings, schedule: expressions.scan };
    tellScheduler(context);
    return { problems, view: await viewOf({ ...context, settings }) };
  },

  'schedule.preview': ({ now }, { expression, quietHours }) => {
    const times: { time: LocalTime; startsAt: LocalTime }[] = [];
    try {
      let next = expression === '' ? null : nextDue(expression, new Date(now()));
      while (next !== null && times.length < TIMES_SHOWN) {
        times.push({ time: localTime(next), startsAt: localTime(afterQuiet(next, quietHours)) });
        next = nextDue(expression, next);
      }
      return Promise.resolve({ times, problem: null });
    } catch (error) {
      if (!hasCode(error, 'bad-input')) throw error;
      return Promise.resolve({ times: [], problem: saidOf(error) });
    }
  },

  'schedule.background': async (context, { on }) => {
    await changePlan(context, { background: on });
    return await viewOf(context);
  },

  'schedule.tick': async (context, { newScenes, isForeground }) => {
    const { store, version, now } = context;
    if (isForeground) await store.state.set('foreground-asked-at', now(), FOREGROUND_MS);
    const plan = await readPlan(context);
    await keepScheduler(context, plan);
    if (newScenes && plan.scansNew) await store.state.set('new-scenes', true);
    const schedules = await startDue(context);
    const isWaiting = schedules.some(({ due }) => due) || (await store.state.get('new-scenes')) === true;
    if (isWaiting) {
      const again = quietUntil(plan.quietHours, new Date(now()))?.getTime() ?? now() + AGAIN_MS;
      return { version, nextAskAt: again };
    }
    const times = schedules.flatMap(({ nextAt }) => nextAt ?? []);
    return { version, nextAskAt: times.length === 0 ? null : Math.min(...times) };
  },

  'schedule.tellPlaying': async (context) => {
    const { expressions, waitsForWatching } = await readPlan(context);
    const matters = waitsForWatching && Object.values(expressions).some((expression) => expression !== '');
    if (matters) await context.store.state.set('played-at', context.now());
    return { matters };
  },
};

type ViewParts = StartParts & Pick<Context, 'dataFolder' | 'version' | 'sleep' | 'startScheduler'>;

async function viewOf(context: ViewParts): Promise<ScheduleView> {
  const schedules = await startDue(context);
  const { expressions: _, background, scansNew, ...rules } = await readPlan(context);
  await keepScheduler(context, { background });
  return {
    tasks: schedules.map(({ nextAt, ...one }) => ({
      ...one,
      next: nextAt === null ? null : localTime(afterQuiet(new Date(nextAt), rules.quietHours)),
    })),
    ...rules,
    scheduler: {
      ...viewOfScheduler(context, { background, scansNew }),
      foregroundAskedAt: await context.store.state.get('foreground-asked-at'),
    },
    now: localTime(new Date(context.now())),
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  };
}

function problemOf(expression: string, now: number): Message | null {
  try {
    if (expression !== '') nextDue(expression, new Date(now));
    return null;
  } catch (error) {
    if (!hasCode(error, 'bad-input')) throw error;
    return saidOf(error);
  }
}

function afterQuiet(time: Date, quietHours: QuietHours | null): Date {
  return quietUntil(quietHours, time) ?? time;
}

/** Of this machine, which is Stash's. */
function localTime(time: Date): LocalTime {
  return { at: time.getTime(), offsetMinutes: -time.getTimezoneOffset() };
}
