import { createHash } from 'node:crypto';
import { closeSync, lstatSync, rmSync } from 'node:fs';
import path from 'node:path';
import { message } from '../../core/messages/message.ts';
import type { LearntPicture, PictureCache } from '../../core/people/learnt-picture.ts';
import { prepareDataFolder } from '../system/data-place.ts';
import { createFileSync, isLink, NotOurOwn } from '../system/files/own-files.ts';
import { PICTURE_CACHE } from '../system/files/own-names.ts';
import { isIrregular, readStart } from '../system/files/regular-file.ts';
import {
  fromLearntPictureBytes,
  LEARNT_PICTURE_FORMAT,
  toLearntPictureBytes,
} from './codecs/learnt-picture-bytes.ts';
import { openDatabase, type Database } from './sqlite/database.ts';
import { isDamaged, storeUnusable, toFolderError } from './sqlite/errors.ts';
import { migrate } from './sqlite/migrate.ts';
import { PICTURE_CACHE_MIGRATIONS } from './sqlite/schema.ts';

/** Pictures that are written together: a process that is killed learns at most so many anew. */
const AT_ONCE = 64;
const DAY_MS = 86_400_000;
const FORGOTTEN_AFTER_DAYS = 180;
/** SQLite's own file beside it while it is written. There is no write-ahead log, so that the file itself always says whose it is. */
const JOURNAL = '-journal';

type Waiting = { readonly found: Uint8Array; readonly checksum: Uint8Array };

/**
What was found in pictures of people, in one SQLite file of a folder of the user: 0600 in 0700, none of both through a link.
Several processes can have it open. Of a damaged file of ours the damaged rows count as missing; one that SQLite cannot read
is made anew. A file that is not ours is left as it is.
@param looking says what looks at the pictures: where it differs, nothing is found
@throws StashSenseError `store-unusable`, `busy`; NotOurOwn
*/
export async function openPictureCache({
  folder,
  looking,
  now,
}: {
  folder: string;
  looking: string;
  now: () => number;
}): Promise<PictureCache> {
  const file = prepare(folder);
  const database = await openOrMakeAnew(file);
  const today = Math.floor(now() / DAY_MS);
  const waiting = new Map<string, Waiting>();
  /** Keys that were found and were last used on another day. */
  const used = new Set<string>();

  const flush = async (): Promise<void> => {
    if (waiting.size === 0 && used.size === 0) return;
    await database.write((sql) => {
      for (const [key, { found, checksum }] of waiting)
        sql.run(
          'INSERT OR REPLACE INTO pictures (content, found, checksum, used_on) VALUES (?, ?, ?, ?)',
          Buffer.from(key, 'hex'),
          found,
          checksum,
          today,
        );
      for (const key of used)
        sql.run('UPDATE pictures SET used_on = ? WHERE content = ?', today, Buffer.from(key, 'hex'));
    });
    waiting.clear();
    used.clear();
  };

  return {
    async find(picture) {
      const key = keyOf(picture, looking);
      const row = await database.read((sql) =>
        sql.get('SELECT found, checksum, used_on FROM pictures WHERE content = ?', Buffer.from(key, 'hex')),
      );
      const found = row?.['found'];
      if (!(found instanceof Uint8Array) || !isSame(row?.['checksum'], checksumOf(key, found))) return null;
      if (row?.['used_on'] !== today) used.add(key);
      return fromLearntPictureBytes(found);
    },

    async keep(picture, learnt: LearntPicture) {
      const key = keyOf(picture, looking);
      const found = toLearntPictureBytes(learnt);
      waiting.set(key, { found, checksum: checksumOf(key, found) });
      if (waiting.size >= AT_ONCE) await flush();
    },

    flush,

    async close() {
      try {
        await flush();
        await database.write((sql) => {
          sql.run('DELETE FROM pictures WHERE used_on < ?', today - FORGOTTEN_AFTER_DAYS);
        });
      } finally {
        await database.close();
      }
    },
  };
}

/**
Deletes the cache, and nothing else that the folder holds. A folder or a file that is a link is left, and so is what it leads to.
@returns whether there was one
@throws NotOurOwn for a link, or a file that is not ours; the system's error
*/
export function erasePictureCache(folder: string): boolean {
  if (lstatSync(folder, { throwIfNoEntry: false }) === undefined) return false;
  refuseLink(folder);
  const file = path.join(folder, PICTURE_CACHE);
  const files = [file + JOURNAL, file].filter(
    (place) => lstatSync(place, { throwIfNoEntry: false }) !== undefined,
  );
  refuseForeign(file);
  for (const place of files) {
    if (isIrregular(place)) throw new NotOurOwn('EEXIST', message('file.notFile', { place }));
    rmSync(place, { force: true });
  }
  return files.length > 0;
}

/** @returns the path of the file, which is there */
function prepare(folder: string): string {
  const file = path.join(folder, PICTURE_CACHE);
  // Before modes are set.
  refuseLink(folder);
  refuseForeign(file);
  prepareDataFolder(folder);
  makeIfMissing(file);
  return file;
}

async function openOrMakeAnew(file: string): Promise<Database> {
  try {
    return await openChecked(file);
  } catch (error) {
    if (!(error instanceof Error) || !isDamaged(error.cause)) throw error;
    erasePictureCache(path.dirname(file));
    makeIfMissing(file);
    return await openChecked(file);
  }
}

async function openChecked(file: string): Promise<Database> {
  const database = await openDatabase(file);
  try {
    await migrate(database, PICTURE_CACHE_MIGRATIONS, { backup: false });
    const problem = await database.read((sql) => sql.get('PRAGMA quick_check(1)')?.['quick_check']);
    if (problem !== 'ok') throw storeUnusable(file, message('store.damaged'), new DamagedPages());
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** What SQLite's own error would be if it had met the damage by itself. */
class DamagedPages extends Error {
  readonly errcode = 11;
}

/** Creates it with mode 0600: SQLite gives the files beside it the same. */
function makeIfMissing(file: string): void {
  if (lstatSync(file, { throwIfNoEntry: false }) !== undefined) return;
  try {
    closeSync(createFileSync(file));
  } catch (error) {
    // Another process created the file first.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw toFolderError(error, path.dirname(file));
  }
}

function refuseLink(place: string): void {
  if (isLink(place)) throw new NotOurOwn('ELOOP', message('file.isLink', { place }));
}

/** Where the header of an SQLite file has its application id, and how long the header is, bytes. */
const APPLICATION_ID_AT = 68;
const HEADER_BYTES = 100;

/** An empty file is one of ours that was just made. */
function refuseForeign(file: string): void {
  const found = lstatSync(file, { throwIfNoEntry: false });
  if (found === undefined || (found.isFile() && found.size === 0)) return;
  refuseLink(file);
  const id = Buffer.from(readStart(file, HEADER_BYTES)).toString(
    'latin1',
    APPLICATION_ID_AT,
    APPLICATION_ID_AT + 4,
  );
  if (id !== 'SSpc') throw new NotOurOwn('EEXIST', message('file.notOurs', { place: file }));
}

/** Hexadecimal. */
function keyOf(picture: Uint8Array, looking: string): string {
  const content = createHash('sha256').update(picture).digest();
  return createHash('sha256').update(`${LEARNT_PICTURE_FORMAT} ${looking}\0`).update(content).digest('hex');
}

function checksumOf(key: string, found: Uint8Array): Uint8Array {
  return createHash('sha256').update(key).update(found).digest();
}

function isSame(stored: unknown, checksum: Uint8Array): boolean {
  return stored instanceof Uint8Array && Buffer.compare(stored, checksum) === 0;
}
