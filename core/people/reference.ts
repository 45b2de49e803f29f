import { looksDrawn } from '../faces/drawing.ts';
import { similarity } from '../faces/embedding.ts';
import type { Embedding, Face, FoundFace, RgbImage } from '../faces/face.ts';
import type { PackCalibration } from '../faces/pack-calibration.ts';
import type { ReferenceSource } from './person.ts';
import type { ReferenceState } from '../ports/people.ts';

/** Whether a picture is usable as a reference; `face` is the face to use, null unless `state` is `used`. */
export type ReferenceCheck<One = Face> = { readonly state: ReferenceState; readonly face: One | null };

/** A picture shows the person whose face is this many times as large (shorter side of the box) as any other. */
const DOMINANT_SIZE_RATIO = 2;

/** @param faces of the picture, in any order */
export function selectReferenceFace<One extends Pick<FoundFace, 'box' | 'quality'>>(
  faces: readonly One[],
  image: RgbImage,
  { minQuality }: Pick<PackCalibration['references'], 'minQuality'>,
): ReferenceCheck<One> {
  const [largest, second] = faces.toSorted((a, b) => b.quality.sizePx - a.quality.sizePx);
  if (largest && second && second.quality.sizePx * DOMINANT_SIZE_RATIO > largest.quality.sizePx)
    return { state: 'several-faces', face: null };
  if (!largest || largest.quality.overall < minQuality) return { state: 'no-face', face: null };
  if (looksDrawn(image, largest.box)) return { state: 'drawing', face: null };
  return { state: 'used', face: largest };
}

export type ReferenceToCheck = {
  readonly id: string;
  readonly embedding: Embedding;
  readonly quality: number;
  readonly source: Exclude<ReferenceSource, 'file' | 'reference-pack'>;
};

/**
Ids of pictures that Stash assigns to a performer and that show somebody else. The anchor is the profile picture and the
confirmed faces, or without them the largest group of similar pictures. Confirmed references are never outliers.
*/
export function findOutliers(
  references: readonly ReferenceToCheck[],
  { sameAsGroup }: Pick<PackCalibration['references'], 'sameAsGroup'>,
): Set<string> {
  const trusted = references.filter(
    (reference) => reference.source === 'profile' || reference.source === 'confirmed',
  );
  const others = references.filter((reference) => reference.source === 'image');
  const group = trusted.length > 0 ? [...trusted] : largestSimilarGroup(others, sameAsGroup);
  // A picture that joins the group counts for the next ones: the profile picture can be old, or show a turned head.
  const joined = new Set(group);
  for (let grown = true; grown;) {
    grown = false;
    for (const reference of others)
      if (!joined.has(reference) && meanOfNearestTwo(reference, [...joined]) >= sameAsGroup) {
        joined.add(reference);
        grown = true;
      }
  }
  return new Set(others.filter((reference) => !joined.has(reference)).map((reference) => reference.id));
}

/** The picture with the most similar others, together with those; all pictures when no two are similar, since then none is the outlier. */
function largestSimilarGroup(
  references: readonly ReferenceToCheck[],
  sameAsGroup: number,
): ReferenceToCheck[] {
  let best: ReferenceToCheck[] = [];
  for (const centre of references) {
    const similarTo = references.filter(
      (reference) => similarity(reference.embedding, centre.embedding) >= sameAsGroup,
    );
    if (similarTo.length > best.length) best = similarTo;
  }
  return best.length > 1 ? best : [...references];
}

/** Mean similarity with the two nearest pictures of a group, so that one accidental similarity is not enough. */
function meanOfNearestTwo(probe: ReferenceToCheck, group: readonly ReferenceToCheck[]): number {
  const near = group
    .map((reference) => similarity(reference.embedding, probe.embedding))
    .toSorted((a, b) => b - a)
    .slice(0, 2);
  return near.reduce((sum, value) => sum + value, 0) / near.length;
}
