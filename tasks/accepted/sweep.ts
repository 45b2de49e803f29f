/** Looks once a run at everything that is suggested: whether Stash still has it. */
import { message } from '../../core/messages/message.ts';
import type { CheckedSuggestion } from '../../core/ports/suggestions.ts';
import type { StashRef } from '../../core/stash-ref.ts';
import type { StateValue } from '../../core/state-keys.ts';
import type { Context, Slice } from '../runs/task.ts';
import { applyStanding, readValues, type StandingParts } from './standing.ts';
import { lookUpTargets, type Targets } from './targets.ts';

/** Entities of one page. */
const PAGE = 500;
/** The sweep of one run counts for "Identify" too, which is run for one scene after the other: for 60 times as long as it took, and for 5 minutes at most. */
const COUNTS_TIMES_ITS_DURATION = 60;
const COUNTS_AT_MOST_MS = 5 * 60_000;

type Sweep = StateValue<'sweep'>;

/**
Closes suggestions whose entity or target Stash no longer has, and finds accepted ones that were taken off since; whatever the
scope of the run. Reads ids and the fields that were written, and only of what has suggestions. Once a run, over any number of
slices.
*/
export async function sweepSuggestions(
  parts: StandingParts & Pick<Context, 'now'>,
  slice: Slice,
): Promise<'done' | 'yielded'> {
  const { store, now } = parts;
  const sweep = await begunSweep(parts, slice);
  if (sweep.doneAt !== null) return 'done';
  const began = now();
  const keep = async (after: StashRef | null, doneAt: number | null): Promise<void> => {
    const tookMs = sweep.tookMs + Math.max(0, now() - began);
    await store.state.set('sweep', { run: slice.run.id, after, doneAt, tookMs });
  };
  const targets: Targets = new Map();
  for (let { after } = sweep; ;) {
    const entities = await store.suggestions.entitiesToCheck(after, PAGE);
    const last = entities.at(-1);
    if (last === undefined) break;
    slice.progress.say(message('sweep.isChecking'));
    await checkPage(parts, entities, targets);
    after = last;
    slice.advanced();
    if (await slice.shouldYield()) {
      await keep(after, null);
      return 'yielded';
    }
  }
  await keep(null, now());
  return 'done';
}

/** The sweep of this run, or one of another run that still counts. */
async function begunSweep(
  { store, now }: Pick<Context, 'store' | 'now'>,
  { run }: Slice,
): Promise<Omit<Sweep, 'run'>> {
  const kept = await store.state.get('sweep');
  if (kept?.run === run.id) return kept;
  if (run.task === 'identify' && kept !== null && kept.doneAt !== null) {
    const age = now() - kept.doneAt;
    if (age >= 0 && age < Math.min(COUNTS_AT_MOST_MS, COUNTS_TIMES_ITS_DURATION * kept.tookMs)) return kept;
  }
  return { after: null, doneAt: null, tookMs: 0 };
}

/** @param targets those that were looked up for earlier pages */
async function checkPage(
  parts: StandingParts,
  entities: readonly StashRef[],
  targets: Targets,
): Promise<void> {
  const { store, library } = parts;
  const read = async (): Promise<CheckedSuggestion[]> =>
    await store.suggestions.toCheck(entities, ['open', 'accepted', 'removed']);
  let suggestions = await read();
  if (await lookUpTargets(parts, suggestions, targets)) suggestions = await read();
  await applyStanding(parts, suggestions, await readValues(library, suggestions), targets);
}
