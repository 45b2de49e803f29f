/** How far a run has listed Stash's entities or performers, so that a later slice lists only the rest. */
import { RUN_TTL_MS, type Context } from './task.ts';
import type { StateValue } from '../../core/state-keys.ts';

type What = 'entities' | 'people' | 'credits';

export type Listing = Omit<StateValue<'entities-enqueued:'>, 'settled'>;

/** @param settled the settings that decide what is listed; a listing made with other settings is ignored */
export async function readListing(
  { store }: Pick<Context, 'store'>,
  what: What,
  runId: string,
  settled: string,
): Promise<Listing> {
  const kept = await store.state.get(keyOf(what, runId));
  return kept?.settled === settled ? kept : { isWhole: false, kind: '', after: '0' };
}

export async function saveListing(
  { store }: Pick<Context, 'store'>,
  what: What,
  runId: string,
  settled: string,
  listing: Listing,
): Promise<void> {
  await store.state.set(keyOf(what, runId), { settled, ...listing }, RUN_TTL_MS);
}

/** Makes the run list Stash anew, to find what was added since. */
export async function deleteListings({ store }: Pick<Context, 'store'>, runId: string): Promise<void> {
  for (const what of ['entities', 'people', 'credits'] as const) await store.state.delete(keyOf(what, runId));
}

function keyOf(what: What, runId: string) {
  return `${what}-enqueued:${runId}` as const;
}
