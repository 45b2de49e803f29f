import { listsErasedWith } from '../../../core/runs/tasks.ts';
import path from 'node:path';
import type { DataMeasure, ErasableData } from '../../../core/ports/store.ts';
import { stateKeysOf } from '../../../core/state-keys.ts';
import { dropGalleryFiles } from '../../system/files/gallery-files.ts';
import { dropScratch } from '../../system/files/temp-files.ts';
import type { StoreParts } from '../parts.ts';
import { moveVersion } from '../repositories/people/version.ts';
import { vacuum, type Connection } from '../sqlite/database.ts';
import { deleteBackups } from './backups.ts';

export type Erasing = {
  measure(): Promise<Record<ErasableData, DataMeasure>>;
  erase(
    what: readonly ErasableData[],
  ): Promise<{ erased: Record<ErasableData, DataMeasure>; shrunk: boolean }>;
};

const NOTHING: DataMeasure = { count: 0, bytes: 0 };

/**
Erasing is idempotent and can be killed at any moment: one transaction deletes the rows; their crops are orphans from
then on and are deleted here, or by the next process that collects orphans.
*/
export function createErasing({
  database,
  crops,
  leases,
}: Pick<StoreParts, 'database' | 'crops' | 'leases'>): Erasing {
  const measure = async (): Promise<Record<ErasableData, DataMeasure>> => {
    const { rows, cropIds } = await database.read((sql) => ({
      rows: measureRows(sql),
      cropIds: {
        faces: [...cropsOfFaces(sql), ...cropsOfHidden(sql)],
        people: [...cropsOfPeople(sql), ...cropsOfBoxPeople(sql)],
      },
    }));
    const withCrops = async (what: 'faces' | 'people'): Promise<DataMeasure> => ({
      count: rows[what].count,
      bytes: rows[what].bytes + (await crops.bytesOf(cropIds[what])),
    });
    return { ...rows, faces: await withCrops('faces'), people: await withCrops('people') };
  };

  return {
    measure,

    async erase(what) {
      const before = await measure();
      const picturesToo = what.some((kind) => kind !== 'journal');
      if (picturesToo) await crops.open();
      try {
        await database.write(
          (sql) => {
            const named = [
              ...(what.includes('faces') ? cropsOfFaces(sql) : []),
              ...(what.includes('faces') || what.includes('decisions') ? cropsOfHidden(sql) : []),
              ...(what.includes('people') ? [...cropsOfPeople(sql), ...cropsOfBoxPeople(sql)] : []),
              ...(what.includes('decisions') ? cropsOfPeople(sql, 'confirmed') : []),
            ];
            if (named.length > 0) crops.addOrphans([...new Set(named)]);
            for (const kind of what) ERASE[kind](sql);
            if (picturesToo) deleteMatches(sql);
          },
          { durable: true },
        );
      } finally {
        if (picturesToo) await database.onTransactionEnd(() => crops.collectOrphans());
      }
      if (picturesToo) {
        dropScratch(path.dirname(database.file));
        dropGalleryFiles(path.dirname(database.file));
      }
      deleteBackups(picturesToo ? [database.file, crops.file] : [database.file]);
      const erased = { faces: NOTHING, people: NOTHING, decisions: NOTHING, journal: NOTHING };
      for (const kind of what) erased[kind] = before[kind];
      // When one file cannot be vacuumed, the other one is nevertheless.
      const shrunk = [
        await database.read((sql) => vacuum(sql, leases.renew)),
        picturesToo ? await crops.shrink() : true,
      ];
      return { erased, shrunk: shrunk.every(Boolean) };
    },
  };
}

const ERASE: Record<ErasableData, (sql: Connection) => void> = {
  faces(sql) {
    sql.run('DELETE FROM observations');
    sql.run('DELETE FROM entity_contents');
    sql.run('DELETE FROM entity_performers');
    sql.run('DELETE FROM scene_studios');
    sql.run('DELETE FROM scene_credits');
    sql.run('DELETE FROM entities');
    sql.run('DELETE FROM changed_scenes');
    deleteHidden(sql);
    forgetLists(sql, 'faces');
    // The messages of ended runs contain titles of scenes.
    sql.run(`DELETE FROM runs WHERE state <> 'running'`);
    forget(sql, 'faces');
    // Their evidence is erased; a scan that finds the performer anew reopens them.
    sql.run(`UPDATE suggestions SET state = 'stale' WHERE state IN ('open', 'removed')`);
    // Those of stash IDs come back only where the performer or the scene is looked up anew.
    sql.run('DELETE FROM box_look_ups');
    sql.run('DELETE FROM box_scene_look_ups');
    sql.run('DELETE FROM box_recut_look_ups');
    sql.run('DELETE FROM computed_phashes');
  },
  people(sql) {
    sql.run('DELETE FROM performer_references');
    sql.run('DELETE FROM performers');
    sql.run('DELETE FROM box_lists');
    sql.run('DELETE FROM contributed_people');
    sql.run('DELETE FROM box_performers');
    sql.run('DELETE FROM box_look_ups');
    forgetLists(sql, 'people');
    forget(sql, 'people');
  },
  decisions(sql) {
    sql.run('DELETE FROM dry_run_suggestions');
    sql.run('DELETE FROM box_look_ups');
    sql.run('DELETE FROM box_scene_look_ups');
    sql.run('DELETE FROM box_recut_look_ups');
    sql.run('DELETE FROM suggestions');
    sql.run('DELETE FROM dismissals');
    sql.run('DELETE FROM told_apart');
    deleteHidden(sql);
    sql.run(`DELETE FROM performer_references WHERE source = 'confirmed'`);
    // That they were set aside was a decision; "Update people" compares them once more.
    sql.run(`UPDATE performer_references SET state = 'used' WHERE state = 'set-aside'`);
    forget(sql, 'decisions');
  },
  journal(sql) {
    sql.run('DELETE FROM journal');
    forget(sql, 'journal');
  },
};

