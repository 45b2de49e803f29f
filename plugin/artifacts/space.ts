import { statfs } from 'node:fs/promises';
import { StashSenseError } from '../../core/errors.ts';
import { message } from '../../core/messages/message.ts';

export type Space = {
  /** Of what is fetched, for the sentence. */
  readonly name: string;
  readonly folder: string;
  /** That are to be free on its disk. */
  readonly bytes: number;
  readonly freeBytes?: ((folder: string) => Promise<number>) | undefined;
};

/** @throws StashSenseError `fetch-failed` where there is less space */
export async function requireSpace({ name, folder, bytes, freeBytes = freeBytesOf }: Space): Promise<void> {
  const free = await freeBytes(folder);
  if (free >= bytes) return;
  throw new StashSenseError(
    'fetch-failed',
    message('fetch.noSpace', { name, needed: megabytes(bytes), free: megabytes(free), folder }),
  );
}

async function freeBytesOf(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

function megabytes(bytes: number): number {
  return Math.ceil(bytes / 1e6);
}
