/** A library on the double that was scanned: of a few films really, and the others have what was found in these. */
import path from 'node:path';
import type { ContentId, EntityRef } from '../../../core/content-id.ts';
import { openStore } from '../../../plugin/store/store.ts';
import { FUSIONS, packInUse } from '../../../tasks/compose/pack-in-use.ts';
import { connectStash } from '../../e2e/stash.ts';
import { makeSmallLibrary } from '../../fixtures/footage.ts';
import { openLibrary, type BenchFolders, type BenchLibrary } from './library-double.ts';

export type ScannedLibrary = BenchLibrary & {
  /** One with a person who is known. */
  readonly sceneId: string;
  readonly suggestions: number;
};

export async function scannedLibrary(scenes: number, folders: BenchFolders): Promise<ScannedLibrary> {
  return await openLibrary(folders, async ({ double, folder }) => {
    const library = await makeSmallLibrary(path.join(folder, 'media'));
    for (const { name, picture } of library.performers)
      double.library.addPerformer({
        name,
        ...(picture !== null && { image: path.join(library.folder, picture) }),
      });
    const films = library.scenes.filter((scene) => !scene.damaged);
    const titleOf = (n: number): string => `${films[n % films.length]!.title} ${n}`;
    const addScene = (n: number): void => {
      const file = double.library.addFile({
        kind: 'video',
        path: path.join(library.folder, films[n % films.length]!.file),
        duration: 16,
        width: 640,
        height: 360,
        videoCodec: 'h264',
        format: 'mp4',
        fingerprints: [{ type: 'oshash', value: contentIdOf(n).slice('oshash:'.length) }],
      });
      double.library.addScene({ title: titleOf(n), fileIds: [file.id] });
    };
    for (const n of films.keys()) addScene(n);
    const stash = connectStash(double.url);
    for (const task of ['Update people', 'Scan library']) await stash.waitForJob(await stash.startTask(task));
    for (let n = films.length; n < scenes; n++) addScene(n);
    await copyFound(path.join(double.configDir, 'stash-sense'), { films: films.length, scenes, titleOf });
    const { total, items } = await stash.operation('suggestions.list', {});
    const entity = items.find((item) => item.entity.kind === 'scene')?.entity;
    if (entity === undefined) throw new Error('the scan found nobody');
    return { sceneId: entity.id, suggestions: total };
  });
}

/** Scene n is stored as scene n % `films` is, under ids of its own. */
async function copyFound(
  folder: string,
  { films, scenes, titleOf }: { films: number; scenes: number; titleOf: (n: number) => string },
): Promise<void> {
  const store = await openStore({ folder, fusions: FUSIONS });
  try {
    for (let film = 0; film < films; film++) {
      const observation = await store.observations.get(contentIdOf(film), packInUse.id);
      if (observation === null) continue;
      const crops = await store.observations.crops(contentIdOf(film), packInUse.id);
      const identified = await store.identifications.get(entityOf(film));
      const matchedWith = await store.observations.matchedWith(entityOf(film));
      const { items } = await store.suggestions.list(
        { state: 'open', entity: entityOf(film) },
        'newest',
        100,
        0,
      );
      await store.transaction(async () => {
        for (let n = film + films; n < scenes; n += films) {
          const entity = entityOf(n);
          const contentId = contentIdOf(n);
          await store.observations.put({ observation: { ...observation, contentId }, crops });
          await store.observations.link(entity, titleOf(n), [contentId]);
          if (identified !== null)
            await store.identifications.save(entity, {
              ...identified,
              persons: identified.persons.map((person) => ({
                ...person,
                members: person.members.map((member) => ({ ...member, contentId })),
              })),
            });
          await store.observations.setMatchedWith(entity, matchedWith);
          for (const analyzer of new Set(items.map((item) => item.analyzer)))
            await store.suggestions.replace(
              entity,
              analyzer,
              items
                .filter((item) => item.analyzer === analyzer)
                .map((item) =>
                  structuredClone({
                    ...item,
                    entity,
                    entityTitle: titleOf(n),
                    payload: ofContent(item.payload, contentId),
                  }),
                ) as Parameters<typeof store.suggestions.replace>[2],
            );
        }
      });
    }
  } finally {
    await store.close();
  }
}

/** With this file in the place of the one it was found in. */
function ofContent(payload: unknown, contentId: ContentId): unknown {
  return JSON.parse(JSON.stringify(payload).replaceAll(/oshash:[0-9a-f]{16}/g, contentId));
}

function contentIdOf(n: number): ContentId {
  return `oshash:${n.toString(16).padStart(16, '0')}`;
}

/** Ids of scenes count from 1. */
function entityOf(n: number): EntityRef {
  return { kind: 'scene', id: String(n + 1) };
}
