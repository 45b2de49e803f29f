/** How far a run has listed Stash, so that its later slices list only the rest. */
import { RUN_TTL_MS, type Context } from './task.ts';
import type { StateValue } from '../../core/state-keys.ts';

type What = 'entities' | 'people';

export type Listing = Omit<StateValue<'entities-enqueued:'>, 'settled'>;

/** `settled`: the settings that say what is listed; a listing made with others does not count. */
export async function readListing(
  { store }: Pick<Context, 'store'>,
  what: What,
  runId: string,
  settled: string,
): Promise<Listing> {
  const kept = await store.state.get(keyOf(what, runId));
  return kept?.settled === settled ? kept : { isWhole: false, kind: '', after: '0' };
}

export async function keepListing(
  { store }: Pick<Context, 'store'>,
  what: What,
  runId: string,
  settled: string,
  listing: Listing,
): Promise<void> {
  await store.state.set(keyOf(what, runId), { settled, ...listing }, RUN_TTL_MS);
}

/** So that Stash is listed once more: something may have come since. */
export async function forgetEnqueued({ store }: Pick<Context, 'store'>, runId: string): Promise<void> {
  for (const what of ['entities', 'people'] as const) await store.state.delete(keyOf(what, runId));
}

function keyOf(what: What, runId: string) {
  return `${what}-enqueued:${runId}` as const;
}
