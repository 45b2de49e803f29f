/** Runs of "Check library health" over a Stash in memory. */
import type { TestContext } from 'node:test';
import { taskArgsSchema } from '../../../core/runs/task-args.ts';
import type { HealthAnalyzerId } from '../../../core/health/analyzers.ts';
import type { Suggestion, SuggestionState } from '../../../core/suggestions/suggestion.ts';
import { checkHealth } from '../../../tasks/health/task.ts';
import { runSlice, type SliceReport } from '../../../tasks/runs/run-slice.ts';
import { FAST, fakeContext, type FakeContext } from '../../fakes/context.ts';
import { memoryStash, type MemoryStash } from '../../fakes/memory-stash.ts';

export type Opened = { readonly context: FakeContext; readonly stash: MemoryStash };

export async function opened(t: TestContext): Promise<Opened> {
  const stash = memoryStash();
  return { context: await fakeContext(t, stash), stash };
}

export async function check(context: FakeContext): Promise<SliceReport> {
  return await runSlice(context, checkHealth, taskArgsSchema('health').parse({}), {});
}

/** Slices that end at the first chance, until the run ends. */
export async function checkInSlices({ context: base, stash }: Opened, most = 200): Promise<number> {
  const context = { ...base, limits: { ...FAST, sliceMs: 0 } };
  let { end } = await check(context);
  let slices = 1;
  for (; end === 'requeued' && slices < most; slices++) {
    const { run, token } = stash.started.at(-1)?.args ?? {};
    const next = { run: String(run), token: String(token) };
    ({ end } = await runSlice(context, checkHealth, taskArgsSchema('health').parse({}), next));
  }
  return slices;
}

export async function suggested(
  { store }: Pick<FakeContext, 'store'>,
  analyzer: HealthAnalyzerId,
  state: SuggestionState = 'open',
): Promise<Suggestion[]> {
  return (await store.suggestions.list({ analyzers: [analyzer], state }, 'newest', 10_000, 0)).items;
}

/** Ids of what an analyzer suggests something of, in order. */
export async function idsOf(
  context: Pick<FakeContext, 'store'>,
  analyzer: HealthAnalyzerId,
  state: SuggestionState = 'open',
): Promise<string[]> {
  const found = await suggested(context, analyzer, state);
  return found.map(({ entity }) => entity.id).toSorted((a, b) => Number(a) - Number(b));
}
