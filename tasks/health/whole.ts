/** Runs an analyzer that finds all there is in a few questions. */
import { entityKey } from '../../core/content-id.ts';
import type { StashRef } from '../../core/stash-ref.ts';
import type { WholeAnalyzer } from './analyzer.ts';
import type { HealthParts } from './passes.ts';
import { settle, undismissed } from './settle.ts';

/** Suggestions that are read at once. */
const PAGE = 500;

/** @returns how many things it found. @param alongside joins the transaction in which they are stored */
export async function findWhole(
  parts: HealthParts,
  analyzer: WholeAnalyzer,
  alongside: (found: number) => Promise<void>,
): Promise<number> {
  const { proposals: all, unknown = [] } = await analyzer.find(parts);
  const proposals = await undismissed(parts, all);
  await parts.store.transaction(async () => {
    const entities = new Map<string, StashRef>();
    for (const { entity } of [...(await suggestedBy(parts, analyzer)), ...proposals])
      entities.set(entityKey(entity), entity);
    for (const entity of unknown) entities.delete(entityKey(entity));
    await settle(parts, analyzer, [...entities.values()], proposals);
    await alongside(proposals.length);
  });
  return proposals.length;
}

/** What the analyzer has told of that may be over. */
export async function suggestedBy(
  { store }: Pick<HealthParts, 'store'>,
  { id }: { readonly id: string },
): Promise<{ readonly entity: StashRef }[]> {
  const found: { entity: StashRef }[] = [];
  for (let offset = 0; ; offset += PAGE) {
    const filter = { analyzers: [id], state: ['open', 'removed', 'accepted'] } as const;
    const { items } = await store.suggestions.list(filter, 'newest', PAGE, offset);
    found.push(...items);
    if (items.length < PAGE) return found;
  }
}
