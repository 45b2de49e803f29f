/** Runs an analyzer that finds all there is, page by page. */
import type { HealthPosition } from '../../core/health/position.ts';
import type { Slice } from '../runs/task.ts';
import type { WholeAnalyzer } from './analyzer.ts';
import type { HealthParts } from './passes.ts';
import { undismissed } from './undismissed.ts';
import { switchedOff } from './switches.ts';

/**
Goes on behind the page of the position; after each page it is stored how far it is.
@param settled what all is looked at once more for when it changes
*/
export async function findWhole(
  parts: HealthParts,
  slice: Slice,
  position: HealthPosition,
  { analyzer, settled }: { readonly analyzer: WholeAnalyzer; readonly settled: string },
  store: (position: HealthPosition) => Promise<void>,
): Promise<{ readonly end: 'done' | 'yielded'; readonly position: HealthPosition }> {
  const { id } = analyzer;
  const find = analyzer.begin(parts);
  for (let at = position; ;) {
    const { whole } = at;
    const after = whole?.id === id && whole.settled === settled ? whole.after : null;
    const { proposals: all, looked, isCountedLater = false, keep, next } = await find(after);
    const proposals = await undismissed(parts, all);
    await parts.store.transaction(async () => {
      // Whoever switched it off meanwhile has closed what it told of.
      const isOff = (await switchedOff(parts)).has(id);
      if (!isOff) {
        await parts.store.suggestions.replaceAmong(looked, id, proposals);
        await keep?.();
      }
      const isThrough = isOff || next === null;
      at = {
        ...at,
        whole: isThrough ? null : { id, settled, after: next },
        done: isThrough ? [...at.done, id] : at.done,
        found: at.found + (isOff || isCountedLater ? 0 : proposals.length),
      };
      await store(at);
    });
    slice.advanced();
    if (at.whole === null) return { end: 'done', position: at };
    if (await slice.shouldYield()) return { end: 'yielded', position: at };
  }
}
