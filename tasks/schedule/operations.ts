import type { LocalTime, ScheduleView } from '../../core/contract/schedule/view.ts';
import { saidOf, hasCode } from '../../core/errors.ts';
import { message, type Message } from '../../core/messages/message.ts';
import { TASKS } from '../../core/runs/tasks.ts';
import { quietUntil, type QuietHours } from '../../core/schedule/quiet-hours.ts';
import { SCHEDULABLE } from '../../core/schedule/schedulable.ts';
import type { Operations } from '../runs/task.ts';
import { startDue, type StartParts } from './due.ts';
import { nextDue } from './next-run.ts';
import { changePlan, readPlan } from './plan.ts';

const TIMES_SHOWN = 5;

type Names = 'schedule.get' | 'schedule.set' | 'schedule.preview' | 'schedule.tellPlaying';

export const scheduleOperations: Pick<Operations, Names> = {
  'schedule.get': (context) => viewOf(context),

  'schedule.set': async (context, changes) => {
    const problems = SCHEDULABLE.flatMap((task) => {
      const problem = problemOf(changes.expressions?.[task] ?? '', context.now());
      return problem === null ? [] : [message('schedule.ofTask', { task: TASKS[task].name, problem })];
    });
    if (problems.length > 0) return { problems, view: await viewOf(context) };
    const { expressions } = await changePlan(context, changes as Parameters<typeof changePlan>[1]);
    const settings = { ...context.settings, schedule: expressions.scan };
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

  'schedule.tellPlaying': async (context) => {
    const { expressions, waitsForWatching } = await readPlan(context);
    const matters = waitsForWatching && Object.values(expressions).some((expression) => expression !== '');
    if (matters) await context.store.state.set('played-at', context.now());
    return { matters };
  },
};

async function viewOf(context: StartParts): Promise<ScheduleView> {
  const schedules = await startDue(context);
  const { expressions: _, ...rules } = await readPlan(context);
  return {
    tasks: schedules.map(({ nextAt, ...one }) => ({
      ...one,
      next: nextAt === null ? null : localTime(afterQuiet(new Date(nextAt), rules.quietHours)),
    })),
    ...rules,
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
