import type { PackView } from '../../core/contract/packs.ts';
import { message, type MessageId } from '../../core/messages/message.ts';
import type { Context } from '../runs/task.ts';

/** Measured as docs/accuracy.md says. */
const ABOUT: Readonly<Record<string, MessageId>> = {
  'portable-1': 'packs.about.portable-1',
  'portable-2': 'packs.about.portable-2',
};

/** The face packs for the Status tab. Opens no model. */
export async function packsView({ store, vision }: Pick<Context, 'store' | 'vision'>): Promise<PackView[]> {
  const [offers, chosen] = await Promise.all([vision.packs(), store.state.get('face-pack')]);
  const inUse = chosen?.inUse ?? vision.packId;
  const wanted = chosen?.wanted ?? inUse;
  return await Promise.all(
    offers.map(async ({ id, license, addedBytes, problem }) => {
      const about = Object.hasOwn(ABOUT, id) ? ABOUT[id] : undefined;
      const state = id === inUse ? 'used' : id === wanted ? 'wanted' : 'offered';
      const added = state === 'wanted' ? await vision.addedBy(id) : null;
      const left = added === null ? 0 : await store.cropEmbeddings.countLeft(added.fusion);
      return {
        id,
        license,
        about: about === undefined ? null : message(about),
        addedBytes,
        problem,
        state,
        left,
      } as const;
    }),
  );
}
