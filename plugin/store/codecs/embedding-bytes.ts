import type { Embedding } from '../../../core/faces/face.ts';
import { createByteWriter, readBytes } from './bytes.ts';

/** First byte: the version of the layout. */
const FORMAT = 1;

/** The embedding of one crop of a set, by the cluster it shows and its rank within that. */
export type CropEmbedding = {
  readonly personKey: number;
  readonly rank: number;
  readonly embedding: Embedding;
};

/** All of a set in one blob: 4 bytes and two per component for each. */
export function toEmbeddingBytes(embeddings: readonly CropEmbedding[]): Uint8Array {
  const writer = createByteWriter();
  writer.u8(FORMAT);
  writer.u16(embeddings[0]?.embedding.length ?? 0);
  writer.u16(embeddings.length);
  for (const { personKey, rank, embedding } of embeddings) {
    writer.u16(personKey);
    writer.u16(rank);
    writer.vector(embedding);
  }
  return writer.done();
}

/** @throws SyntaxError when `toEmbeddingBytes` did not write these bytes */
export function fromEmbeddingBytes(bytes: Uint8Array): CropEmbedding[] {
  return readBytes(bytes, (reader) => {
    const format = reader.u8();
    if (format !== FORMAT) throw new RangeError(`embeddings are in layout ${format}, expected ${FORMAT}`);
    const dimensions = reader.u16();
    return Array.from({ length: reader.u16() }, () => ({
      personKey: reader.u16(),
      rank: reader.u16(),
      embedding: reader.vector(dimensions),
    }));
  });
}
