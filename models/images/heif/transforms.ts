/** What a HEIF file says is to be done with a picture before it is shown: cut, rotate, mirror. */
import { type Box, createReader, damaged } from './reader.ts';

export type Size = { readonly width: number; readonly height: number };

export type Transform =
  | { readonly kind: 'crop'; readonly left: number; readonly top: number; readonly size: Size }
  | { readonly kind: 'rotate'; readonly quarterTurnsLeft: 1 | 2 | 3 }
  | { readonly kind: 'mirror'; readonly swaps: 'left and right' | 'top and bottom' };

/** Those of an item, in the order in which they apply, and the size of the picture after them. */
export function readTransforms(
  properties: readonly Box[],
  before: Size,
): { readonly transforms: Transform[]; readonly size: Size } {
  const transforms: Transform[] = [];
  let size = before;
  for (const { type, content } of properties) {
    if (type === 'clap') {
      const crop = readCrop(content, size);
      if (crop) transforms.push(crop);
      size = crop?.size ?? size;
    }
    if (type === 'irot') {
      const quarterTurnsLeft = createReader(content).uint(1) & 3;
      if (quarterTurnsLeft % 2 === 1) size = { width: size.height, height: size.width };
      if (quarterTurnsLeft === 1 || quarterTurnsLeft === 2 || quarterTurnsLeft === 3)
        transforms.push({ kind: 'rotate', quarterTurnsLeft });
    }
    if (type === 'imir')
      transforms.push({
        kind: 'mirror',
        swaps: createReader(content).uint(1) & 1 ? 'left and right' : 'top and bottom',
      });
  }
  return { transforms, size };
}

/** The clean aperture: its size, and how far its centre lies from that of the picture, as fractions. Null: it is the whole picture. */
function readCrop(content: Uint8Array, { width, height }: Size): (Transform & { kind: 'crop' }) | null {
  const reader = createReader(content);
  const fraction = (): number => {
    const numerator = reader.int32();
    return numerator / reader.int32();
  };
  const [across, down, right, below] = [fraction(), fraction(), fraction(), fraction()];
  const left = Math.max(0, Math.round((width - across) / 2 + right));
  const top = Math.max(0, Math.round((height - down) / 2 + below));
  const size = {
    width: Math.min(Math.round(across), width - left),
    height: Math.min(Math.round(down), height - top),
  };
  // Not so where a denominator is 0.
  if (!(size.width >= 1 && size.height >= 1)) throw damaged();
  return size.width === width && size.height === height ? null : { kind: 'crop', left, top, size };
}
