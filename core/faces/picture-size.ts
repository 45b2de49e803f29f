/** Width by height, or the inverse, from which a picture is long: a panorama, a film strip, a long screenshot. */
export const LONG_PICTURE = 2.2;

/**
The longer side that a picture is scaled down to, pixels: `maxSide`, or of a long picture the one that gives it the area of a
square of that side, since its faces are as high as its shorter side lets them be.
*/
export function scaledSide({ width, height }: { width: number; height: number }, maxSide: number): number {
  const ratio = Math.max(width, height) / Math.max(1, Math.min(width, height));
  return ratio < LONG_PICTURE ? maxSide : Math.floor(maxSide * Math.sqrt(ratio));
}
