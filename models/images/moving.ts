/** Pictures that move: GIF, APNG, animated WebP, AVIF sequences. */
import type { PictureKind } from './image-type.ts';

/** In the flags of VP8X, the first chunk of such a WebP. */
const WEBP_ANIMATION = 0x02;

/** Whether the bytes are of a kind that can hold several frames, and say that they do; of a GIF only decoding tells. */
export function mayMove(bytes: Uint8Array, kind: PictureKind): boolean {
  const has = (text: string, within: number): boolean =>
    Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, within)).includes(text, 0, 'latin1');
  if (kind === 'gif') return true;
  if (kind === 'webp') return has('VP8X', 16) && (bytes[20]! & WEBP_ANIMATION) !== 0;
  // The animation control chunk stands before the picture data, behind a colour profile.
  if (kind === 'png') return has('acTL', 65_536);
  return kind === 'heif' && has('avis', 40);
}

/** The frames that are looked at: all of a few, of many these evenly over them. */
export function framesOf(total: number, wanted: number): number[] {
  if (total <= wanted) return Array.from({ length: total }, (_, n) => n);
  return Array.from({ length: wanted }, (_, n) => Math.floor(((n + 0.5) * total) / wanted));
}

/**
The frames of an animated WebP that fill its canvas, each as a WebP of its own, for decoders that know no animation. Frames
that only change a part are left out. Empty: no such frame, or the file is damaged before the first one.
*/
export function webpFrames(bytes: Uint8Array): Uint8Array[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const frames: Uint8Array[] = [];
  let canvas: { width: number; height: number } | null = null;
  for (let at = 12; at + 8 <= bytes.length;) {
    const name = String.fromCharCode(...bytes.subarray(at, at + 4));
    const length = view.getUint32(at + 4, true);
    const body = at + 8;
    if (body + length > bytes.length) break;
    if (name === 'VP8X' && length >= 10)
      canvas = { width: uint24(view, body + 4) + 1, height: uint24(view, body + 7) + 1 };
    if (name === 'ANMF' && length > 16) {
      const fills =
        canvas !== null &&
        uint24(view, body + 6) + 1 === canvas.width &&
        uint24(view, body + 9) + 1 === canvas.height;
      if (fills && canvas) frames.push(asWebp(bytes.subarray(body + 16, body + length), canvas));
    }
    at = body + length + (length % 2);
  }
  return frames;
}

function uint24(view: DataView, at: number): number {
  return view.getUint8(at) | (view.getUint8(at + 1) << 8) | (view.getUint8(at + 2) << 16);
}

/** @param chunks of one frame: ALPH and VP8, or VP8L */
function asWebp(chunks: Uint8Array, { width, height }: { width: number; height: number }): Uint8Array {
  const hasAlpha = String.fromCharCode(...chunks.subarray(0, 4)) === 'ALPH';
  const extended = hasAlpha ? 18 : 0;
  const webp = Buffer.alloc(12 + extended + chunks.length);
  webp.write('RIFF', 0, 'latin1');
  webp.writeUInt32LE(webp.length - 8, 4);
  webp.write('WEBP', 8, 'latin1');
  if (hasAlpha) {
    webp.write('VP8X', 12, 'latin1');
    webp.writeUInt32LE(10, 16);
    webp[20] = 0x10;
    webp.writeUIntLE(width - 1, 24, 3);
    webp.writeUIntLE(height - 1, 27, 3);
  }
  webp.set(chunks, 12 + extended);
  return webp;
}
