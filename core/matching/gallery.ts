import { meanEmbedding, similarity } from '../faces/embedding.ts';
import type { Embedding } from '../faces/face.ts';
import { identifyClusters, type IdentifyOptions, type Likeness } from './identify.ts';
import type { FaceCluster } from '../faces/observation.ts';
import type { Candidate, Identification, GalleryPerson } from '../people/person.ts';
import { createPauses } from '../pauses.ts';
import type { VectorIndex } from '../ports/vision.ts';

/** Everybody who can be recognised, ready to be searched. */
export type Gallery = {
  /** How many people. */
  readonly size: number;
  /** For each group (a scene, an image, a gallery) its persons, in their order. Thousands of groups in one call are searched together. */
  identify(groups: readonly (readonly FaceCluster[])[]): Promise<Identification[][]>;
};

/**
People whose references are compared one by one: those with the nearest centres. The index then holds one row a person
instead of one a reference, and the person with the nearest reference is hardly ever further down by the centres.
*/
const NEAREST_PEOPLE = 16;
const MAX_CANDIDATES = 6;
/** Comparisons of embeddings that take as long as adding one reference to a centre. */
const CENTRE_WORK = 8;

type Entry = {
  readonly person: GalleryPerson;
  readonly references: readonly { readonly id: string; readonly embedding: Embedding }[];
  /** Quality-weighted mean of the references. */
  readonly centre: Embedding;
};

export async function createGallery(
  persons: readonly GalleryPerson[],
  createIndex: (dimensions: number) => Promise<VectorIndex>,
  options: Omit<IdentifyOptions, 'gallerySize'> = {},
): Promise<Gallery> {
  const pause = createPauses();
  const entries: Entry[] = [];
  for (const person of persons) {
    const entry = toEntry(person);
    if (entry) entries.push(entry);
    await pause(CENTRE_WORK * person.references.length);
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
              NEAREST_PEOPLE,
            );
      let next = 0;
      const identified: Identification[][] = [];
      for (const group of groups) {
        const likenesses: Likeness[] = [];
        for (const person of group) likenesses.push(await toLikeness(person, found[next++] ?? []));
        identified.push(identifyClusters(likenesses, { ...options, gallerySize: entries.length }));
      }
      return identified;
    },
  };

  async function toLikeness(person: FaceCluster, found: readonly { row: number }[]): Promise<Likeness> {
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
  seen: FaceCluster,
): Omit<Candidate, 'confidence'> {
  let best = references[0]!;
  let nearest = -1;
  for (const reference of references) {
    const near = similarity(reference.embedding, seen.template);
    if (near > nearest) [best, nearest] = [reference, near];
  }
  return {
    personId: person.id,
    performerId: person.performerId,
    name: person.name,
    similarity: Math.max(nearest, similarity(centre, seen.template)),
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
