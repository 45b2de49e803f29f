import { HEALTH_ANALYZERS, type HealthAnalyzerId } from '../../core/health/analyzers.ts';
import type { Output } from '../../core/contract/operations.ts';
import type { Context, Operations } from '../runs/task.ts';
import { analyzers } from './analyzers/index.ts';
import { closeAllOf, switchedOff } from './switches.ts';

export const healthOperations: Pick<Operations, 'health.view' | 'health.set'> = {
  'health.view': view,

  'health.set': async (context, { id, isOn }) => {
    const { store } = context;
    const off = new Set<HealthAnalyzerId>(await switchedOff(context));
    if (isOn) off.delete(id);
    else off.add(id);
    await store.transaction(async () => {
      await store.state.set(
        'health-off',
        HEALTH_ANALYZERS.filter((one) => off.has(one)),
      );
      if (!isOn) await closeAllOf(context, id);
    });
    return await view(context);
  },
};

async function view({ store }: Pick<Context, 'store'>): Promise<Output<'health.view'>> {
  const off = await switchedOff({ store });
  return {
    analyzers: await Promise.all(
      analyzers.map(async ({ id }) => ({
        id,
        isOn: !off.has(id),
        open: (await store.suggestions.list({ analyzers: [id], state: 'open' }, 'newest', 0, 0)).total,
      })),
    ),
  };
}
