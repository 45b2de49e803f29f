import { rm } from 'node:fs/promises';
import { messageOf } from '../../core/errors.ts';
import { logFault } from '../../core/log-fault.ts';
import type { GallerySource, OpenGallery, Searches } from '../../core/ports/gallery.ts';
import type { Log } from '../../core/ports/log.ts';
import type { QuantizedVectors, RowSearch } from '../../core/ports/vision.ts';
import { galleryFile, sweepGalleryFile } from '../system/files/gallery-files.ts';
import { readContents, type GalleryContents } from './contents.ts';
import { isDamage, readGalleryFile, writeGalleryFile } from './gallery-file.ts';
import { createStoredGallery } from './stored-gallery.ts';

/**
JavaScript compares a probe with so many people in about 15 ms. For usearch the models' module is loaded and ffmpeg is
looked for, which takes longer.
*/
export const PLAIN_UP_TO_PEOPLE = 20_000;

type Parts = {
  readonly dataFolder: string;
  /** Of the source, in the names of the files: lower-case letters. */
  readonly name: string;
  readonly source: GallerySource;
  readonly search: {
    readonly packId: string;
    /** In JavaScript; loads nothing. */
    createPlainRowSearch(vectors: QuantizedVectors): RowSearch;
    /** As exact, and faster. */
    createRowSearch(vectors: QuantizedVectors, searches: Searches): Promise<RowSearch>;
  };
  readonly log: Pick<Log, 'debug' | 'warn' | 'error'>;
};

/**
The gallery of one source of people, in a file that is made anew whenever the source has another version. The file is a
cache: without it, or where it cannot be written, the gallery is read from the source each time.
*/
export function createOpenGallery({ dataFolder, name, source, search, log }: Parts): OpenGallery {
  const file = galleryFile(dataFolder, name);
  let last: Promise<GalleryContents> | null = null;
  let lastVersion = -1;

  return async (searches) => {
    const version = await source.version();
    if (last === null || lastVersion !== version) {
      lastVersion = version;
      last = open(file, source, search.packId, version, log);
    }
    let contents: GalleryContents;
    try {
      contents = await last;
    } catch (error) {
      last = null;
      throw error;
    }
    const { size } = contents.vectors;
    return createStoredGallery(
      contents,
      source,
      size === 0 || (searches === 'few probes' && size <= PLAIN_UP_TO_PEOPLE)
        ? search.createPlainRowSearch(contents.vectors)
        : await search.createRowSearch(contents.vectors, searches),
    );
  };
}

async function open(
  file: string,
  source: GallerySource,
  packId: string,
  version: number,
  log: Parts['log'],
): Promise<GalleryContents> {
  try {
    sweepGalleryFile(file);
    const found = await readGalleryFile(file, { packId, version });
    if (found !== null) return found;
  } catch (error) {
    log.warn(`${file} is not used and is made anew: ${messageOf(error)}`);
    if (!isDamage(error)) logFault(log, error);
  }
  const contents = await readContents(source, packId, version);
  try {
    await writeGalleryFile(file, contents);
    // The people may have been erased meanwhile, and the files with them.
    if ((await source.version()) !== version) await rm(file, { force: true });
  } catch (error) {
    log.debug(`${file} could not be written: ${messageOf(error)}`);
    logFault(log, error);
  }
  return contents;
}
