/** Faces of the development gallery in their roles, as test/bench/look-alikes/gallery-faces.ts keeps them. */
import path from 'node:path';
import { similarity } from '../../../core/faces/embedding.ts';
import type { Embedding } from '../../../core/faces/face.ts';
import { readDevGallery, type Sex } from '../gallery/people.ts';
import { castPeople } from '../gallery/split.ts';
import { readFaces, readVectors } from '../look-alikes/gallery-faces.ts';

export type Face = {
  readonly id: string;
  /** Of the source's label, where it has one. */
  readonly sex: Sex;
  readonly fold: number;
  readonly vector: Embedding;
  readonly quality: number;
};
export type Probe = Face & { readonly isKnown: boolean };
export type Roles = { readonly probes: readonly Probe[]; readonly references: readonly Face[] };

/** @param dimensions of the embeddings in `cache` */
export function readRoles(folder: string, cache: string, dimensions: number): Roles {
  const faces = new Map(readFaces(cache).map((face) => [path.join(folder, face.picture), face]));
  const vectorOf = readVectors(cache, dimensions);
  const found: { probes: Probe[]; references: Face[] } = { probes: [], references: [] };
  for (const { person, fold, references: files, probe } of castPeople(readDevGallery(folder))) {
    const faceOf = (file: string | null): Face[] => {
      const face = file === null ? undefined : faces.get(file);
      if (face === undefined || face.row === null) return [];
      const vector = Float32Array.from(vectorOf(face.row)) as Embedding;
      return [{ id: person.id, sex: person.sex, fold, vector, quality: face.quality }];
    };
    const [reference] = files.flatMap(faceOf);
    const isKnown = files.length > 0;
    if (reference !== undefined) found.references.push(reference);
    if (!isKnown || reference !== undefined)
      found.probes.push(...faceOf(probe).map((face) => ({ ...face, isKnown })));
  }
  return found;
}

/** Two pictures that are somewhat alike; `folds`: of both, the lower one first. */
export type NearPair = {
  readonly one: Face;
  readonly other: Face;
  readonly similarity: number;
  readonly folds: readonly [number, number];
  readonly isSame: boolean;
  /** Of a probe, or of two references. */
  readonly probe: Probe | null;
  readonly cohort: Sex;
};

/** Each probe with each reference, and each two references, from this similarity on; pairs of one person all. */
export function nearPairs({ probes, references }: Roles, least: number): NearPair[] {
  const pairs: NearPair[] = [];
  const compare = (one: Face, other: Face, probe: Probe | null): void => {
    const value = similarity(one.vector, other.vector);
    const isSame = one.id === other.id;
    if (value < least && !isSame) return;
    const folds = [Math.min(one.fold, other.fold), Math.max(one.fold, other.fold)] as const;
    const cohort = one.sex === other.sex ? one.sex : 'unknown';
    pairs.push({ one, other, similarity: value, folds, isSame, probe, cohort });
  };
  for (const probe of probes) for (const reference of references) compare(probe, reference, probe);
  for (const [n, reference] of references.entries())
    for (const other of references.slice(n + 1)) compare(reference, other, null);
  return pairs;
}
