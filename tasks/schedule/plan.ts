import { NOTHING_PLANNED, type PlanRules } from '../../core/schedule/plan.ts';
import { SCHEDULABLE, type Schedulable } from '../../core/schedule/schedulable.ts';
import type { Context } from '../runs/task.ts';

/** All that is set of the schedule. */
export type Plan = Omit<PlanRules, 'expressions'> & {
  readonly expressions: Readonly<Record<Schedulable, string>>;
};

/** The schedule of *Scan library* is a setting of Stash's, as it was before other tasks had one. */
export async function readPlan({ store, settings }: Pick<Context, 'store' | 'settings'>): Promise<Plan> {
  const rules = (await store.state.get('schedule-plan')) ?? NOTHING_PLANNED;
  const expressionOf = (task: Schedulable): string =>
    task === 'scan' ? settings.schedule : (rules.expressions[task] ?? '');
  return {
    ...rules,
    expressions: Object.fromEntries(
      SCHEDULABLE.map((task) => [task, expressionOf(task)]),
    ) as Plan['expressions'],
  };
}

/** Stores what is given of it. @returns the plan as it is now */
export async function changePlan(
  { store, library, settings }: Pick<Context, 'store' | 'library' | 'settings'>,
  {
    expressions = {},
    ...rules
  }: Partial<Omit<Plan, 'expressions'>> & {
    readonly expressions?: Partial<Plan['expressions']>;
  },
): Promise<Plan> {
  const { scan, ...others } = expressions;
  if (scan !== undefined && scan !== settings.schedule) await library.changeSettings({ schedule: scan });
  await store.transaction(async () => {
    const before = (await store.state.get('schedule-plan')) ?? NOTHING_PLANNED;
    const given = Object.entries(rules).filter(([, value]) => value !== undefined);
    await store.state.set('schedule-plan', {
      ...before,
      ...(Object.fromEntries(given) as typeof rules),
      expressions: { ...before.expressions, ...others },
    });
  });
  return await readPlan({
    store,
    settings: scan === undefined ? settings : { ...settings, schedule: scan },
  });
}
