/** The good pictures of somebody as the face pack in use compares them. */
import type { AddedEmbeddings, Embedding } from '../../../../core/faces/face.ts';
import { fuse, type Fusion } from '../../../../core/packs/fusion.ts';
import type { LookedAtMember } from '../../../../core/ports/boxes/box-people.ts';
import {
  bestReferences,
  pooled,
  type GoodReference,
  type SeenFace,
} from '../../../../core/reference-packs/good-references.ts';

/** Largest number of references that the template of a person is made of. */
const MAX_REFERENCES = 6;

/** Without those that this face pack has not seen. */
export function ownReferences(
  pictures: LookedAtMember['pictures'],
  seenBy: string,
  fusion: Fusion | null,
): GoodReference[] {
  return pictures.flatMap(({ imageId, state, face }) => {
    const embedding = state === 'used' && face !== null ? embeddingOf(face.embeddings, seenBy, fusion) : null;
    return embedding === null || face === null ? [] : [{ imageId, quality: face.quality, embedding }];
  });
}

/** As one template. Null: there is none. */
export function pooledOwn(references: readonly GoodReference[]): ReturnType<typeof pooled> {
  return pooled(references, MAX_REFERENCES);
}

/** The same with references of files, all of which count. */
export function pooledWith(
  references: readonly GoodReference[],
  contributed: readonly SeenFace[],
): ReturnType<typeof pooled> {
  const own = bestReferences(references, MAX_REFERENCES);
  const all = [...own, ...contributed.map((face) => ({ ...face, imageId: '' }))];
  return pooled(all, all.length);
}

export function embeddingOf(
  embeddings: AddedEmbeddings,
  seenBy: string,
  fusion: Fusion | null,
): Embedding | null {
  const own = embeddings[seenBy];
  if (own === undefined) return null;
  return fusion === null ? own : fuse(own, embeddings, fusion);
}
