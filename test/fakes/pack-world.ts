/** A small library whose scenes show people of a reference pack. */
import type { TestContext } from 'node:test';
import type { Settings } from '../../core/settings.ts';
import { createOpenGallery } from '../../plugin/gallery/open-gallery.ts';
import type { GallerySource } from '../../core/ports/gallery.ts';
import type { GalleryPerson } from '../../core/people/person.ts';
import type { PackPerson } from '../../core/reference-packs/reference-pack.ts';
import { createObserveAndMatch } from '../../tasks/identify/observe-and-match.ts';
import { people } from '../../tasks/people/task.ts';
import { rematchAll } from '../../tasks/matching/rematch.ts';
import { runSlice } from '../../tasks/runs/run-slice.ts';
import { aVector, fakeContext, tempFolder, type FakeContext } from './context.ts';
import {
  aBoxPerformer,
  aPackPerson,
  idOf,
  memoryBoxes,
  memoryPacks,
  type MemoryBoxes,
  type MemoryPacks,
} from './reference-packs.ts';
import { aSlice } from './slice.ts';
import { smallLibrary, type SmallLibrary } from './small-library.ts';
import { fakeVision } from './vision.ts';

export const SCENE = { kind: 'scene', id: '1' } as const;

export type PackWorld = {
  readonly context: FakeContext;
  readonly stash: SmallLibrary;
  readonly packs: MemoryPacks;
  readonly boxes: MemoryBoxes;
  readonly matchAgain: () => Promise<void>;
};

/**
Scene 1 shows the persons along these axes; person `n` of the pack is the one along axis `n`.
@param pack the people of the pack, with the axis each of them is seen along
@param performers of the library, with what their pictures show
*/
export async function packWorld(
  t: TestContext,
  {
    shows = '3',
    pack = [[3, aPackPerson(3)]],
    performers = [],
    settings = {},
    scene = {},
  }: {
    shows?: string;
    pack?: readonly (readonly [axis: number, person: PackPerson])[];
    performers?: readonly (readonly [
      picture: string | null,
      overrides?: Parameters<SmallLibrary['addPerformer']>[2],
    ])[];
    settings?: Partial<Settings>;
    scene?: Parameters<SmallLibrary['addScene']>[2];
  } = {},
): Promise<PackWorld> {
  const folder = tempFolder(t);
  const stash = smallLibrary(folder);
  performers.forEach(([picture, overrides], n) => stash.addPerformer(n + 1, picture, overrides ?? {}));
  stash.addScene(1, shows, scene);
  const packs = memoryPacks(pack.map(([, person]) => person));
  const boxes = memoryBoxes([3, 4].map((n) => aBoxPerformer(n)));
  boxes.pictures.set('picture-3', Uint8Array.of(255, 216, 255, 3));
  const plain = await fakeContext(t, stash, {
    vision: fakeVision(),
    settings,
    folder,
    stashBoxes: boxes,
    referencePacks: packs,
  });
  const gallery = pack.map(([axis, person]): GalleryPerson => {
    const id = idOf(person);
    const references = [{ id: `${id}#0`, embedding: aVector(axis), quality: 0.8, source: 'file' as const }];
    return { id, name: person.name, performerId: null, references };
  });
  const openGallery = createOpenGallery({
    dataFolder: folder,
    name: 'both',
    source: withPack(plain.store.people, gallery, packs),
    search: plain.vision,
    log: plain.log,
  });
  const context = { ...plain, openGallery };
  await runSlice(context, people, {}, {});
  await createObserveAndMatch(context)(stash.items.get('scene:1')!, {
    force: false,
    waiting: 'in the background',
  });
  const matchAgain = async (): Promise<void> => {
    await context.store.state.delete('all-matched-with');
    await context.store.observations.setMatchedWith(SCENE, 'before');
    await rematchAll(context, aSlice());
  };
  return { context, stash, packs, boxes, matchAgain };
}

function withPack(
  source: GallerySource,
  gallery: readonly GalleryPerson[],
  packs: MemoryPacks,
): GallerySource {
  const there = (): GalleryPerson[] =>
    gallery.filter(({ id }) => [...packs.people.values()].some((person) => idOf(person) === id));
  return {
    version: () => source.version(),
    async *pages(packId) {
      yield* source.pages(packId);
      yield there();
    },
    persons: async (packId, ids) => [
      ...(await source.persons(packId, ids)),
      ...there().filter(({ id }) => ids.includes(id)),
    ],
  };
}
