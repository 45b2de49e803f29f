import { meanEmbedding, similarity } from '../faces/embedding.ts';
import type { Embedding } from '../faces/face.ts';
import { identifyClusters, type IdentifyOptions, type ClusterCandidates } from './identify.ts';
import type { FaceCluster } from '../faces/observation.ts';
import type { Candidate, Identification, GalleryPerson } from '../people/person.ts';
import { createPauses } from '../pauses.ts';
import type { VectorIndex } from '../ports/vision.ts';

/** The performers that can be recognised, indexed for search. */
export type Gallery = {
  /** Number of people with at least one reference. */
  readonly size: number;
  /** Identifies the clusters of each group (one entity); the result has the same order. All groups of one call are one search of the index. */
  identify(groups: readonly (readonly FaceCluster[])[]): Promise<Identification[][]>;
};

/**
Number of people, those with the nearest centres, whose references are compared one by one. So the index holds one row per
person instead of one per reference; the person with the nearest reference is almost always among the nearest centres.
*/
const NEAREST_CENTRES = 16;
const MAX_CANDIDATES = 6;
/** Cost of adding one reference to a centre, in comparisons of two embeddings. */
const COMPARISONS_PER_REFERENCE = 8;

type Entry = {
  readonly person: GalleryPerson;
  readonly references: readonly { readonly id: string; readonly embedding: Embedding }[];
  /** Quality-weighted mean of the references. */
  readonly centre: Embedding;
};

export async function createGallery(
  persons: readonly GalleryPerson[],
  createIndex: (dimensions: number) => Promise<VectorIndex>,
  options: Omit<IdentifyOptions, 'gallerySize'>,
): Promise<Gallery> {
  const pause = createPauses();
  const entries: Entry[] = [];
  for (const person of persons) {
    const entry = toEntry(person);
    if (entry) entries.push(entry);
    await pause(COMPARISONS_PER_REFERENCE * person.references.length);
  }
  const dimensions = entries[0]?.centre.length ?? 0;
  const index = entries.length === 0 ? null : await createIndex(dimensions);
  await index?.add(entries.map((entry) => entry.centre));

  return {
    size: entries.length,
    async identify(groups) {
      const probes = groups.flat();
      const found =
        index === null || probes.length === 0
          ? []
          : await index.search(
              probes.map((probe) => probe.template),
              NEAREST_CENTRES,
            );
      let next = 0;
      const identified: Identification[][] = [];
      for (const group of groups) {
        const clusterCandidates: ClusterCandidates[] = [];
        for (const person of group) clusterCandidates.push(await findCandidates(person, found[next++] ?? []));
        identified.push(identifyClusters(clusterCandidates, { ...options, gallerySize: entries.length }));
      }
      return identified;
    },
  };

  async function findCandidates(
    person: FaceCluster,
    found: readonly { row: number }[],
  ): Promise<ClusterCandidates> {
    const near = found.flatMap(({ row }) => entries[row] ?? []);
    await pause(near.reduce((sum, { references }) => sum + references.length + 1, 0));
    const candidates = near
      .map((entry) => toCandidate(entry, person))
      .toSorted((a, b) => b.similarity - a.similarity || (a.personId < b.personId ? -1 : 1))
      .slice(0, MAX_CANDIDATES);
    return { person, candidates };
  }
}

function toCandidate(
  { person, references, centre }: Entry,
  cluster: FaceCluster,
): Omit<Candidate, 'confidence'> {
  let best = references[0]!;
  let nearest = -1;
  for (const reference of references) {
    const value = similarity(reference.embedding, cluster.template);
    if (value > nearest) [best, nearest] = [reference, value];
  }
  return {
    personId: person.id,
    performerId: person.performerId,
    name: person.name,
    similarity: Math.max(nearest, similarity(centre, cluster.template)),
    referenceId: best.id,
  };
}

function toEntry(person: GalleryPerson): Entry | null {
  const centre = meanEmbedding(
    person.references.map((reference) => ({
      embedding: reference.embedding,
      weight: Math.max(0.05, reference.quality),
    })),
  );
  return centre && { person, references: person.references, centre };
}
