/** Pictures that ffmpeg writes as BMP, read as Go's golang.org/x/image/bmp reads them, which Stash uses. */
import type { RgbImage } from '../../../core/faces/face.ts';

const FILE_HEADER_BYTES = 14;
const HEADER_BYTES = FILE_HEADER_BYTES + 40;
/** Bytes of a pixel by its bits; one byte is a place in the palette. */
const PIXEL_BYTES: Readonly<Record<number, number>> = { 8: 1, 24: 3, 32: 4 };
const PALETTE_COLOURS = 256;

/** Null: it is no such picture, it is cut short, or it is of a kind that Go does not read (16 bits). */
export function readBmp(bytes: Uint8Array): RgbImage | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < HEADER_BYTES || bytes[0] !== 0x42 || bytes[1] !== 0x4d) return null;
  const [pixels, header] = [view.getUint32(10, true), view.getUint32(14, true)];
  const [width, signedHeight] = [view.getInt32(18, true), view.getInt32(22, true)];
  const [planes, bits, compression] = [
    view.getUint16(26, true),
    view.getUint16(28, true),
    view.getUint32(30, true),
  ];
  const pixelBytes = PIXEL_BYTES[bits];
  if (header !== HEADER_BYTES - FILE_HEADER_BYTES || planes !== 1 || compression !== 0) return null;
  if (pixelBytes === undefined || width <= 0 || signedHeight === 0) return null;
  const colours = bits === 8 ? view.getUint32(46, true) || PALETTE_COLOURS : 0;
  if (colours > PALETTE_COLOURS || pixels !== HEADER_BYTES + colours * 4) return null;
  const height = Math.abs(signedHeight);
  const rowBytes = (width * pixelBytes + 3) & ~3;
  if (bytes.length < pixels + height * rowBytes) return null;
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    // Rows stand from the bottom up unless the height is negative.
    const row = pixels + (signedHeight < 0 ? y : height - 1 - y) * rowBytes;
    for (let x = 0; x < width; x++) {
      const at = row + x * pixelBytes;
      const colour = bits === 8 ? HEADER_BYTES + (bytes[at] ?? 0) * 4 : at;
      const to = (y * width + x) * 3;
      data[to] = bytes[colour + 2] ?? 0;
      data[to + 1] = bytes[colour + 1] ?? 0;
      data[to + 2] = bytes[colour] ?? 0;
    }
  }
  return { width, height, data };
}
