/** A change of the face pack in a process of its own, step by step. See `pack-change.test.ts`. */
import { fusionOf, packOf } from '../../../models/catalog/catalog.ts';
import { people } from '../../../tasks/people/task.ts';
import { runSlice } from '../../../tasks/runs/run-slice.ts';
import { fakeContext, type FakeContext } from '../../fakes/context.ts';
import { smallLibrary, type SmallLibrary } from '../../fakes/small-library.ts';
import { TOY_ADAPTERS, writeToyCatalogue } from '../../fixtures/toy/pack.ts';
import { openTestVision } from '../../fixtures/vision.ts';

export const IMAGES = 6;

export type World = { readonly folder: string; readonly weights: string; readonly stash: SmallLibrary };
type Ends = { after(end: () => unknown): void };

/** Two performers and the images, of which no file holds anything. @param files where the files are */
export function emptyLibrary(files: string): SmallLibrary {
  const stash = smallLibrary(files);
  for (const n of [1, 2]) stash.addPerformer(n, '');
  for (let n = 1; n <= IMAGES; n++) stash.addImage(n, '');
  return stash;
}

/** A process of its own, with the pack that is in use when it begins. */
export async function opened(t: Ends, { folder, weights, stash }: World): Promise<FakeContext> {
  const catalogue = writeToyCatalogue(weights);
  const packs = ['toy-1', 'toy-2'].map((id) => packOf(catalogue, id));
  const fusions = new Map([['toy-2', fusionOf(packs[1]!)!]]);
  const plainContext = await fakeContext(t, stash, { folder, fusions });
  const chosen = await plainContext.store.state.get('face-pack');
  const vision = openTestVision(t, 'wasm', {
    pack: packs.find(({ id }) => id === chosen?.inUse) ?? packs[0]!,
    packs,
    adapters: TOY_ADAPTERS,
    weightFolders: [weights],
  });
  return await fakeContext(t, stash, { folder, fusions, vision, settings: { scanImages: true } });
}

export async function change(context: FakeContext, pack: string): Promise<void> {
  await runSlice(context, people, { only: 'match', pack }, {});
}

/** Changes to the second pack; `step` is called before and after each step: embedding a crop, storing a page, taking the pack into use. */
export async function changeInSteps(t: Ends, world: World, step: () => void): Promise<void> {
  const context = await opened(t, world);
  const { cropEmbeddings, state } = context.store;
  const store: FakeContext['store'] = {
    ...context.store,
    cropEmbeddings: {
      ...cropEmbeddings,
      async put(...args) {
        step();
        await cropEmbeddings.put(...args);
        step();
      },
    },
    state: {
      ...state,
      async set(key, value, ttlMs) {
        if (key === 'face-pack') step();
        await state.set(key, value, ttlMs);
        if (key === 'face-pack') step();
      },
    },
  };
  const vision: FakeContext['vision'] = {
    ...context.vision,
    async addedBy(packId) {
      const added = await context.vision.addedBy(packId);
      return (
        added && {
          ...added,
          embedder: {
            ...added.embedder,
            embed(crop) {
              step();
              return added.embedder.embed(crop);
            },
          },
        }
      );
    },
  };
  await change({ ...context, store, vision }, 'toy-2');
}
