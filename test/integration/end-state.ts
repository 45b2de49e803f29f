/** All that must be the same however often a process was killed on the way: without times, ids of rows and versions. */
import type { Store } from '../../core/ports/store.ts';
import type { WorkKind } from '../../core/ports/work-queue.ts';
import { openStore } from '../../plugin/store/store.ts';
import type { LibraryData } from '../double/library/data.ts';
import { inEnglish } from '../../core/messages/english.ts';

export async function endState(
  library: LibraryData,
  folder: string,
  packId: string,
): Promise<Record<string, unknown>> {
  const store = await openStore({ folder });
  try {
    const suggestions = (await store.suggestions.list({}, 'newest', 1000, 0)).items;
    const keyOf = (id: string | null): string | null =>
      suggestions.find((suggestion) => suggestion.id === id)?.key ?? null;
    const journal = (await store.journal.list({}, 1000, 0)).items;
    const scenes = library.scenes.all().map((row) => ({ kind: 'scene' as const, row: row }));
    const images = library.images.all().map((row) => ({ kind: 'image' as const, row: row }));
    const galleries = library.galleries.all().map((row) => ({ kind: 'gallery' as const, row: row }));
    const items = [...scenes, ...images, ...galleries];
    const entities = await Promise.all(
      items.map(async ({ kind, row }) => {
        const entity = { kind, id: row.id };
        const contentIds = await store.observations.contentOf(entity);
        const observations = await store.observations.getMany(contentIds, packId);
        return {
          entity: `${kind} ${row.id}`,
          performers: row.performerIds.toSorted(),
          tags: row.tagIds.toSorted(),
          seen: await Promise.all(
            contentIds.map(async (contentId) => ({
              contentId,
              persons: observations
                .get(contentId)
                ?.persons.map(({ key, faces }) => ({ key, faces: faces.length })),
              crops: (await store.observations.crops(contentId, packId)).map(
                ({ personKey, rank, jpeg }) => `${personKey}.${rank} ${jpeg.length}`,
              ),
            })),
          ),
          who: (await store.identifications.get(entity))?.persons.map(({ key, decision, candidates }) => ({
            key,
            decision,
            best: candidates[0]?.name,
          })),
        };
      }),
    );
    return {
      entities,
      suggestions: suggestions.map(({ key, state }) => `${key} ${state}`).toSorted(),
      // What was planned and never done is void, and says so; how often that happened depends on the kills.
      journal: journal
        .filter(({ state }) => state !== 'void')
        .map(({ state, entity, changes, suggestionId, summary }) =>
          JSON.stringify({ state, entity, changes, suggestion: keyOf(suggestionId), summary }),
        )
        .toSorted(),
      references: (
        await Promise.all(
          library.performers
            .all()
            .map(async ({ id }) =>
              (await store.people.references(id, packId)).map(
                ({ source, sourceKey, state, contentHash, crop }) =>
                  `${id} ${source} ${sourceKey} ${state} ${contentHash} ${crop === null ? 'no crop' : crop.jpeg.length}`,
              ),
            ),
        )
      )
        .flat()
        .toSorted(),
      work: await workOf(store, items, library),
      running: (await store.runs.running()).length,
    };
  } finally {
    await store.close();
  }
}

async function workOf(
  { work }: Store,
  items: readonly { kind: WorkKind; row: { id: string } }[],
  library: LibraryData,
): Promise<string[]> {
  const asked = [
    ...items.flatMap(({ kind, row }) => ['scan', 'identify'].map((list) => ({ list, kind, id: row.id }))),
    ...library.performers.all().map(({ id }) => ({ list: 'people', kind: 'performer' as const, id })),
  ];
  const found = await Promise.all(
    asked.map(async ({ list, kind, id }) => {
      const item = await work.get(list, kind, id);
      return item === null
        ? []
        : [`${list} ${kind} ${id} ${item.state} ${item.lastError === null ? '' : inEnglish(item.lastError)}`];
    }),
  );
  return found.flat();
}
