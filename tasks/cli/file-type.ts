import { StashSenseError } from '../../core/errors.ts';
import { toFileError } from '../../core/file-problem.ts';
import { pictureKind } from '../../models/images/image-type.ts';
import { openRegularFile, readRegularFile } from '../../plugin/system/files/regular-file.ts';
import { message } from '../../core/messages/message.ts';

const HEAD_BYTES = 64;
/** Larger pictures are not decoded. */
const MAX_PICTURE_BYTES = 200e6;

/** The first bytes of a file. @throws StashSenseError `unreadable-media`, `file-missing` */
export async function readHead(file: string): Promise<{ head: Uint8Array; sizeBytes: number }> {
  const { handle, sizeBytes } = await openRegularFile(file).catch((cause: unknown) => {
    throw toFileError(file, cause);
  });
  try {
    if (sizeBytes === 0) throw new StashSenseError('unreadable-media', message('media.emptyFile'));
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return { head: buffer.subarray(0, bytesRead), sizeBytes };
  } finally {
    await handle.close();
  }
}

/** @throws StashSenseError `unreadable-media`, `file-missing` */
export async function readPicture(file: string): Promise<Uint8Array> {
  return await readRegularFile(file, MAX_PICTURE_BYTES).catch((error: unknown) => {
    throw toFileError(file, error);
  });
}

/** Whether these first bytes are of a picture of any kind that is decoded. */
export function isPicture(head: Uint8Array): boolean {
  return pictureKind(head) !== null;
}
