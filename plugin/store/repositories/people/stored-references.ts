import type { FaceCrop } from '../../../../core/faces/face.ts';
import { fuse } from '../../../../core/packs/fusion.ts';
import type { PeopleStore, StoredReference } from '../../../../core/ports/people.ts';
import { storedAs, type StoreParts } from '../../parts.ts';
import type { Row } from '../../sqlite/database.ts';
import { type EmbeddedCrop, readEmbedded } from '../crop-embeddings.ts';
import { toReference } from './people-rows.ts';

export const REFERENCE_COLUMNS =
  'id, performer_id, source, source_key, revision, content_hash, pack_id, state, quality, crops_id, embedding';

type ReadReference = { readonly row: Row; readonly embedded: readonly EmbeddedCrop[] };

export function createStoredReferences({
  database,
  crops,
  fusions,
}: Pick<StoreParts, 'database' | 'crops' | 'fusions'>): Pick<
  PeopleStore,
  'references' | 'vectors' | 'reference'
> {
  async function read(where: string, ...values: string[]): Promise<ReadReference[]> {
    return await database.read((sql) => {
      const rows = sql.all(
        `SELECT ${REFERENCE_COLUMNS} FROM performer_references WHERE ${where} ORDER BY id`,
        ...values,
      );
      const cropsIds = rows.map((row) => toReference(row).cropsId);
      const embedded = readEmbedded(sql, cropsIds);
      return rows.map((row, n) => ({ row, embedded: embedded.get(cropsIds[n] ?? -1) ?? [] }));
    });
  }
  const readOf = (performerId: string, packId: string): Promise<ReadReference[]> =>
    read('performer_id = ? AND pack_id = ?', performerId, storedAs(fusions, packId));

  /** Adds the crop, which is in another file, to a row. */
  async function withCrop({ row, embedded }: ReadReference): Promise<StoredReference> {
    const { cropsId, ...reference } = toReference(row);
    const [crop] = cropsId === null ? [] : ((await crops.get(cropsId)) ?? []);
    return { ...reference, crop: crop ? toFaceCrop(crop, embedded[0]) : null };
  }

  /** As the pack compares it. */
  function asOf<Known extends Pick<StoredReference, 'packId' | 'embedding'>>(
    packId: string,
    { embedded }: ReadReference,
    reference: Known,
  ): Known {
    const fusion = fusions.get(packId);
    if (fusion === undefined || reference.embedding === null) return reference;
    return { ...reference, packId, embedding: fuse(reference.embedding, embedded[0]?.added ?? {}, fusion) };
  }

  return {
    async references(performerId, packId) {
      const found = await readOf(performerId, packId);
      return Promise.all(found.map(async (one) => asOf(packId, one, await withCrop(one))));
    },

    async vectors(performerId, packId) {
      return (await readOf(performerId, packId)).map((one) => {
        const { cropsId: _, ...reference } = toReference(one.row);
        return asOf(packId, one, reference);
      });
    },

    async reference(id) {
      const [found] = await read('id = ?', id);
      return found ? withCrop(found) : null;
    },
  };
}

function toFaceCrop({ jpeg, width, height, landmarks }: FaceCrop, embedded?: EmbeddedCrop): FaceCrop {
  return { jpeg, width, height, landmarks, ...(embedded !== undefined && { added: embedded.added }) };
}
