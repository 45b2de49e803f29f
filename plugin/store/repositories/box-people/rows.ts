import { z } from 'zod';
import type {
  EmbeddingsByEmbedder,
  KeptPicture,
  ListedBoxPerformer,
  StoredBoxPerformer,
} from '../../../../core/ports/boxes/box-people.ts';
import { PICTURE_STATES } from '../../../../core/reference-packs/picture-states.ts';
import { fromVectorBytes } from '../../codecs/bytes.ts';
import type { Connection, Row } from '../../sqlite/database.ts';

/** Without the crops. */
export function picturesOf(sql: Connection, number: number): KeptPicture[] {
  const embeddings = new Map<string, EmbeddingsByEmbedder>();
  for (const row of sql.all(
    'SELECT image_id, embedder, embedding FROM box_embeddings WHERE performer = ? ORDER BY image_id, embedder',
    number,
  )) {
    const { image_id, embedder, embedding } = EmbeddingRow.parse(row);
    embeddings.set(image_id, { ...embeddings.get(image_id), [embedder]: fromVectorBytes(embedding) });
  }
  return sql
    .all('SELECT image_id, state, quality FROM box_pictures WHERE performer = ? ORDER BY image_id', number)
    .map((row) => {
      const { image_id: imageId, state, quality } = PictureRow.parse(row);
      const known = embeddings.get(imageId);
      const face = known === undefined ? null : { quality, embeddings: known, crop: null };
      return { imageId, state, face };
    });
}

export const State = z.enum(PICTURE_STATES);
const PictureRow = z.object({ image_id: z.string(), state: State, quality: z.number() });
const EmbeddingRow = z.object({
  image_id: z.string(),
  embedder: z.string(),
  embedding: z.instanceof(Uint8Array),
});
const PerformerRow = z.object({
  number: z.int(),
  endpoint: z.string(),
  performer: z.string(),
  looked_as: z.string().nullable(),
});

/** What earlier versions did not store. */
const FORMERLY_MISSING = { pages: [], mergedIds: [] };

/** What was written here fits the type; it is not parsed a second time, since a pack has a hundred thousand of them. */
export function toPerformer(row: Row): StoredBoxPerformer {
  const { number, endpoint, performer, looked_as: lookedAs } = PerformerRow.parse(row);
  return {
    number: String(number),
    endpoint,
    performer: { ...FORMERLY_MISSING, ...(JSON.parse(performer) as ListedBoxPerformer) },
    lookedAs,
  };
}
