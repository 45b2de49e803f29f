import { looksDrawn } from '../faces/drawing.ts';
import { similarity } from '../faces/embedding.ts';
import type { Embedding, Face, RgbImage } from '../faces/face.ts';
import type { ReferenceSource } from './person.ts';
import type { ReferenceState } from '../ports/people.ts';

/** What a picture is worth as a reference; `face` is the one to use, null when it is not used. */
export type ReferenceCheck = { readonly state: ReferenceState; readonly face: Face | null };

/** A face this many times as large (shorter side of its box) as any other is whom the picture shows. */
const DOMINANT = 2;
/** Below this a face says more about its picture than about the person. */
const MIN_QUALITY = 0.25;
/** Mean similarity with the two nearest pictures of a group from which a picture shows the same person as the group. */
const FITS_GROUP = 0.3;

/** @param faces of the picture, in any order */
export function selectReferenceFace(faces: readonly Face[], image: RgbImage): ReferenceCheck {
  const [largest, second] = faces.toSorted((a, b) => b.quality.sizePx - a.quality.sizePx);
  if (largest && second && second.quality.sizePx * DOMINANT > largest.quality.sizePx)
    return { state: 'several-faces', face: null };
  if (!largest || largest.quality.overall < MIN_QUALITY) return { state: 'no-face', face: null };
  if (looksDrawn(image, largest.box)) return { state: 'drawing', face: null };
  return { state: 'used', face: largest };
}

export type ReferenceToCheck = {
  readonly id: string;
  readonly embedding: Embedding;
  readonly quality: number;
  readonly source: Exclude<ReferenceSource, 'file'>;
};

/**
Pictures that are tagged with a performer and show somebody else. The profile picture is the anchor; without one it is
the largest group of pictures that agree. What the user confirmed is never put aside, and speaks for others.
*/
export function findOutliers(references: readonly ReferenceToCheck[]): Set<string> {
  const trusted = references.filter(
    (reference) => reference.source === 'profile' || reference.source === 'confirmed',
  );
  const others = references.filter((reference) => reference.source === 'image');
  const group = trusted.length > 0 ? [...trusted] : seedOf(others);
  // What agrees with the group joins it and speaks for the next: profile pictures can be old or turned away.
  const joined = new Set(group);
  for (let grown = true; grown;) {
    grown = false;
    for (const reference of others)
      if (!joined.has(reference) && nearestTwo(reference, [...joined]) >= FITS_GROUP) {
        joined.add(reference);
        grown = true;
      }
  }
  return new Set(others.filter((reference) => !joined.has(reference)).map((reference) => reference.id));
}

/** The picture that most others agree with, and those; all pictures when no two agree, since none of them can be blamed. */
function seedOf(references: readonly ReferenceToCheck[]): ReferenceToCheck[] {
  let best: ReferenceToCheck[] = [];
  for (const centre of references) {
    const friends = references.filter(
      (reference) => similarity(reference.embedding, centre.embedding) >= FITS_GROUP,
    );
    if (friends.length > best.length) best = friends;
  }
  return best.length > 1 ? best : [...references];
}

/** Mean similarity with the two nearest of a group: one chance likeness is not enough where there are more. */
function nearestTwo(one: ReferenceToCheck, group: readonly ReferenceToCheck[]): number {
  const near = group
    .map((reference) => similarity(reference.embedding, one.embedding))
    .toSorted((a, b) => b - a)
    .slice(0, 2);
  return near.reduce((sum, value) => sum + value, 0) / near.length;
}
