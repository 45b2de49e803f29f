import { open } from 'node:fs/promises';
import { StashSenseError } from '../core/errors.ts';

const HEAD_BYTES = 64;

/** The first bytes of a file. @throws StashSenseError `unreadable-media` */
export async function readHead(file: string): Promise<{ head: Uint8Array; sizeBytes: number }> {
  const handle = await open(file).catch((cause: unknown) => {
    throw new StashSenseError('unreadable-media', 'The file cannot be opened.', { cause });
  });
  try {
    const found = await handle.stat();
    if (!found.isFile()) throw new StashSenseError('unreadable-media', 'It is not a file.');
    if (found.size === 0) throw new StashSenseError('unreadable-media', 'The file is empty.');
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return { head: buffer.subarray(0, bytesRead), sizeBytes: found.size };
  } finally {
    await handle.close();
  }
}

/** By what is in it, not by its name: JPEG, PNG, GIF, WebP, BMP, TIFF, AVIF, HEIF. */
export function isPicture(head: Uint8Array): boolean {
  const text = Buffer.from(head).toString('latin1');
  return (
    text.startsWith('\u00FF\u00D8\u00FF') ||
    text.startsWith('\u0089PNG') ||
    text.startsWith('GIF8') ||
    (text.startsWith('RIFF') && text.slice(8, 12) === 'WEBP') ||
    text.startsWith('BM') ||
    text.startsWith('II*\u0000') ||
    text.startsWith('MM\u0000*') ||
    /^[^]{4}ftyp(avif|avis|heic|heix|mif1|msf1)/.test(text)
  );
}
