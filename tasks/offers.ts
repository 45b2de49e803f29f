/** What a run has put on the lists, so that its later slices need not list Stash again. */
import type { Context } from './task.ts';
import type { StateKey } from '../core/state-keys.ts';

type What = 'items' | 'people';

/** Runs do not live longer. */
const TTL_MS = 90 * 86_400_000;

/** `settled`: the settings that say what is offered; with others it was not. */
export async function isOffered(
  { store }: Pick<Context, 'store'>,
  what: What,
  runId: string,
  settled: string,
): Promise<boolean> {
  return (await store.state.get(keyOf(what, runId))) === settled;
}

export async function keepOffered(
  { store }: Pick<Context, 'store'>,
  what: What,
  runId: string,
  settled: string,
): Promise<void> {
  await store.state.set(keyOf(what, runId), settled, TTL_MS);
}

/** So that Stash is listed once more: something may have come since. */
export async function forgetOffers({ store }: Pick<Context, 'store'>, runId: string): Promise<void> {
  for (const what of ['items', 'people'] as const) await store.state.delete(keyOf(what, runId));
}

function keyOf(what: What, runId: string): StateKey {
  return `${what}-offered:${runId}`;
}
