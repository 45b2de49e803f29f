import { randomBytes } from 'node:crypto';
import { closeSync, renameSync, rmSync } from 'node:fs';
import type { PersonCrop } from '../../../core/faces/observation.ts';
import { createFileSync } from '../../system/files/own-files.ts';
import { fromCropBytes, toCropBytes } from '../codecs/crop-bytes.ts';
import { vacuum, openDatabase, useWriteAheadLog, type Database } from './database.ts';
import { migrate } from './migrate.ts';
import { CROP_MIGRATIONS } from './schema.ts';
import { isDamaged, toFolderError, toStoreError } from './errors.ts';

/**
Crops in a separate file. The main file references the crop sets. This file may lack some of them (then there is no crop
to show) and may contain others (orphans, deleted later), so every state after a crash is valid.
*/
export type CropFile = {
  readonly file: string;
  /** Opens or creates the file on the first call; a damaged one is moved aside. Must precede `put`. */
  open(): Promise<void>;
  /**
  Within a write to the main file: adds a crop set. Both it and the set it replaces are orphans until `collectOrphans`.
  @returns its id; null when there are no crops
  */
  put(crops: readonly PersonCrop[], replaced: number | null): number | null;
  /** Within a write to the main file: marks crop sets that it no longer references. */
  addOrphans(ids: readonly number[]): void;
  /** After the write to the main file: deletes the orphans that it does not reference. Never throws; what remains stays an orphan. */
  collectOrphans(): Promise<void>;
  /** Null when the file has no such crop set. */
  get(id: number): Promise<PersonCrop[] | null>;
  size(): Promise<{ crops: number; cropBytes: number }>;
  /** Total size of these crop sets, bytes. */
  bytesOf(ids: readonly number[]): Promise<number>;
  /** Deletes all crop sets that the main file does not reference and vacuums the file, under the write lock. @returns false when it was not possible */
  shrink(): Promise<boolean>;
  /** Copies to an empty file. `onProgress`: fraction 0…1. */
  copyTo(target: string, onProgress: (fraction: number) => void): Promise<void>;
  close(): Promise<void>;
};

/** Age from which an orphan is deleted. Longer than any write, so that crop sets being written by another process are not deleted. */
const SETTLED_AFTER_MS = 3_600_000;

