/** Which analyzers are switched off. */
import { HEALTH_ANALYZERS, type HealthAnalyzerId } from '../../core/health/analyzers.ts';
import type { Context } from '../runs/task.ts';

export async function switchedOff({ store }: Pick<Context, 'store'>): Promise<ReadonlySet<HealthAnalyzerId>> {
  const off = (await store.state.get('health-off')) ?? [];
  return new Set(HEALTH_ANALYZERS.filter((id) => off.includes(id)));
}

/** Closes what an analyzer suggested; switched on again, it looks at everything. */
export async function closeAllOf({ store }: Pick<Context, 'store'>, id: HealthAnalyzerId): Promise<void> {
  await store.transaction(async () => {
    await store.suggestions.closeAllBy(id);
    await store.state.delete(`health-looked:${id}`);
  });
}
