import { closeSync, lstatSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Log } from '../../core/ports/log.ts';
import type { Store } from '../../core/ports/store.ts';
import { createLocks } from './repositories/locks.ts';
import { createCredits } from './repositories/people/credits.ts';
import { createCropFile } from './sqlite/crop-file.ts';
import { openDatabase, useWriteAheadLog, type Database, type Guard } from './sqlite/database.ts';
import { createDismissals } from './repositories/dismissals.ts';
import { createErasing } from './maintenance/erase.ts';
import { createForgetting } from './maintenance/forget.ts';
import { createIdentifications } from './repositories/identifications.ts';
import { createJournal } from './repositories/journal.ts';
import { createLeases } from './leases.ts';
import { checkedVersion, migrate } from './sqlite/migrate.ts';
import type { StoreParts } from './parts.ts';
import { createBoxPeople } from './repositories/box-people/box-people.ts';
import { createContributedPeople } from './repositories/box-people/contributed-people.ts';
import {
  createBoxLookUps,
  createRecutLookUps,
  createSceneLookUps,
} from './repositories/box-people/look-ups.ts';
import { createChangedScenes } from './repositories/scenes/changed-scenes.ts';
import { createComputedPhashes } from './repositories/scenes/computed-phashes.ts';
import { createCropEmbeddings } from './repositories/crop-embeddings.ts';
import { createObservations } from './repositories/observations.ts';
import { isOwnerAlive } from '../system/process-owner.ts';
import { createPeopleStore } from './repositories/people/people.ts';
import { createHiddenPeople } from './repositories/people/hidden-people.ts';
import { createLookAlikes } from './repositories/people/look-alikes.ts';
import { createRuns } from './repositories/runs.ts';
import { MIGRATIONS } from './sqlite/schema.ts';
import { toFolderError } from './sqlite/errors.ts';
import { prepareDataFolder } from '../system/data-place.ts';
import { createFileSync } from '../system/files/own-files.ts';
import { createRelocation, refuseIfMoved, thawIfAbandoned } from './maintenance/relocate.ts';
import { createState } from './repositories/state.ts';
import { createSuggestions } from './repositories/suggestions.ts';
import { createWorkTable } from './repositories/work-queue.ts';

const MAIN_FILE = 'stash-sense.sqlite';
const CROP_FILE = 'crops.sqlite';

/**
The store: two SQLite files in one folder. Several processes can have it open, and a killed process leaves a valid state.
@throws StashSenseError `store-unusable` (newer, damaged, read-only, full: nothing was changed), `busy`
*/
export async function openStore({
  folder,
  now = Date.now,
  isAlive = isOwnerAlive,
  log,
  fusions = new Map(),
  maxPageCount,
}: {
  folder: string;
  now?: () => number;
  isAlive?: StoreParts['isAlive'];
  log?: Pick<Log, 'debug'>;
  fusions?: StoreParts['fusions'];
  /** Page limit of the main file, to simulate a full disk in tests. */
  maxPageCount?: number;
}): Promise<Store> {
  const file = path.join(folder, MAIN_FILE);
  const cropFile = path.join(folder, CROP_FILE);
  refuseIfMoved(folder);
  prepareDataFolder(folder);
  makeFiles([file, cropFile], folder);
  const leases = createLeases({ file, now, log });
  const database = await openMain(file, {
    guard: leases,
    ...(maxPageCount !== undefined && { maxPageCount }),
  });
  try {
    await thawIfAbandoned(database, now, isAlive);
  } catch (error) {
    await database.close();
    throw error;
  }
  const crops = createCropFile({ file: cropFile, now, isNamed: (ids) => namedCrops(database, ids) });
  const parts: StoreParts = { database, crops, fusions, leases, now, isAlive, log };
  const erasing = createErasing(parts);
  const forgetting = createForgetting(parts);

  return {
    work: createWorkTable(parts),
    runs: createRuns(parts),
    locks: createLocks(parts),
    leases: leases.port(database),
    observations: createObservations(parts),
    cropEmbeddings: createCropEmbeddings(parts),
    identifications: createIdentifications(parts),
    credits: createCredits(database),
    people: createPeopleStore(parts),
    lookAlikes: createLookAlikes(database),
    hiddenPeople: createHiddenPeople(parts),
    boxPeople: createBoxPeople(parts),
    contributedPeople: createContributedPeople(database),
    boxLookUps: createBoxLookUps(database),
    sceneLookUps: createSceneLookUps(database),
    recutLookUps: createRecutLookUps(database),
    computedPhashes: createComputedPhashes(database),
    changedScenes: createChangedScenes(database),
    suggestions: createSuggestions(parts),
    dismissals: createDismissals(parts),
    journal: createJournal(parts),
    state: createState(parts),
    transaction: (work, options) => database.transaction(work, options),
    measure: () => erasing.measure(),
    erase: (what) => erasing.erase(what),
    forget: (what) => forgetting.forget(what),
    scrub: () => forgetting.scrub(),
    relocation: createRelocation(parts),

    async sizes() {
      return { databaseBytes: bytesOf(file), cropBytes: bytesOf(cropFile) };
    },

    async close() {
      await leases.close();
      await crops.close();
      await database.close();
    },
  };
}

/** Creates the files with mode 0600, since embeddings are personal data; SQLite gives its journal files the same mode. */
function makeFiles(files: readonly string[], folder: string): void {
  for (const file of files) {
    if (lstatSync(file, { throwIfNoEntry: false }) !== undefined) continue;
    try {
      closeSync(createFileSync(file));
    } catch (error) {
      // Another process created the file first.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw toFolderError(error, folder);
    }
  }
}

async function openMain(file: string, options: { guard: Guard; maxPageCount?: number }): Promise<Database> {
  const database = await openDatabase(file, options);
  try {
    // Checked first: a store of a newer version is not changed.
    checkedVersion(database, MIGRATIONS.length);
    await useWriteAheadLog(database);
    await migrate(database, MIGRATIONS, { backup: true });
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}

async function namedCrops(database: Database, ids: readonly number[]): Promise<ReadonlySet<number>> {
  const rows = await database.read((sql) =>
    sql.all(
      `SELECT value AS id FROM json_each(?) WHERE value IN (
        SELECT crops_id FROM observations WHERE crops_id = value
        UNION ALL SELECT crops_id FROM performer_references WHERE crops_id = value
        UNION ALL SELECT crops_id FROM hidden_faces WHERE crops_id = value
        UNION ALL SELECT crops_id FROM box_performers WHERE crops_id = value)`,
      JSON.stringify(ids),
    ),
  );
  return new Set(rows.map((row) => Number(row['id'])));
}

function bytesOf(file: string): number {
  return [file, `${file}-wal`].reduce(
    (sum, text) => sum + (statSync(text, { throwIfNoEntry: false })?.size ?? 0),
    0,
  );
}
