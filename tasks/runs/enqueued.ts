/** How far a run has listed Stash, so that its later slices list only the rest. */
import { z } from 'zod';
import { RUN_TTL_MS, type Context } from './task.ts';
import type { StateKey } from '../../core/state-keys.ts';

type What = 'entities' | 'people';

/** Up to the id `after` of the kind `kind`; the kinds before it are listed whole. `isWhole`: nothing is left to list. */
export type Listing = { readonly isWhole: boolean; readonly kind: string; readonly after: string };
const Kept = z.object({ settled: z.string(), isWhole: z.boolean(), kind: z.string(), after: z.string() });

/** `settled`: the settings that say what is listed; a listing made with others does not count. */
export async function readListing(
  { store }: Pick<Context, 'store'>,
  what: What,
  runId: string,
  settled: string,
): Promise<Listing> {
  const kept = Kept.safeParse(await store.state.get(keyOf(what, runId)));
  return kept.success && kept.data.settled === settled ? kept.data : { isWhole: false, kind: '', after: '0' };
}

export async function keepListing(
  { store }: Pick<Context, 'store'>,
  what: What,
  runId: string,
  settled: string,
  listing: Listing,
): Promise<void> {
  await store.state.set(
    keyOf(what, runId),
    { settled, ...listing } satisfies z.input<typeof Kept>,
    RUN_TTL_MS,
  );
}

/** So that Stash is listed once more: something may have come since. */
export async function forgetEnqueued({ store }: Pick<Context, 'store'>, runId: string): Promise<void> {
  for (const what of ['entities', 'people'] as const) await store.state.delete(keyOf(what, runId));
}

function keyOf(what: What, runId: string): StateKey {
  return `${what}-enqueued:${runId}`;
}
