import { hash, randomBytes } from 'node:crypto';
import type { Store } from '../../core/ports/store.ts';
import { ReferencePackId, type ReferencePackManifest } from '../../core/reference-packs/reference-pack.ts';

const MAX_ID_LENGTH = 64;
/** How the id of a pack ends that somebody else has built. */
const OF_OTHER = /--by-[0-9a-f]{8}$/;

/** Null: nothing was built or installed here yet. */
export async function knownBuilder({ state }: Pick<Store, 'state'>): Promise<string | null> {
  return await state.get('reference-pack-builder');
}

/** `builder` of the packs that are built in this data folder: made at the first call. */
export async function builderOf({
  state,
  transaction,
}: Pick<Store, 'state' | 'transaction'>): Promise<string> {
  const known = await knownBuilder({ state });
  if (known !== null) return known;
  return await transaction(async () => {
    const builder = (await state.get('reference-pack-builder')) ?? randomBytes(8).toString('hex');
    await state.set('reference-pack-builder', builder);
    return builder;
  });
}

/**
The id under which a pack is installed: of somebody else's each id and builder have one, which is never that of a pack that is
built here.
@param own `builder` of the packs that are built here
*/
export function idWhenInstalled(
  { id, builder }: Pick<ReferencePackManifest, 'id' | 'builder'>,
  own: string,
): string {
  const given = id.replace(OF_OTHER, '');
  if (builder === own) return given;
  const ending = `--by-${hash('sha256', `${given} ${builder}`).slice(0, 8)}`;
  const readable = given.slice(0, MAX_ID_LENGTH - ending.length).replace(/-+$/, '');
  return ReferencePackId.parse(readable + ending);
}
