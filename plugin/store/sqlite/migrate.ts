import { readdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { message } from '../../../core/messages/message.ts';
import { flushFile, flushFolder } from '../../system/files/fsync.ts';
import { createAnewSync } from '../../system/files/own-files.ts';
import { openDatabase, type Database } from './database.ts';
import { storeUnusable, toFolderError, toStoreError } from './errors.ts';

/**
Brings a file to the version of the last of `migrations` (the first makes version 1), each in a transaction of its own:
a process killed on the way, or two that start at once, end at the same. With `backup`, what an existing file held
before lies in `<file>.v<version>.backup` afterwards, and no older one: it stays until the next migration, or until
data are erased.
@throws StashSenseError `store-unusable`: made by a newer version, or not ours. Then nothing was changed.
*/
export async function migrate(
  database: Database,
  migrations: readonly string[],
  { backup }: { backup: boolean },
): Promise<void> {
  const { raw, file } = database;
  let backedUp = !backup;
  try {
    while (checkedVersion(database, migrations.length) < migrations.length) {
      raw.exec('BEGIN IMMEDIATE');
      try {
        // Again, now that no other process can change it.
        const version = checkedVersion(database, migrations.length);
        const next = migrations[version];
        // Another process was quicker.
        if (next !== undefined) {
          if (version > 0 && !backedUp) await backUp(file, version);
          backedUp = true;
          raw.exec(next);
          raw.exec(`PRAGMA user_version = ${version + 1}`);
        }
        raw.exec('COMMIT');
      } catch (error) {
        // A full disk has rolled back by itself.
        try {
          raw.exec('ROLLBACK');
        } catch {}
        throw error;
      }
    }
  } catch (error) {
    throw toStoreError(error, file);
  }
}

/** @throws StashSenseError `store-unusable` */
export function checkedVersion({ raw, file }: Database, newest: number): number {
  try {
    // In this order: another process may make the tables, and the version with them, between the two.
    const hasTables = (): boolean => raw.get('SELECT 1 FROM sqlite_schema LIMIT 1') !== undefined;
    const hadTables = hasTables();
    const version = Number(raw.get('PRAGMA user_version')?.['user_version']);
    if (version > newest) throw storeUnusable(file, message('store.newerVersion', { version, newest }));
    if (!Number.isInteger(version) || version < 0)
      throw storeUnusable(file, message('store.impossibleVersion', { version }));
    if (version > 0 && !hadTables && !hasTables())
      throw storeUnusable(file, message('store.noTables', { version }));
    if (version === 0 && hadTables) throw storeUnusable(file, message('store.foreignTables'));
    return version;
  } catch (error) {
    throw toStoreError(error, file);
  }
}

/** Whole or not at all; the caller holds the write lock: nobody else is here, and it is exactly what will be migrated. */
async function backUp(file: string, version: number): Promise<void> {
  const target = `${file}.v${version}.backup`;
  const part = `${target}.part`;
  // SQLite writes into an empty file; made by us it is ours alone from the first byte.
  try {
    createAnewSync(part);
  } catch (error) {
    throw toFolderError(error, part);
  }
  const reader = await openDatabase(file, { readOnly: true });
  try {
    reader.raw.run('VACUUM INTO ?', part);
    // On the disk before the older one goes and the file itself is changed.
    flushFile(part);
    renameSync(part, target);
    flushFolder(path.dirname(target));
    dropOlder(file, version);
  } catch (error) {
    rmSync(part, { force: true });
    throw toStoreError(error, part);
  } finally {
    await reader.close();
  }
}

function dropOlder(file: string, version: number): void {
  const folder = path.dirname(file);
  for (const name of readdirSync(folder)) {
    const [, of] = /^\.v(\d+)\.backup$/.exec(name.replace(path.basename(file), '')) ?? [];
    if (of !== undefined && name.startsWith(path.basename(file)) && Number(of) < version)
      rmSync(path.join(folder, name), { force: true });
  }
}
