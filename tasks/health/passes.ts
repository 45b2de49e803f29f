/** Goes through scenes once for all analyzers that have looked at the same ones. */
import type { HealthPass, HealthPosition, Looked } from '../../core/health/position.ts';
import type { EntityFilter, StashEntity } from '../../core/ports/library.ts';
import { message } from '../../core/messages/message.ts';
import type { Proposal } from '../../core/suggestions/suggestion.ts';
import { readScenes } from '../observe/read-scenes.ts';
import { earlierOf, OVERLAP_SECONDS, secondsBefore } from '../observe/seconds-before.ts';
import type { Context, Slice } from '../runs/task.ts';
import type { Analyzer, LookParts, SceneAnalyzer, ScenePage } from './analyzer.ts';
import { undismissed } from './undismissed.ts';
import { switchedOff } from './switches.ts';

export type HealthParts = LookParts & Pick<Context, 'exclusions' | 'log'>;

const PAGE = 500;
/** With more scenes changed here than these, all are listed instead. */
const MOST_ONE_BY_ONE = 2000;

/** @param looked of the analyzer that is first in turn, with the others that have looked up to the same */
export async function beginPass(
  { store, library, now }: Pick<HealthParts, 'store' | 'library' | 'now'>,
  analyzers: readonly SceneAnalyzer[],
  settledOf: (analyzer: Analyzer) => string,
  looked: Looked | null,
): Promise<HealthPass> {
  const began = now();
  const change = await store.changedScenes.latest();
  const readsFaces = analyzers.some((one) => one.readsFaces);
  const changedHere =
    looked === null || !readsFaces ? 0 : await store.changedScenes.countSince(looked.change);
  const since =
    looked === null || looked.newest === '' || changedHere > MOST_ONE_BY_ONE
      ? null
      : { newest: looked.newest, change: looked.change };
  const total = await library.countEntities('scene', filterOf(since));
  return {
    analyzers: analyzers.map(({ id }) => id),
    settled: analyzers.map(settledOf),
    since,
    part: 'stash',
    after: '0',
    newest: since?.newest ?? '',
    began,
    change,
    looked: 0,
    total: total + (since === null ? 0 : changedHere),
  };
}

/** Goes on with the pass of the position; after each page it is stored how far it is. */
export async function goThrough(
  parts: HealthParts,
  slice: Slice,
  position: HealthPosition,
  analyzers: readonly SceneAnalyzer[],
  store: (position: HealthPosition) => Promise<void>,
): Promise<{ readonly end: 'done' | 'yielded'; readonly position: HealthPosition }> {
  let at = position;
  while (at.pass !== null) {
    const { pass } = at;
    slice.progress.say(message('health.isLooking', { count: pass.looked, total: pass.total }));
    const looking = lookingAt(pass.part, analyzers);
    const { page, last } = await nextPage(parts, pass, looking);
    const made: { readonly analyzer: SceneAnalyzer; readonly proposals: readonly Proposal[] }[] = [];
    for (const analyzer of page.scenes.length === 0 ? [] : looking)
      made.push({ analyzer, proposals: await undismissed(parts, await analyzer.look(parts, page)) });
    const entities = page.scenes.map(({ id }) => ({ kind: 'scene', id }) as const);
    const reached = advanced(pass, page.scenes);
    // What was told of before is counted once.
    const counted = pass.part === 'told' ? 0 : 1;
    const next: HealthPosition = {
      ...at,
      pass: last === null ? afterPart(reached) : { ...reached, after: last },
      looked: at.looked + counted * page.scenes.length,
      found: at.found + counted * made.reduce((sum, { proposals }) => sum + proposals.length, 0),
    };
    const ended: HealthPosition =
      next.pass === null ? { ...next, done: [...next.done, ...pass.analyzers] } : next;
    await parts.store.transaction(async () => {
      // Whoever switched one off meanwhile has closed what it told of; switched on again, it looks at everything.
      const off: ReadonlySet<string> = await switchedOff(parts);
      for (const { analyzer, proposals } of made)
        if (!off.has(analyzer.id))
          await parts.store.suggestions.replaceAmong(entities, analyzer.id, proposals);
      if (next.pass === null)
        for (const [n, id] of pass.analyzers.entries())
          if (!off.has(id))
            await parts.store.state.set(`health-looked:${id}`, {
              settled: pass.settled[n] ?? '',
              newest: earlierOf(reached.newest, pass.began),
              change: pass.change,
            });
      await store(ended);
    });
    at = ended;
    slice.advanced();
    if (at.pass !== null && (await slice.shouldYield())) return { end: 'yielded', position: at };
  }
  return { end: 'done', position: at };
}

function lookingAt(part: HealthPass['part'], analyzers: readonly SceneAnalyzer[]): readonly SceneAnalyzer[] {
  if (part === 'stash') return analyzers;
  return analyzers.filter((one) => (part === 'kept' ? one.readsFaces : one.looksAgain === true));
}

/** `last`: up to this id there are no others; null: there are no more. */
async function nextPage(
  { store, library }: Pick<HealthParts, 'store' | 'library'>,
  { part, since, after }: HealthPass,
  looking: readonly SceneAnalyzer[],
): Promise<{ readonly page: ScenePage; readonly last: string | null }> {
  if (part === 'stash') {
    const filter = filterOf(since);
    const scenes = await library.entitiesAfter('scene', after, PAGE, filter);
    const last = scenes.length < PAGE ? null : (scenes.at(-1)?.id ?? null);
    return { page: { scenes, listed: { filter, afterId: after } }, last };
  }
  const ids =
    part === 'kept'
      ? await store.changedScenes.since(since?.change ?? 0, after, PAGE)
      : await toldBy({ store }, looking, after);
  const scenes = (await readScenes(library, ids)).toSorted((a, b) => Number(a.id) - Number(b.id));
  return { page: { scenes, listed: null }, last: ids.length < PAGE ? null : (ids.at(-1) ?? null) };
}

/** Of all of these analyzers together, in the order of text. */
async function toldBy(
  { store }: Pick<HealthParts, 'store'>,
  analyzers: readonly SceneAnalyzer[],
  after: string,
): Promise<string[]> {
  const ids = new Set<string>();
  for (const { id } of analyzers)
    for (const entity of await store.suggestions.entitiesOf(id, { kind: 'scene', id: after }, PAGE))
      if (entity.kind === 'scene') ids.add(entity.id);
  return [...ids].toSorted().slice(0, PAGE);
}

function filterOf(since: HealthPass['since']): EntityFilter {
  return since === null ? {} : { updatedAfter: secondsBefore(since.newest, OVERLAP_SECONDS) };
}

/** Null: nothing is left. */
function afterPart(pass: HealthPass): HealthPass | null {
  if (pass.part === 'told' || pass.since === null) return null;
  return { ...pass, part: pass.part === 'stash' ? 'kept' : 'told', after: '0' };
}

/** The others that were changed while Stash listed these are listed the next time: those asked for one by one may be newer. */
function advanced(pass: HealthPass, scenes: readonly StashEntity[]): HealthPass {
  if (pass.part === 'told') return pass;
  const looked = pass.looked + scenes.length;
  if (pass.part === 'kept') return { ...pass, looked };
  const newest = scenes.reduce((last, { updatedAt }) => (updatedAt > last ? updatedAt : last), pass.newest);
  return { ...pass, newest, looked };
}
