import { isRunWide } from '../core/errors.ts';
import type { Library } from '../core/ports.ts';

/** What lies behind one of Stash's paths; null: there is none, or it cannot be read. */
export async function fetchReadable(
  library: Pick<Library, 'fetchMedia'>,
  path: string | null,
  maxBytes: number,
): Promise<Uint8Array | null> {
  if (path === null) return null;
  try {
    return await library.fetchMedia(path, maxBytes);
  } catch (error) {
    if (isRunWide(error)) throw error;
    return null;
  }
}

/** What the page can show without another request: its security policy allows `data:` and forbids `blob:`. */
export function toDataUrl(jpeg: Uint8Array): string {
  return `data:image/jpeg;base64,${Buffer.from(jpeg.buffer, jpeg.byteOffset, jpeg.byteLength).toString('base64')}`;
}
