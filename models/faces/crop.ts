import type { Box, DetectedFace, FaceCrop, RgbImage } from '../../core/faces/face.ts';
import { applyAffine, boxToRaster, invertAffine, mapLandmarks, scaleBox } from '../../core/faces/geometry.ts';
import type { ImageCodec } from '../../core/ports/vision.ts';
import { pyramidOf, warp } from '../images/resample.ts';

const LOOSENESS = 1.8;
const MAX_SIDE = 224;
const JPEG_QUALITY = 85;

/** A face crop with margin, black outside the picture. */
export async function createFaceCrop(
  image: RgbImage,
  face: Pick<DetectedFace, 'box' | 'landmarks'>,
  codec: Pick<ImageCodec, 'encodeJpeg'>,
): Promise<FaceCrop> {
  const box = scaleBox(face.box, LOOSENESS);
  const shrink = Math.min(1, MAX_SIDE / Math.max(box.width, box.height));
  const width = Math.max(1, Math.round(box.width * shrink));
  const height = Math.max(1, Math.round(box.height * shrink));
  const toPicture = boxToRaster(box, width, height);
  const toCrop = invertAffine(toPicture)!;
  return {
    jpeg: await codec.encodeJpeg(warp(pyramidOf(image), toPicture, width, height), JPEG_QUALITY),
    width,
    height,
    landmarks: mapLandmarks(face.landmarks, (point) => applyAffine(toCrop, point)),
  };
}

/** A part of the picture, `scale` times as large; black outside of the picture. @param box pixels */
export function enlarge(image: RgbImage, box: Box, scale: number): RgbImage {
  const width = Math.max(1, Math.round(box.width * scale));
  const height = Math.max(1, Math.round(box.height * scale));
  return warp(pyramidOf(image), boxToRaster(box, width, height), width, height);
}