/** Whom the user called nobody of interest: a decision, and the faces of strangers. */
function deleteHidden(sql: Connection): void {
  sql.run('DELETE FROM hidden_faces');
  sql.run('DELETE FROM hidden_people');
}

/** Deletes the results of matching, which were made with data that are erased, so that the next task rematches. */
function deleteMatches(sql: Connection): void {
  sql.run('UPDATE entities SET matched_with = NULL, identified_with = NULL');
  sql.run('DELETE FROM cluster_members');
  sql.run('DELETE FROM identifications');
  sql.run('DELETE FROM matched_people');
  sql.run('DELETE FROM look_alikes');
  sql.run('DELETE FROM compared_people');
  forget(sql, 'matching');
  moveVersion(sql);
}

function forgetLists(sql: Connection, what: 'faces' | 'people'): void {
  for (const list of listsErasedWith(what)) sql.run('DELETE FROM work_items WHERE list = ?', list);
}

function forget(sql: Connection, what: ErasableData | 'matching'): void {
  for (const key of stateKeysOf(what))
    sql.run('DELETE FROM state WHERE key GLOB ?', key.endsWith(':') ? `${key}*` : key);
}

/** Each sum is answered from an expression index (`…_bytes`), which needs the same expression here as there. */
function measureRows(sql: Connection): Record<ErasableData, DataMeasure> {
  const of = (table: string, bytes: string, where = ''): DataMeasure => {
    const row = sql.get(`SELECT count(*) AS count, total(${bytes}) AS bytes FROM ${table} ${where}`);
    return { count: Number(row?.['count']), bytes: Number(row?.['bytes']) };
  };
  const vectors = 'length(embedding)';
  const decisions = [
    of('suggestions', 'octet_length(payload) + octet_length(evidence) + octet_length(search_text)'),
    of(
      'dismissals',
      'octet_length(key) + octet_length(content_id) + octet_length(identity) + octet_length(stash_ids)',
    ),
    of('performer_references', vectors, `WHERE source = 'confirmed'`),
    of('hidden_faces', 'length(cluster)'),
  ];
  const journal = of('journal', 'octet_length(changes) + octet_length(identity) + octet_length(summary)');
  // They are kept with entries of the journal, and are no entries of their own. The length is in the head of a row.
  const covers = of('state', 'octet_length(value)', `WHERE key >= 'cover-before:' AND key < 'cover-before;'`);
  const people = [of('performer_references', vectors), of('box_embeddings', vectors)];
  return {
    faces: of('observations', 'length(persons)'),
    people: sumOf(people),
    decisions: sumOf(decisions),
    journal: { ...journal, bytes: journal.bytes + covers.bytes },
  };
}

function sumOf(measures: readonly DataMeasure[]): DataMeasure {
  return {
    count: measures.reduce((sum, measure) => sum + measure.count, 0),
    bytes: measures.reduce((sum, measure) => sum + measure.bytes, 0),
  };
}

function cropsOfBoxPeople(sql: Connection): number[] {
  return sql
    .all('SELECT crops_id FROM box_performers WHERE crops_id IS NOT NULL')
    .map((row) => Number(row['crops_id']));
}

function cropsOfFaces(sql: Connection): number[] {
  return sql
    .all('SELECT crops_id FROM observations WHERE crops_id IS NOT NULL')
    .map((row) => Number(row['crops_id']));
}

function cropsOfHidden(sql: Connection): number[] {
  return sql
    .all('SELECT crops_id FROM hidden_faces WHERE crops_id IS NOT NULL')
    .map((row) => Number(row['crops_id']));
}

function cropsOfPeople(sql: Connection, source?: 'confirmed'): number[] {
  return sql
    .all(
      'SELECT crops_id FROM performer_references WHERE crops_id IS NOT NULL AND (?1 IS NULL OR source = ?1)',
      source ?? null,
    )
    .map((row) => Number(row['crops_id']));
}
