import { type FoundFace, type RgbImage, withEmbedding } from '../../core/faces/face.ts';
import type { PackCalibration } from '../../core/faces/pack-calibration.ts';
import { type ReferenceCheck, selectReferenceFace } from '../../core/people/reference.ts';
import type { ReferenceState } from '../../core/ports/people.ts';
import type { FaceAnalyzer, ImageCodec } from '../../core/ports/vision.ts';

/** Longer side of the decoded picture, pixels: a face a tenth as large is still usable. */
const MAX_SIDE = 1600;
/** Frames of a moving picture that are looked at, so that a black or faceless first one does not matter. */
const FRAMES = 8;

/** `faces`: all that were found in `image`. */
export type ReferenceLook = {
  readonly check: ReferenceCheck;
  readonly faces: readonly FoundFace[];
  readonly image: RgbImage;
};

type Found = Omit<ReferenceLook, 'check'> & { readonly check: ReferenceCheck<FoundFace> };

/**
Finds the face that a picture of a person shows. An exhaustive search costs several times more than a plain one: it is made
only of what the plain one finds no face in, since among several faces it would find these too. Only the face that is used
is embedded.
@throws StashSenseError `unreadable-media`
*/
export async function findReferenceFace(
  {
    analyzer,
    codec,
  }: {
    readonly analyzer: Pick<FaceAnalyzer, 'find'>;
    readonly codec: Pick<ImageCodec, 'decodeFrames'>;
  },
  bytes: Uint8Array,
  calibration: PackCalibration['references'],
): Promise<ReferenceLook> {
  let best: Found | null = null;
  let images: readonly RgbImage[] = await codec.decodeFrames(bytes, MAX_SIDE, FRAMES);
  for (const exhaustive of [false, true]) {
    const faceless: RgbImage[] = [];
    for (const image of images) {
      const faces = await analyzer.find(image, { exhaustive });
      const look = { check: selectReferenceFace(faces, image, calibration), faces, image };
      if (best === null || worth(look) > worth(best)) best = look;
      if (look.check.state === 'no-face') faceless.push(image);
    }
    if (best?.check.face != null || best?.check.state === 'drawing') break;
    images = faceless;
  }
  const { check, ...found } = best!;
  return { ...found, check: { ...check, face: check.face && (await withEmbedding(check.face)) } };
}

const WORTH_WITHOUT_FACE: Partial<Record<ReferenceState, number>> = { 'several-faces': 0.5, drawing: 0.4 };

/** A usable face before all else, the better the more; then a picture of several, which a person may tell apart. */
function worth({ check: { state, face } }: Found): number {
  if (face !== null) return 1 + face.quality.overall;
  return WORTH_WITHOUT_FACE[state] ?? 0;
}
