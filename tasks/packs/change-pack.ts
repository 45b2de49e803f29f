/** The change from one face pack to another, without looking at a file once more. */
import { StashSenseError } from '../../core/errors.ts';
import { message } from '../../core/messages/message.ts';
import type { EmbeddedSet } from '../../core/ports/observations.ts';
import { type InferenceParts, withInference } from '../runs/inference-lock.ts';
import type { Context, Slice } from '../runs/task.ts';

/** Crop sets that are embedded before somebody at the page gets the models, and stored in one transaction. */
const SETS_AT_ONCE = 8;

type PackParts = InferenceParts & Pick<Context, 'vision'>;

/**
Notes that the pack in use is to be changed for this one. A change that is under way to another one ends.
@throws StashSenseError `bad-input` for a pack that is not there, `model-missing` where a file of its models is not there
*/
export async function wantPack(
  { store, vision }: Pick<Context, 'store' | 'vision'>,
  packId: string,
): Promise<void> {
  const offers = await vision.packs();
  const known = offers.map(({ id }) => id).join(', ');
  const offer = offers.find(({ id }) => id === packId);
  if (offer === undefined)
    throw new StashSenseError('bad-input', message('packs.unknown', { pack: packId, known }));
  if (offer.problem !== null) throw new StashSenseError('model-missing', offer.problem);
  const chosen = await store.state.get('face-pack');
  await store.state.set('face-pack', { inUse: chosen?.inUse ?? vision.packId, wanted: packId });
}

/**
Embeds the kept crops for the pack that is wanted, and takes it into use once none is left: for the processes that begin from
then on, which match anew what was seen. This one goes on with its own, and should end soon.
*/
export async function changePack(
  context: PackParts,
  slice: Slice,
): Promise<'done' | 'yielded' | { readonly changedTo: string }> {
  const { store, vision } = context;
  const chosen = await store.state.get('face-pack');
  // Another process has changed the pack since this one began.
  if (chosen !== null && chosen.inUse !== vision.packId) return 'done';
  const wanted = chosen?.wanted ?? vision.packId;
  if ((await embedLeft(context, wanted, slice)) === 'yielded') return 'yielded';
  if (wanted === vision.packId) return 'done';
  return await store.transaction(async () => {
    // Another pack may be wanted by now.
    if ((await store.state.get('face-pack'))?.wanted !== wanted) return 'done';
    await store.state.set('face-pack', { inUse: wanted, wanted });
    return { changedTo: wanted };
  });
}

/** Embeds the kept crops that the models which a pack adds have not seen. */
export async function embedLeft(
  context: PackParts,
  packId: string,
  slice: Slice,
): Promise<'done' | 'yielded'> {
  const { store, vision } = context;
  const added = await vision.addedBy(packId);
  if (added === null) return 'done';
  const { fusion, embedder } = added;
  let left: number | null = null;
  for (let after = -1; ;) {
    const sets = await store.cropEmbeddings.left(fusion, after, SETS_AT_ONCE);
    const last = sets.at(-1);
    if (last === undefined) return 'done';
    if (left === null) {
      slice.progress.step(message('runs.step.pack'));
      left = await store.cropEmbeddings.countLeft(fusion);
    }
    slice.progress.say(message('packs.isEmbedding', { pack: packId, count: left }));
    await withInference(context, 'in the background', async (stillHeld) => {
      const embedded: EmbeddedSet[] = [];
      for (const { id, crops } of sets) {
        stillHeld();
        const seen: EmbeddedSet['crops'][number][] = [];
        for (const crop of crops) seen.push({ ...crop, added: await embedder.embed(crop) });
        embedded.push({ id, crops: seen });
      }
      await store.cropEmbeddings.put(embedded, fusion, { areCompared: packId === vision.packId });
    });
    after = last.id;
    left = Math.max(0, left - sets.length);
    slice.advanced();
    if (await slice.shouldYield()) return 'yielded';
  }
}
