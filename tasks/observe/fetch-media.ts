import { isRunWide } from '../../core/errors.ts';
import { logFault } from '../../core/log-fault.ts';
import type { Library } from '../../core/ports/library.ts';
import type { Log } from '../../core/ports/log.ts';

/** Fetches one of Stash's paths; null when it does not exist or is unreadable. */
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

/** A data URL, which the page can show without another request; its content security policy forbids `blob:`. */
export function toDataUrl(jpeg: Uint8Array): string {
  return `data:image/jpeg;base64,${Buffer.from(jpeg.buffer, jpeg.byteOffset, jpeg.byteLength).toString('base64')}`;
}
