export type PictureKind = 'jpeg' | 'png' | 'gif' | 'webp' | 'bmp' | 'tiff' | 'heif' | 'jxl';

/** Detected by the first bytes, never by a name; null for what is no raster image (videos, SVG, HTML of a login page). */
export function pictureKind(bytes: Uint8Array): PictureKind | null {
  const ascii = (from: number, to: number) => String.fromCharCode(...bytes.subarray(from, to));
  if (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) return 'jpeg';
  if (ascii(0, 8) === '\x89PNG\r\n\x1a\n') return 'png';
  if (ascii(0, 4) === 'GIF8') return 'gif';
  if (ascii(0, 4) === 'RIFF' && ascii(8, 12) === 'WEBP') return 'webp';
  if (ascii(0, 2) === 'BM' && bytes.length > 26) return 'bmp';
  if (ascii(0, 4) === 'II*\0' || ascii(0, 4) === 'MM\0*') return 'tiff';
  if (ascii(4, 8) === 'ftyp' && hasPictureBrand(ascii(8, Math.min(bytes[2]! * 256 + bytes[3]!, 64))))
    return 'heif';
  if (ascii(0, 12) === '\0\0\0\x0cJXL \r\n\x87\n' || (bytes[0] === 0xff && bytes[1] === 0x0a)) return 'jxl';
  return null;
}

/** `ftyp` names what the file is: four letters each, the second four a version. */
function hasPictureBrand(brands: string): boolean {
  return (brands.match(/[^]{4}/g) ?? []).some((brand, at) => at !== 1 && PICTURE_BRANDS.test(brand));
}

/** AVIF, HEIC, the structure both share (`mif1`), and sequences of pictures. */
const PICTURE_BRANDS = /^(?:avi[fs]|he(?:ic|ix|im|is)|mif[12]|msf1)$/;

/** The EXIF orientation, 1…8; 1 when there is none. */
export function readOrientation(bytes: Uint8Array, kind: PictureKind): number {
  const exif = findExif(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), kind);
  return (exif && orientationTag(exif)) ?? 1;
}

/** The TIFF structure of the EXIF data. */
function findExif(view: DataView, kind: PictureKind): DataView | null {
  const part = (start: number, length: number) =>
    start + length <= view.byteLength ? new DataView(view.buffer, view.byteOffset + start, length) : null;
  const name = (at: number) => (at + 4 <= view.byteLength ? view.getUint32(at) : 0);
  if (kind === 'tiff') return view;
  if (kind === 'jpeg')
    for (let at = 2; at + 10 <= view.byteLength && view.getUint8(at) === 0xff;) {
      const marker = view.getUint8(at + 1);
      const length = view.getUint16(at + 2);
      if (marker === 0xda) return null;
      if (marker === 0xe1 && name(at + 4) === EXIF_UPPER) return part(at + 10, Math.max(0, length - 8));
      at += 2 + length;
    }
  if (kind === 'png')
    for (let at = 8; at + 8 <= view.byteLength; at += 12 + view.getUint32(at))
      if (name(at + 4) === PNG_EXIF) return part(at + 8, view.getUint32(at));
  if (kind === 'webp')
    for (let at = 12; at + 8 <= view.byteLength;) {
      const length = view.getUint32(at + 4, true);
      // Some encoders write the six bytes `Exif\0\0` of JPEG before it.
      const preface = name(at + 8) === EXIF_UPPER ? 6 : 0;
      if (name(at) === WEBP_EXIF) return part(at + 8 + preface, Math.max(0, length - preface));
      at += 8 + length + (length % 2);
    }
  return null;
}

const EXIF_UPPER = 0x45786966; // Exif
const PNG_EXIF = 0x65584966; // eXIf
const WEBP_EXIF = 0x45584946; // EXIF
const ORIENTATION_TAG = 0x0112;

function orientationTag(tiff: DataView): number | null {
  if (tiff.byteLength < 8) return null;
  const little = tiff.getUint16(0) === 0x4949;
  const start = tiff.getUint32(4, little);
  if (start + 2 > tiff.byteLength) return null;
  const count = tiff.getUint16(start, little);
  for (let i = 0; i < count; i++) {
    const entry = start + 2 + i * 12;
    if (entry + 12 > tiff.byteLength) return null;
    if (tiff.getUint16(entry, little) !== ORIENTATION_TAG) continue;
    const value = tiff.getUint16(entry + 8, little);
    return value >= 1 && value <= 8 ? value : null;
  }
  return null;
}
