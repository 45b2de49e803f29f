/** Looking at plain pictures for the face of the person they show, with what an earlier run found. */
import { hasCode } from '../../../core/errors.ts';
import type { FaceAnalyzer, ImageCodec } from '../../../core/ports/vision.ts';
import { type Embedding, type Face, type RgbImage, withEmbedding } from '../../../core/faces/face.ts';
import type { FaceInPicture, LearntPicture, PictureCache } from '../../../core/people/learnt-picture.ts';
import { findReferenceFace } from '../../observe/reference-face.ts';

/** @throws StashSenseError `unreadable-media` */
export type LookAtPicture = (picture: Uint8Array) => Promise<LearntPicture>;

export type LookParts = {
  readonly analyzer: Pick<FaceAnalyzer, 'find' | 'calibration'>;
  readonly codec: Pick<ImageCodec, 'decodeFrames'>;
  /** The embedding by which a face of the picture is compared; absent: the analyzer's. */
  readonly embed?: (image: RgbImage, face: Face) => Promise<Embedding>;
};

export function createLook(parts: LookParts): LookAtPicture {
  return async (picture) => {
    const { check, faces, image } = await findReferenceFace(
      parts,
      picture,
      parts.analyzer.calibration.references,
    );
    const read: FaceInPicture[] = [];
    const keep = async (face: Face): Promise<number> =>
      read.push(toFaceInPicture(face, (await parts.embed?.(image, face)) ?? face.embedding));
    if (check.face !== null) await keep(check.face);
    else if (check.state === 'several-faces') for (const face of faces) await keep(await withEmbedding(face));
    return { state: check.state, width: image.width, height: image.height, faces: read };
  };
}

/** `onTrouble` is called once with what is wrong with the cache; from then on it is not used. */
export function rememberLooks(
  look: LookAtPicture,
  cache: PictureCache | null,
  onTrouble: (error: unknown) => void,
): LookAtPicture {
  let usable = cache;
  const tried = async <T>(work: (cache: PictureCache) => Promise<T>): Promise<T | null> => {
    if (usable === null) return null;
    try {
      return await work(usable);
    } catch (error) {
      if (!hasCode(error, 'store-unusable', 'busy')) throw error;
      usable = null;
      onTrouble(error);
      return null;
    }
  };
  return async (picture) => {
    const known = await tried((open) => open.find(picture));
    if (known !== null) return known;
    const found = await look(picture);
    await tried((open) => open.keep(picture, found));
    return found;
  };
}

function toFaceInPicture({ box, quality }: Face, embedding: Embedding): FaceInPicture {
  return { box, embedding, quality: quality.overall, sizePx: quality.sizePx };
}
