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
Crops in a file of their own. The main file says which crop sets there are; this one may lack some (then there is nothing
to show) and hold some more (orphans, dropped later): whatever a crash leaves behind is valid.
*/
export type CropFile = {
  readonly file: string;
  /** Opens it, or makes it, on the first call; a damaged one is moved aside. Then `put` may be called. */
  open(): Promise<void>;
  /**
  Within a write to the main file: a new group, which counts as an orphan until `collectOrphans`, as does the one it replaces.
  @returns its id; null when there are no crops
  */
  put(crops: readonly PersonCrop[], replaced: number | null): number | null;
  /** Within a write to the main file: these will be named no more. */
  addOrphans(ids: readonly number[]): void;
  /** After the write to the main file has ended: what that does not name is dropped. Never throws: what is left stays an orphan. */
  collectOrphans(): Promise<void>;
  /** Null when it is not there. */
  get(id: number): Promise<PersonCrop[] | null>;
  size(): Promise<{ crops: number; cropBytes: number }>;
  /** Bytes of these crop sets' pictures. */
  bytesOf(ids: readonly number[]): Promise<number>;
  /** Drops all that the main file does not name, while nobody files anything, and gives the space back; false where it could not. */
  shrink(): Promise<boolean>;
  /** Into an empty file. `onProgress`: 0…1. */
  copyTo(target: string, onProgress: (fraction: number) => void): Promise<void>;
  close(): Promise<void>;
};

/** Longer than any write takes: what another process is just filing is left alone. */
const SETTLED_AFTER_MS = 3_600_000;

export function createCropFile({
  file,
  now,
  isNamed,
}: {
  file: string;
  now: () => number;
  /** Which of these crop sets the main file names. */
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
      // A full disk has rolled back by itself.
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
        // They stay orphans, and the next process that files crops drops them.
      }
    },

    async get(id) {
      const { raw } = await openOnce();
      try {
        const bytes = raw.get('SELECT crops FROM crop_sets WHERE id = ?', id)?.['crops'];
        return bytes instanceof Uint8Array ? fromCropBytes(bytes) : null;
      } catch (error) {
        // A cache: what cannot be read is not there.
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
          // The index has both columns: without it every group is looked up in the midst of the pictures.
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
    // Another process was quicker.
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return;
    throw toFolderError(error, file);
  }
}

/** Losing the last crops in a power cut loses nothing that cannot be made again: no flush at every commit. */
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
