import { readdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { message } from '../../../core/messages/message.ts';
import { flushFile, flushFolder } from '../../system/files/fsync.ts';
import { createAnewSync } from '../../system/files/own-files.ts';
import { openDatabase, type Database } from './database.ts';
import { storeUnusable, toFolderError, toStoreError } from './errors.ts';

/**
Applies `migrations` from the file's version on (the first makes version 1), each in its own transaction, so that a killed
process or two concurrent ones lead to the same result. With `backup` an existing file is first copied to
`<file>.v<version>.backup`, and older backups are deleted; it stays until the next migration or until data are erased.
@throws StashSenseError `store-unusable`: made by a newer version, or no file of this plugin. Nothing was changed.
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
        // Read a second time, under the write lock.
        const version = checkedVersion(database, migrations.length);
        const next = migrations[version];
        // Another process may have migrated already.
        if (next !== undefined) {
          if (version > 0 && !backedUp) await backUp(file, version);
          backedUp = true;
          raw.exec(next);
          raw.exec(`PRAGMA user_version = ${version + 1}`);
        }
        raw.exec('COMMIT');
      } catch (error) {
        // With a full disk SQLite has rolled back already.
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
    // Tables before version: another process can create both between the two reads.
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

/** Writes the backup atomically. The caller holds the write lock, so the backup is exactly what is migrated. */
async function backUp(file: string, version: number): Promise<void> {
  const target = `${file}.v${version}.backup`;
  const part = `${target}.part`;
  // Creates the file with mode 0600 before SQLite writes to it, so that it is never readable by others.
  try {
    createAnewSync(part);
  } catch (error) {
    throw toFolderError(error, part);
  }
  const reader = await openDatabase(file, { readOnly: true });
  try {
    reader.raw.run('VACUUM INTO ?', part);
    // Flushed to disk before the older backup is deleted and the file is changed.
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
