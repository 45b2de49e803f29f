import { renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { StashSenseError } from '../../../core/errors.ts';
import { message } from '../../../core/messages/message.ts';
import type { Relocation } from '../../../core/ports/store.ts';
import { flushFolder } from '../../system/files/fsync.ts';
import { createAnewSync } from '../../system/files/own-files.ts';
import { MOVED_MARKER } from '../../system/files/own-names.ts';
import { readSmallFile } from '../../system/files/regular-file.ts';
import { checkCopy } from '../sqlite/check-copy.ts';
import type { StoreParts } from '../parts.ts';
import { takeLock } from '../repositories/locks.ts';
import { openDatabase, type Connection, type Database } from '../sqlite/database.ts';
import { isOwnerHere } from '../../system/process-owner.ts';
import { storeUnusable, toFolderError, MOVING } from '../sqlite/errors.ts';
import { createState } from '../repositories/state.ts';

/** The lock of the process that moves the data. */
const LOCK = 'moving';
/** A mover without a heartbeat for this long counts as dead; a copy can keep the disk busy for some time. */
const LEASE_MS = 60_000;

/** Tables that cannot be written while they are copied. Runs, locks and state can: the move itself is a run. */
const FROZEN_TABLES = [
  'work_items',
  'observations',
  'crop_embeddings',
  'entities',
  'entity_contents',
  'entity_performers',
  'scene_studios',
  'scene_credits',
  'identifications',
  'cluster_members',
  'counters',
  'performers',
  'performer_names',
  'performer_references',
  'matched_people',
  'look_alikes',
  'compared_people',
  'told_apart',
  'hidden_people',
  'hidden_faces',
  'box_performers',
  'box_pictures',
  'box_embeddings',
  'box_lists',
  'box_joins',
  'box_look_ups',
  'contributed_people',
  'box_scene_look_ups',
  'box_recut_look_ups',
  'computed_phashes',
  'changed_scenes',
  'suggestions',
  'suggestion_counts',
  'dry_run_suggestions',
  'suggestion_options',
  'dismissals',
  'journal',
] as const;

export function createRelocation({
  database,
  crops,
  now,
}: Pick<StoreParts, 'database' | 'crops' | 'now'>): Relocation {
  return {
    freeze: (owner) =>
      database.write(
        (sql) => {
          const taken = takeLock(sql, LOCK, owner, now());
          if (!isFrozen(sql)) sql.exec(triggers().join(';'));
          return taken;
        },
        { durable: true },
      ),

    thaw: () => database.write(thaw, { durable: true }),

    async copyTo(folder, { run, addState, onProgress }) {
      const place = (file: string): string => path.join(folder, path.basename(file));
      await crops.open();
      // The crop file is the larger one.
      const cropsPart = `${place(crops.file)}.part`;
      await crops.copyTo(makeEmpty(cropsPart), (fraction) => onProgress(fraction * 0.8));
      await finish(cropsPart, place(crops.file), () => Promise.resolve());
      const part = `${place(database.file)}.part`;
      await database.copyTo(makeEmpty(part), (fraction) => onProgress(0.8 + fraction * 0.2));
      const expected = await database.read(countRows);
      await finish(part, place(database.file), async (copy) => {
        await copy.write((sql) => {
          thaw(sql);
          sql.run('DELETE FROM locks');
          sql.run('DELETE FROM lock_requests');
          sql.run('UPDATE runs SET owner = NULL WHERE id = ?', run);
        });
        await addState(createState({ database: copy, now }));
        const found = await copy.read(countRows);
        if (JSON.stringify(found) !== JSON.stringify(expected))
          throw storeUnusable(part, message('store.copyDiffers'));
      });
    },
  };
}

/** Unfreezes the store after a move was killed: the old folder stays in use, and the next start copies anew. */
export async function thawIfAbandoned(
  database: Database,
  now: () => number,
  isAlive: (owner: string) => boolean,
): Promise<void> {
  if (!(await database.read(isFrozen))) return;
  await database.write((sql) => {
    const lock = sql.get('SELECT owner, heartbeat_at FROM locks WHERE name = ?', LOCK);
    const owner = String(lock?.['owner']);
    const speaks = Number(lock?.['heartbeat_at']) > now() - LEASE_MS;
    // A mover on this machine can miss heartbeats while the disk or the whole machine sleeps.
    if (typeof lock?.['owner'] !== 'string' || !(isOwnerHere(owner) || (speaks && isAlive(owner)))) thaw(sql);
  });
}

const Moved = z.object({ to: z.string() });

function movedTo(folder: string): string | null {
  try {
    return Moved.parse(JSON.parse(readSmallFile(path.join(folder, MOVED_MARKER)))).to;
  } catch {
    return null;
  }
}

/** @throws StashSenseError `store-unusable` in a folder whose data have moved: writes there would be lost */
export function refuseIfMoved(folder: string): void {
  const to = movedTo(folder);
  if (to !== null) throw new StashSenseError('store-unusable', message('store.hasMoved', { folder, to }));
}

function triggers(): string[] {
  return FROZEN_TABLES.flatMap((table) =>
    ['INSERT', 'UPDATE', 'DELETE'].map(
      (what) =>
        `CREATE TRIGGER moving_${table}_${what.toLowerCase()} BEFORE ${what} ON ${table} BEGIN SELECT RAISE(ABORT, '${MOVING}'); END`,
    ),
  );
}

function isFrozen(sql: Connection): boolean {
  return sql.get(`SELECT 1 FROM sqlite_schema WHERE type = 'trigger' AND name GLOB 'moving_*'`) !== undefined;
}

function thaw(sql: Connection): void {
  const names = sql.all(`SELECT name FROM sqlite_schema WHERE type = 'trigger' AND name GLOB 'moving_*'`);
  for (const { name } of names) sql.exec(`DROP TRIGGER ${String(name)}`);
  sql.run('UPDATE locks SET owner = NULL WHERE name = ?', LOCK);
}

function countRows(sql: Connection): Record<string, number> {
  return Object.fromEntries(
    FROZEN_TABLES.map((table) => [table, Number(sql.get(`SELECT count(*) AS n FROM ${table}`)?.['n'])]),
  );
}

/** Creates the file with mode 0600 before SQLite writes to it, so that it is never readable by others. */
function makeEmpty(file: string): string {
  try {
    for (const ending of ['-wal', '-shm', '-journal']) rmSync(file + ending, { force: true });
    createAnewSync(file);
    return file;
  } catch (error) {
    throw toFolderError(error, file);
  }
}

/** Verifies the copy, flushes it to disk and renames it to its final name. */
async function finish(part: string, file: string, work: (copy: Database) => Promise<void>): Promise<void> {
  const copy = await openDatabase(part);
  try {
    await work(copy);
  } finally {
    await copy.close();
  }
  await checkCopy(part);
  try {
    for (const ending of ['-wal', '-shm', '-journal']) rmSync(file + ending, { force: true });
    renameSync(part, file);
    flushFolder(path.dirname(file));
  } catch (error) {
    throw toFolderError(error, file);
  }
}
