import { HEALTH_ANALYZERS } from '../../core/health/analyzers.ts';
import type { HealthPosition } from '../../core/health/position.ts';
import { message } from '../../core/messages/message.ts';
import { EXCLUSION_SETTINGS } from '../../core/settings.ts';
import { sweepSuggestions } from '../accepted/sweep.ts';
import { defineTask, MORE, type Context, type Slice } from '../runs/task.ts';
import type { Analyzer, SceneAnalyzer } from './analyzer.ts';
import { analyzers } from './analyzers/index.ts';
import { beginPass, goThrough, type HealthParts } from './passes.ts';
import { closeAllOf, switchedOff } from './switches.ts';
import { findWhole } from './whole.ts';

/** Runs the analyzers that are switched on, on what was changed since they ran the last time. */
export const checkHealth = defineTask({
  mode: 'health',

  async work(context, _args, slice) {
    const { progress } = slice;
    progress.step(message('health.step'));
    // What points at something that Stash no longer has is closed first.
    if ((await sweepSuggestions(context, slice)) === 'yielded') return MORE;
    const off = await switchedOff(context);
    for (const id of off) await closeAllOf(context, id);
    const on = analyzers.filter((one) => !off.has(one.id) && (context.besideStash || !readsDisks(one)));

    let at = await begun(context, slice);
    for (;;) {
      const left = on.filter(({ id }) => !at.done.includes(id));
      progress.at(fractionOf(at, on.length));
      const ran = await runNext(context, slice, at, left);
      if (ran === null) break;
      at = ran.position;
      if (ran.end === 'yielded' || (left.length > 1 && (await slice.shouldYield()))) return MORE;
    }
    await context.store.state.delete('health-at');
    return { end: 'finished', message: message('health.finished', { looked: at.looked, found: at.found }) };
  },
});

function readsDisks(analyzer: Analyzer): boolean {
  return analyzer.looksAt === 'all' && analyzer.readsDisks === true;
}

type Ran = { readonly end: 'done' | 'yielded'; readonly position: HealthPosition };

/** The pass that goes on, or the next one that is due; null: all are through. */
async function runNext(
  context: HealthParts,
  slice: Slice,
  at: HealthPosition,
  left: readonly Analyzer[],
): Promise<Ran | null> {
  const keep = (position: HealthPosition): Promise<void> => context.store.state.set('health-at', position);
  const [first] = left;
  if (first === undefined) return null;
  if (first.looksAt === 'all') {
    const analyzer = message(`health.analyzer.${first.id}`);
    slice.progress.say(message('health.isFinding', { analyzer }));
    return await findWhole(context, slice, at, { analyzer: first, settled: settledOf(context, first) }, keep);
  }
  const settled = (analyzer: Analyzer): string => settledOf(context, analyzer);
  // A pass that was begun with an analyzer that is switched off by now, or with other exclusions, is begun anew.
  const goesOn =
    at.pass !== null &&
    at.pass.analyzers.every((id, n) =>
      left.some((one) => one.id === id && settled(one) === at.pass?.settled[n]),
    );
  const pass = goesOn ? at.pass : await nextPass(context, left, first, settled);
  const ofPass = left.filter(
    (one): one is SceneAnalyzer => one.looksAt === 'scenes' && pass?.analyzers.includes(one.id) === true,
  );
  return await goThrough(context, slice, { ...at, pass }, ofPass, keep);
}

/** With the first one go all that have looked up to the same. */
async function nextPass(
  context: HealthParts,
  left: readonly Analyzer[],
  first: SceneAnalyzer,
  settled: (analyzer: Analyzer) => string,
): Promise<HealthPosition['pass']> {
  const lookedBy = async (analyzer: Analyzer) => {
    const looked = await context.store.state.get(`health-looked:${analyzer.id}`);
    return looked?.settled === settled(analyzer) ? looked : null;
  };
  const looked = await lookedBy(first);
  const together: SceneAnalyzer[] = [];
  for (const one of left) {
    if (one.looksAt !== 'scenes') continue;
    const its = await lookedBy(one);
    if (its?.newest === looked?.newest && its?.change === looked?.change) together.push(one);
  }
  return await beginPass(context, together, settled, looked);
}

/** What all is looked at once more for when it changes. */
function settledOf({ settings }: Pick<Context, 'settings'>, { version }: Analyzer): string {
  return JSON.stringify([version, ...EXCLUSION_SETTINGS.map((name) => settings[name])]);
}

async function begun({ store }: Pick<Context, 'store'>, { run }: Slice): Promise<HealthPosition> {
  const kept = await store.state.get('health-at');
  return kept?.run === run.id
    ? kept
    : { run: run.id, done: [], pass: null, whole: null, looked: 0, found: 0 };
}

function fractionOf({ done, pass }: HealthPosition, count: number): number {
  const part =
    pass === null || pass.total === 0 ? 0 : Math.min(1, pass.looked / pass.total) * pass.analyzers.length;
  return count === 0 ? 1 : Math.min(1, (done.length + part) / Math.max(count, HEALTH_ANALYZERS.length));
}
