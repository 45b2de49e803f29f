/** Runs an analyzer that finds all there is in a few questions. */
import { entityKey } from '../../core/content-id.ts';
import type { StashRef } from '../../core/stash-ref.ts';
import type { WholeAnalyzer } from './analyzer.ts';
import type { HealthParts } from './passes.ts';
import { settle, undismissed } from './settle.ts';
import { switchedOff } from './switches.ts';

/** Entities that are read at once. */
const PAGE = 500;

/** @param alongside joins the transaction in which what was found is stored; `isMore`: the analyzer is to be asked once more */
export async function findWhole(
  parts: HealthParts,
  analyzer: WholeAnalyzer,
  shouldYield: () => Promise<boolean>,
  alongside: (found: number, isMore: boolean) => Promise<void>,
): Promise<void> {
  const { proposals: all, unknown = [], keep, isMore = false } = await analyzer.find(parts, shouldYield);
  const proposals = await undismissed(parts, all);
  await parts.store.transaction(async () => {
    // Whoever switched it off meanwhile has closed what it told of.
    const isOff = (await switchedOff(parts)).has(analyzer.id);
    if (!isOff) {
      const entities = new Map<string, StashRef>();
      for (const entity of await suggestedBy(parts, analyzer)) entities.set(entityKey(entity), entity);
      for (const { entity } of proposals) entities.set(entityKey(entity), entity);
      for (const entity of unknown) entities.delete(entityKey(entity));
      await settle(parts, analyzer, [...entities.values()], proposals);
      await keep?.();
    }
    await alongside(isOff || isMore ? 0 : proposals.length, isMore && !isOff);
  });
}

/** What the analyzer has told of that may be over. */
export async function suggestedBy(
  { store }: Pick<HealthParts, 'store'>,
  { id }: { readonly id: string },
): Promise<StashRef[]> {
  const found: StashRef[] = [];
  for (;;) {
    const page = await store.suggestions.entitiesOf(id, found.at(-1) ?? null, PAGE);
    found.push(...page);
    if (page.length < PAGE) return found;
  }
}
