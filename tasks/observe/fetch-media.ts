import { isRunWide } from '../../core/errors.ts';
import { logFault } from '../../core/log-fault.ts';
import type { Library } from '../../core/ports/library.ts';
import type { Log } from '../../core/ports/log.ts';

/** What lies behind one of Stash's paths; null: there is none, or it cannot be read. */
export async function fetchReadable(
  { library, log }: { readonly library: Pick<Library, 'fetchMedia'>; readonly log: Pick<Log, 'error'> },
  path: string | null,
  maxBytes: number,
): Promise<Uint8Array | null> {
  if (path === null) return null;
  try {
    return await library.fetchMedia(path, maxBytes);
  } catch (error) {
    if (isRunWide(error)) throw error;
    logFault(log, error);
    return null;
  }
}

/** What the page can show without another request: its security policy allows `data:` and forbids `blob:`. */
export function toDataUrl(jpeg: Uint8Array): string {
  return `data:image/jpeg;base64,${Buffer.from(jpeg.buffer, jpeg.byteOffset, jpeg.byteLength).toString('base64')}`;
}
