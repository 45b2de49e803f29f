/** Looks at the pictures that a stash-box has of one person. */
import { hasCode } from '../../../core/errors.ts';
import { looksDrawn } from '../../../core/faces/drawing.ts';
import {
  type Face,
  type FaceCrop,
  type FoundFace,
  type RgbImage,
  withEmbedding,
} from '../../../core/faces/face.ts';
import type { KeptFace, KeptPicture } from '../../../core/ports/boxes/box-people.ts';
import type { CropEmbedder } from '../../../core/ports/vision.ts';
import {
  agree,
  checkFace,
  refusedFor,
  type SeenFace,
  type SeenPicture,
} from '../../../core/reference-packs/good-references.ts';
import { findReferenceFace } from '../../observe/reference-face.ts';
import { embedCrop } from '../../observe/embed-crops.ts';
import { type InferenceParts, withInference } from '../../runs/inference-lock.ts';
import type { Context, FacePipeline } from '../../runs/task.ts';
import type { FetchedPicture } from './downloads.ts';

export type LookParts = InferenceParts &
  Pick<Context, 'vision'> & {
    /** Absent: in the background. */
    readonly waiting?: 'for a person';
  };
type Seen = SeenFace & { readonly face: Face; readonly image: RgbImage };

/** What is made of a face beside its embedding. */
export type Making = { readonly addsEmbedders: boolean; readonly keepCrops: boolean };

/** Nothing of a picture is kept but what the result holds. */
export async function lookAtPerson(
  context: LookParts,
  pictures: readonly FetchedPicture[],
  making: Making,
): Promise<KeptPicture[]> {
  if (pictures.length === 0) return [];
  const { packId, calibration } = context.vision.seenBy;
  return await withInference(context, context.waiting ?? 'in the background', async () => {
    const open = await context.vision.openForPictures();
    const seen: SeenPicture<Seen>[] = [];
    for (const picture of pictures) seen.push(await lookAtPicture(open, picture, calibration.references));
    const kept: KeptPicture[] = [];
    for (const { imageId, state, face } of agree(seen, calibration.references))
      kept.push({
        imageId,
        state,
        face: state === 'used' && face !== null ? await keep(open, packId, face, making) : null,
      });
    return kept;
  });
}

async function lookAtPicture(
  open: Pick<FacePipeline, 'analyzer' | 'codec'>,
  { imageId, bytes }: FetchedPicture,
  calibration: Context['vision']['calibration']['references'],
): Promise<SeenPicture<Seen>> {
  const nobody = { imageId, face: null, others: [] };
  if (typeof bytes === 'string') return { ...nobody, state: bytes === 'failed' ? 'missing' : bytes };
  try {
    const { check, faces, image } = await findReferenceFace(open, bytes, calibration);
    const { state, face } = checkFace(check);
    const toSeen = (found: Face): Seen => ({
      face: found,
      image,
      embedding: found.embedding,
      quality: found.quality.overall,
    });
    const isGood = (found: FoundFace): boolean =>
      refusedFor(found) === null &&
      found.quality.overall >= calibration.minQuality &&
      !looksDrawn(image, found.box);
    const others: Seen[] = [];
    if (state === 'several-faces')
      for (const found of faces.filter(isGood)) others.push(toSeen(await withEmbedding(found)));
    return { imageId, state, face: face === null ? null : toSeen(face), others };
  } catch (error) {
    if (hasCode(error, 'unreadable-media')) return { ...nobody, state: 'unreadable' };
    throw error;
  }
}

async function keep(
  open: Pick<FacePipeline, 'crop'>,
  packId: string,
  { face, image, embedding, quality }: Seen,
  { addsEmbedders, keepCrops }: Making,
): Promise<KeptFace> {
  const crop = addsEmbedders || keepCrops ? await open.crop(image, face) : null;
  return {
    quality,
    embeddings: { [packId]: embedding, ...crop?.added },
    crop: keepCrops ? crop : null,
  };
}

/** All pictures of somebody, with a crop of each that is used. */
export type KeptCrops = {
  readonly pictures: readonly KeptPicture[];
  readonly crops: ReadonlyMap<string, FaceCrop>;
};

/** @returns null where a crop is missing */
export async function keptCropsOf(
  { store: { boxPeople } }: Pick<Context, 'store'>,
  number: string,
): Promise<KeptCrops | null> {
  const [pictures, crops] = await Promise.all([boxPeople.pictures(number), boxPeople.crops(number)]);
  const used = pictures.filter(({ face }) => face !== null);
  return used.every(({ imageId }) => crops.has(imageId)) ? { pictures, crops } : null;
}

/** What other embedders make of the crops that are kept, so that no picture is fetched again. */
export async function embedKeptCrops(
  context: LookParts,
  { pictures, crops }: KeptCrops,
  embedder: Pick<CropEmbedder, 'embed'>,
): Promise<KeptPicture[]> {
  return await withInference(context, 'in the background', async () => {
    const made: KeptPicture[] = [];
    for (const { imageId, state, face } of pictures) {
      const crop = crops.get(imageId);
      if (face === null || crop === undefined) {
        made.push({ imageId, state, face: null });
        continue;
      }
      const embedded = await embedCrop(crop, embedder);
      made.push({
        imageId,
        state,
        face: { ...face, embeddings: { ...face.embeddings, ...embedded.added }, crop: embedded },
      });
    }
    return made;
  });
}
