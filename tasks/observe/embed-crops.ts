import type { FaceCrop } from '../../core/faces/face.ts';
import type { ObservationWithCrops } from '../../core/faces/observation.ts';
import type { CropEmbedder } from '../../core/ports/vision.ts';

/** The crops with what the embedders that the pack adds make of them. */
export async function embedCrops(
  { observation, crops }: ObservationWithCrops,
  embedder: Pick<CropEmbedder, 'embed'>,
): Promise<ObservationWithCrops> {
  const embedded: ObservationWithCrops['crops'][number][] = [];
  for (const crop of crops) embedded.push(await embedCrop(crop, embedder));
  return { observation, crops: embedded };
}

export async function embedCrop<Crop extends FaceCrop>(
  crop: Crop,
  embedder: Pick<CropEmbedder, 'embed'>,
): Promise<Crop> {
  const added = await embedder.embed(crop);
  return Object.keys(added).length === 0 ? crop : { ...crop, added };
}
