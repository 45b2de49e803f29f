/** A picture of the user's machine as it is sent: no larger than a face needs. */

/** Pixels of the longer side: faces are found at this size too, and a proxy takes the request. */
const MAX_SIDE = 1600;
const JPEG_QUALITY = 0.9;
/** Bytes: more arguments than these a function may not take. */
const CHUNK = 0x8000;
export const MAX_BYTES = 20 * 1024 * 1024;

export type ReadPicture = {
  readonly base64: string;
  /** For the page; null: the browser cannot show it, and our side may be able to. */
  readonly url: string | null;
};

export async function readPicture(file: Blob): Promise<ReadPicture> {
  const bitmap = await createImageBitmap(file).catch(() => null);
  if (bitmap === null) return { base64: await toBase64(file), url: null };
  const scale = Math.min(1, MAX_SIDE / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  canvas.getContext('2d')?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  const url = canvas.toDataURL('image/jpeg', JPEG_QUALITY);
  return { base64: url.slice(url.indexOf(',') + 1), url };
}

async function toBase64(file: Blob): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let text = '';
  for (let at = 0; at < bytes.length; at += CHUNK)
    text += String.fromCharCode(...bytes.subarray(at, at + CHUNK));
  return btoa(text);
}