export function createCropFile({
  file,
  now,
  isNamed,
}: {
  file: string;
  now: () => number;
  /** Those of these crop sets that the main file references. */
  isNamed: (ids: readonly number[]) => Promise<ReadonlySet<number>>;
}): CropFile {
  let opening: Promise<Database> | null = null;
  let opened: Database | null = null;
  /** Orphans that this process has added. */
  let ours: number[] = [];
  let swept = false;

  async function openOnce(): Promise<Database> {
    opening ??= openCropDatabase(file);
    try {
      opened = await opening;
    } catch (error) {
      opening = null;
      throw error;
    }
    return opened;
  }

  function inTransaction<T>(work: (database: Database) => T): T {
    if (!opened) throw new Error('the crop file is not open');
    const { raw } = opened;
    try {
      raw.exec('BEGIN IMMEDIATE');
      const result = work(opened);
      raw.exec('COMMIT');
      return result;
    } catch (error) {
      // With a full disk SQLite has rolled back already.
      try {
        raw.exec('ROLLBACK');
      } catch {}
      throw toStoreError(error, file);
    }
  }

  function addOrphans(database: Database, ids: readonly number[]): void {
    for (const id of ids)
      database.raw.run('INSERT OR REPLACE INTO orphans (id, at) VALUES (?, ?)', id, now());
    ours.push(...ids);
  }

  return {
    file,

    async open() {
      await openOnce();
    },

    put(crops, replaced) {
      if (crops.length === 0 && replaced === null) return null;
      return inTransaction((database) => {
        if (replaced !== null) addOrphans(database, [replaced]);
        if (crops.length === 0) return null;
        const id = randomBytes(6).readUIntBE(0, 6);
        addOrphans(database, [id]);
        database.raw.run(
          'INSERT INTO crop_sets (id, crop_count, byte_count, crops) VALUES (?, ?, ?, ?)',
          id,
          crops.length,
          crops.reduce((sum, crop) => sum + crop.jpeg.length, 0),
          toCropBytes(crops),
        );
        return id;
      });
    },

    addOrphans: (ids) => inTransaction((database) => addOrphans(database, ids)),

    async collectOrphans() {
      try {
        const { raw } = await openOnce();
        let ids = ours;
        ours = [];
        if (!swept) {
          swept = true;
          const left = raw.all('SELECT id FROM orphans WHERE at <= ?', now() - SETTLED_AFTER_MS);
          ids = [...ids, ...left.map((row) => Number(row['id']))];
        }
        if (ids.length === 0) return;
        const named = await isNamed(ids);
        inTransaction(() => {
          for (const id of ids) {
            if (!named.has(id)) raw.run('DELETE FROM crop_sets WHERE id = ?', id);
            raw.run('DELETE FROM orphans WHERE id = ?', id);
          }
        });
      } catch {
        // They stay orphans; the next process that writes crops deletes them.
      }
    },

    async get(id) {
      const { raw } = await openOnce();
      try {
        const bytes = raw.get('SELECT crops FROM crop_sets WHERE id = ?', id)?.['crops'];
        return bytes instanceof Uint8Array ? fromCropBytes(bytes) : null;
      } catch (error) {
        // The file is a cache: an unreadable crop set counts as missing.
        if (isDamaged(error) || error instanceof SyntaxError) return null;
        throw toStoreError(error, file);
      }
    },

    async size() {
      const database = await openOnce();
      const row = await database.read((sql) =>
        sql.get('SELECT total(crop_count) AS crops, total(byte_count) AS bytes FROM crop_sets'),
      );
      return { crops: Number(row?.['crops']), cropBytes: Number(row?.['bytes']) };
    },

    async bytesOf(ids) {
      const database = await openOnce();
      const row = await database.read((sql) =>
        sql.get(
          // The index covers both columns: without it SQLite reads the pages of the pictures.
          `SELECT total(byte_count) AS bytes FROM crop_sets INDEXED BY crop_sets_bytes
          WHERE id IN (SELECT value FROM json_each(?))`,
          JSON.stringify(ids),
        ),
      );
      return Number(row?.['bytes']);
    },

    async shrink() {
      try {
        const { raw } = await openOnce();
        const ids = raw.all('SELECT id FROM crop_sets').map((row) => Number(row['id']));
        const named = await isNamed(ids);
        inTransaction(() => {
          for (const id of ids) if (!named.has(id)) raw.run('DELETE FROM crop_sets WHERE id = ?', id);
        });
        return vacuum(raw);
      } catch {
        return false;
      }
    },

    async copyTo(target, onProgress) {
      await (await openOnce()).copyTo(target, onProgress);
    },

    async close() {
      await opened?.close();
    },
  };
}

async function openCropDatabase(file: string): Promise<Database> {
  try {
    return await openChecked(file);
  } catch (error) {
    if (!(error instanceof Error) || !isDamaged(error.cause)) throw error;
    moveAside(file);
    return await openChecked(file);
  }
}

function moveAside(file: string): void {
  try {
    renameSync(file, `${file}.damaged`);
    for (const ending of ['-wal', '-shm']) rmSync(file + ending, { force: true });
    closeSync(createFileSync(file));
  } catch (error) {
    // Another process created the file first.
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return;
    throw toFolderError(error, file);
  }
}

/** No flush at every commit: crops that a power cut loses can be made anew. */
async function openChecked(file: string): Promise<Database> {
  const database = await openDatabase(file);
  try {
    await useWriteAheadLog(database);
    database.raw.exec('PRAGMA synchronous = NORMAL');
    await migrate(database, CROP_MIGRATIONS, { backup: false });
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}
