import { rm } from 'node:fs/promises';
import { messageOf } from '../../core/errors.ts';
import { logFault } from '../../core/log-fault.ts';
import type { GallerySource, OpenGallery } from '../../core/ports/gallery.ts';
import type { Log } from '../../core/ports/log.ts';
import type { IndexFile, QuantizedVectors, RowSearch } from '../../core/ports/vision.ts';
import { galleryFiles, sweepGalleryFiles, type GalleryFiles } from '../system/files/gallery-files.ts';
import { readContents, type GalleryContents } from './contents.ts';
import { isDamage, readGalleryFile, writeGalleryFile } from './gallery-file.ts';
import { createIndexFile, dropIndexFile } from './index-file.ts';
import { createStoredGallery } from './stored-gallery.ts';

type Parts = {
  readonly dataFolder: string;
  /** Of the source, in the names of the files: lower-case letters. */
  readonly name: string;
  readonly source: GallerySource;
  readonly search: {
    readonly packId: string;
    /** Loads nothing. */
    createPlainRowSearch(vectors: QuantizedVectors): RowSearch;
    createRowSearch(vectors: QuantizedVectors, indexFile: IndexFile): Promise<RowSearch>;
  };
  readonly log: Pick<Log, 'debug' | 'warn' | 'error'>;
};

/** `bodySha256`: of the file, null when it could not be written. */
type Opened = { readonly contents: GalleryContents; readonly bodySha256: string | null };

/**
The gallery of one source of people, in a file that is made anew whenever the source has another version. The file is a
cache: without it, or where it cannot be written, the gallery is read from the source each time.
*/
export function createOpenGallery({ dataFolder, name, source, search, log }: Parts): OpenGallery {
  const files = galleryFiles(dataFolder, name);
  let last: Promise<Opened> | null = null;
  let lastVersion = -1;

  return async (searches) => {
    const version = await source.version();
    if (last === null || lastVersion !== version) {
      lastVersion = version;
      last = open(files, source, search.packId, version, log);
    }
    let opened: Opened;
    try {
      opened = await last;
    } catch (error) {
      last = null;
      throw error;
    }
    const { contents, bodySha256 } = opened;
    return createStoredGallery(
      contents,
      source,
      searches === 'few probes' || contents.vectors.size === 0
        ? search.createPlainRowSearch(contents.vectors)
        : await search.createRowSearch(
            contents.vectors,
            bodySha256 === null ? NOT_KEPT : createIndexFile(files, bodySha256, log),
          ),
    );
  };
}

const NOT_KEPT: IndexFile = { find: () => Promise.resolve(null), keep: () => Promise.resolve() };

async function open(
  files: GalleryFiles,
  source: GallerySource,
  packId: string,
  version: number,
  log: Parts['log'],
): Promise<Opened> {
  try {
    sweepGalleryFiles(files);
    const found = await readGalleryFile(files.vectors, { packId, version });
    if (found !== null) return found;
  } catch (error) {
    log.warn(`${files.vectors} is not used and is made anew: ${messageOf(error)}`);
    if (!isDamage(error)) logFault(log, error);
  }
  const contents = await readContents(source, packId, version);
  try {
    await dropIndexFile(files);
    const bodySha256 = await writeGalleryFile(files.vectors, contents);
    // The people may have been erased meanwhile, and the files with them.
    if ((await source.version()) !== version) await rm(files.vectors, { force: true });
    return { contents, bodySha256 };
  } catch (error) {
    log.debug(`${files.vectors} could not be written: ${messageOf(error)}`);
    logFault(log, error);
    return { contents, bodySha256: null };
  }
}
