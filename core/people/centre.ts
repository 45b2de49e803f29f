import { meanEmbedding } from '../faces/embedding.ts';
import type { Embedding } from '../faces/face.ts';
import type { GalleryPerson } from './person.ts';

/** Smallest weight of a reference in the centre. */
const MIN_WEIGHT = 0.05;

/** Quality-weighted mean of the person's references: the one vector of the person in an index. @returns null without a reference */
export function centreOf({ references }: Pick<GalleryPerson, 'references'>): Embedding | null {
  const [first] = references;
  if (first !== undefined && references.length === 1) return first.embedding;
  return meanEmbedding(
    references.map(({ embedding, quality, pooled = 1 }) => ({
      embedding,
      weight: pooled * Math.max(MIN_WEIGHT, quality),
    })),
  );
}
