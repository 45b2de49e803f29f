/** Packs that fuse the embeddings of several models. */
import { meanEmbedding } from '../faces/embedding.ts';
import type { AddedEmbeddings, Embedding, FaceCrop } from '../faces/face.ts';
import type { FaceCluster, PersonCrop } from '../faces/observation.ts';

/** Of what the embeddings of a pack are made. */
export type Fusion = {
  /** The pack whose observations and references it reads; its embedder has the share that the others leave. */
  readonly seenBy: string;
  readonly adds: readonly AddedEmbedder[];
};
export type AddedEmbedder = {
  readonly embedder: string;
  readonly dimensions: number;
  /** Of the similarity of two fused embeddings, 0…1. */
  readonly share: number;
};

/**
One unit vector: the embeddings one behind the other, each scaled so that the similarity of two such vectors is the mean of the
similarities by each embedder, weighted by their shares.

Where an added embedding is missing the rest is used alone: such a vector is less similar to a complete one than it should be,
so that a name may be missing and none is wrong.
*/
export function fuse(own: Embedding, added: AddedEmbeddings, { adds }: Pick<Fusion, 'adds'>): Embedding {
  const fused = new Float32Array(own.length + adds.reduce((sum, { dimensions }) => sum + dimensions, 0));
  let left = 1;
  let at = own.length;
  for (const { embedder, dimensions, share } of adds) {
    const embedding = added[embedder];
    if (embedding !== undefined) {
      left -= share;
      scaleInto(fused, at, embedding, Math.sqrt(share));
    }
    at += dimensions;
  }
  scaleInto(fused, 0, own, Math.sqrt(left));
  return fused as Embedding;
}

function scaleInto(to: Float32Array, at: number, embedding: Embedding, by: number): void {
  for (let i = 0; i < embedding.length; i++) to[at + i] = embedding[i]! * by;
}

/** A cluster with fused embeddings: the crops of its best faces stand for all of them. */
function fuseCluster(
  cluster: FaceCluster,
  crops: readonly Pick<FaceCrop, 'added'>[],
  fusion: Pick<Fusion, 'adds'>,
): FaceCluster {
  const added = meanAdded(crops, fusion);
  return {
    ...cluster,
    template: fuse(cluster.template, added, fusion),
    exemplars: cluster.exemplars.map((exemplar) => fuse(exemplar, added, fusion)),
  };
}

/** The clusters of an observation as a fused pack compares them. */
export function fusedClusters(
  clusters: readonly FaceCluster[],
  crops: readonly Pick<PersonCrop, 'personKey' | 'added'>[],
  fusion: Pick<Fusion, 'adds'>,
): FaceCluster[] {
  return clusters.map((cluster) =>
    fuseCluster(
      cluster,
      crops.filter(({ personKey }) => personKey === cluster.key),
      fusion,
    ),
  );
}

function meanAdded(
  crops: readonly Pick<FaceCrop, 'added'>[],
  { adds }: Pick<Fusion, 'adds'>,
): AddedEmbeddings {
  return Object.fromEntries(
    adds.flatMap(({ embedder }) => {
      const members = crops.flatMap(({ added }) => {
        const embedding = added?.[embedder];
        return embedding === undefined ? [] : [{ embedding, weight: 1 }];
      });
      const mean = meanEmbedding(members);
      return mean === null ? [] : [[embedder, mean]];
    }),
  );
}
