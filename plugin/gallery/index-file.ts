import { lstatSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { z } from 'zod';
import { messageOf } from '../../core/errors.ts';
import { logFault } from '../../core/log-fault.ts';
import type { Log } from '../../core/ports/log.ts';
import type { IndexFile } from '../../core/ports/vision.ts';
import { replaceLargeFile, type GalleryFiles } from '../system/files/gallery-files.ts';
import { sha256OfFile } from '../system/files/hash-file.ts';
import { replaceFile } from '../system/files/own-files.ts';
import { readSmallFile } from '../system/files/regular-file.ts';
import { GalleryFileError, isDamage, jsonOf } from './gallery-file.ts';

const Receipt = z.object({
  /** SHA-256 of the body of the gallery file that the index was made of. */
  vectors: z.string(),
  /** Of the index: native code reads it without checks of its own. */
  sha256: z.string(),
});

export function createIndexFile(
  { index, receipt }: Pick<GalleryFiles, 'index' | 'receipt'>,
  vectors: string,
  log: Pick<Log, 'debug' | 'warn' | 'error'>,
): IndexFile {
  return {
    async find() {
      try {
        if (lstatSync(receipt, { throwIfNoEntry: false }) === undefined) return null;
        const kept = Receipt.safeParse(jsonOf(readSmallFile(receipt)));
        if (!kept.success) throw new GalleryFileError('its receipt is not readable');
        if (kept.data.vectors !== vectors) return null;
        if (!lstatSync(index).isFile() || (await sha256OfFile(index)) !== kept.data.sha256)
          throw new GalleryFileError('it does not have the checksum of its receipt');
        return index;
      } catch (error) {
        log.warn(`${index} is not used and will be made anew: ${messageOf(error)}`);
        if (!isDamage(error)) logFault(log, error);
        return null;
      }
    },

    async keep(write) {
      try {
        let sha256 = '';
        await replaceLargeFile(index, async (temporary) => {
          await write(temporary);
          sha256 = await sha256OfFile(temporary);
        });
        const content: z.input<typeof Receipt> = { vectors, sha256 };
        replaceFile(receipt, JSON.stringify(content));
      } catch (error) {
        log.debug(`The index of the gallery is not kept: ${messageOf(error)}`);
        logFault(log, error);
      }
    },
  };
}

/** The index of other vectors. On Windows one that another process reads stays, and is replaced later. */
export async function dropIndexFile({
  index,
  receipt,
}: Pick<GalleryFiles, 'index' | 'receipt'>): Promise<void> {
  for (const file of [receipt, index]) await rm(file, { force: true }).catch(() => undefined);
}
