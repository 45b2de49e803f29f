/** Which faces of a person's pictures are good enough to recognise them by. */
import { meanEmbedding, similarity } from '../faces/embedding.ts';
import type { Embedding, Face } from '../faces/face.ts';
import type { PackCalibration } from '../faces/pack-calibration.ts';
import { findOutliers, type ReferenceCheck } from '../people/reference.ts';
import { compareText } from './candidate-images.ts';
import type { PictureState } from './picture-states.ts';

/** Pixels of the picture that was looked at, shorter side of the face: below it the crop is enlarged to twice its size and more. */
const MIN_FACE_PX = 48;
/** Degrees: of a head turned further the embedding is more alike to other turned heads than to the person. */
const MAX_YAW = 60;

export type SeenFace = { readonly embedding: Embedding; readonly quality: number };

/** A picture that was looked at. `face`: the one to use; `others`: those of a picture of several. */
export type SeenPicture<Seen extends SeenFace> = {
  readonly imageId: string;
  readonly state: PictureState;
  readonly face: Seen | null;
  readonly others: readonly Seen[];
};

/** The check of a performer's own picture, and the size and pose of the face: nobody looks at a pack picture by picture. */
export function checkFace({ state, face }: ReferenceCheck): { state: PictureState; face: Face | null } {
  if (face === null)
    return { state: state === 'several-faces' || state === 'drawing' ? state : 'no-face', face: null };
  const refused = refusedFor(face);
  return refused === null ? { state: 'used', face } : { state: refused, face: null };
}

/** Null: it is good. */
export function refusedFor({ quality: { sizePx, yaw } }: Pick<Face, 'quality'>): PictureState | null {
  if (sizePx < MIN_FACE_PX) return 'small';
  return Math.abs(yaw) > MAX_YAW ? 'turned' : null;
}

/**
Decides about all pictures of a person together. Several must agree: what is not alike to the largest group of them is an
outlier. Of a picture of several faces the one that is surely the person's is used. The result does not depend on the order.
*/
export function agree<Seen extends SeenFace>(
  pictures: readonly SeenPicture<Seen>[],
  calibration: Pick<PackCalibration['references'], 'sameAsGroup' | 'meantAmongSeveral'>,
): SeenPicture<Seen>[] {
  const ordered = pictures.toSorted(
    (a, b) => (b.face?.quality ?? 0) - (a.face?.quality ?? 0) || compareText(a.imageId, b.imageId),
  );
  const single = ordered.flatMap(({ imageId, state, face }) =>
    state === 'used' && face !== null
      ? [{ id: imageId, embedding: face.embedding, quality: face.quality, source: 'image' as const }]
      : [],
  );
  const isAnyAlike = single.some((a) =>
    single.some((b) => a !== b && similarity(a.embedding, b.embedding) >= calibration.sameAsGroup),
  );
  const disagree = single.length > 1 && !isAnyAlike;
  const outliers = disagree ? new Set<string>() : findOutliers(single, calibration);
  const sure = disagree ? [] : single.filter(({ id }) => !outliers.has(id));
  return ordered.map((picture) => {
    if (picture.state === 'used') {
      const state = disagree ? 'disagrees' : outliers.has(picture.imageId) ? 'outlier' : 'used';
      return { ...picture, state };
    }
    if (picture.state !== 'several-faces' || sure.length === 0) return picture;
    const meant = picture.others
      .map((face) => ({
        face,
        alike: Math.max(...sure.map(({ embedding }) => similarity(embedding, face.embedding))),
      }))
      .toSorted((a, b) => b.alike - a.alike)[0];
    return meant !== undefined && meant.alike >= calibration.meantAmongSeveral
      ? { ...picture, state: 'used', face: meant.face }
      : picture;
  });
}

/** Of the picture with this id. */
export type GoodReference = SeenFace & { readonly imageId: string };

/** The best first. */
export function bestReferences(references: readonly GoodReference[], count: number): GoodReference[] {
  return references
    .toSorted((a, b) => b.quality - a.quality || compareText(a.imageId, b.imageId))
    .slice(0, count);
}

/** Their mean, weighted by quality. Null: there is none. */
export function templateOf(faces: readonly SeenFace[]): Embedding | null {
  return meanEmbedding(faces.map(({ embedding, quality }) => ({ embedding, weight: quality })));
}

/** The best `count` references as one. Null: there is none. */
export function pooled(
  references: readonly GoodReference[],
  count: number,
): { template: Embedding; quality: number; references: number; bestImageId: string } | null {
  const best = bestReferences(references, count);
  const template = templateOf(best);
  if (template === null || best[0] === undefined) return null;
  const quality = best.reduce((sum, it) => sum + it.quality, 0) / best.length;
  return { template, quality, references: best.length, bestImageId: best[0].imageId };
}
