import { readdirSync, rmSync } from 'node:fs';
import { listsErasedWith } from '../../../core/runs/tasks.ts';
import path from 'node:path';
import type { DataMeasure, ErasableData } from '../../../core/ports/store.ts';
import { stateKeysOf } from '../../../core/state-keys.ts';
import { dropScratch } from '../../system/files/temp-files.ts';
import type { StoreParts } from '../parts.ts';
import { vacuum, type Connection } from '../sqlite/database.ts';

export type Erasing = {
  measure(): Promise<Record<ErasableData, DataMeasure>>;
  erase(
    what: readonly ErasableData[],
  ): Promise<{ erased: Record<ErasableData, DataMeasure>; shrunk: boolean }>;
};

const NOTHING: DataMeasure = { count: 0, bytes: 0 };

/**
Whatever the moment it is killed: one transaction takes the rows; the crops they named are orphans by then and are
dropped here, or by the next process that collects orphans. Called again it ends at the same.
*/
export function createErasing({
  database,
  crops,
  leases,
}: Pick<StoreParts, 'database' | 'crops' | 'leases'>): Erasing {
  const measure = async (): Promise<Record<ErasableData, DataMeasure>> => {
    const { rows, cropIds } = await database.read((sql) => ({
      rows: measureRows(sql),
      cropIds: { faces: cropsOfFaces(sql), people: cropsOfPeople(sql) },
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
              ...(what.includes('people') ? cropsOfPeople(sql) : []),
              ...(what.includes('decisions') ? cropsOfPeople(sql, 'confirmed') : []),
            ];
            if (named.length > 0) crops.addOrphans([...new Set(named)]);
            for (const kind of what) ERASE[kind](sql);
            if (picturesToo) matchAnew(sql);
          },
          { durable: true },
        );
      } finally {
        if (picturesToo) await database.onTransactionEnd(() => crops.collectOrphans());
      }
      if (picturesToo) dropScratch(path.dirname(database.file));
      dropCopies(picturesToo ? [database.file, crops.file] : [database.file]);
      const erased = { faces: NOTHING, people: NOTHING, decisions: NOTHING, journal: NOTHING };
      for (const kind of what) erased[kind] = before[kind];
      // One that cannot be made smaller must not keep the other as it is.
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
    sql.run('DELETE FROM entities');
    forgetLists(sql, 'faces');
    // Their last words name scenes.
    sql.run(`DELETE FROM runs WHERE state <> 'running'`);
    forget(sql, 'faces');
    // Nothing can be shown of them; a scan that sees them again opens them again.
    sql.run(`UPDATE suggestions SET state = 'stale' WHERE state = 'open'`);
  },
  people(sql) {
    sql.run('DELETE FROM performer_references');
    sql.run('DELETE FROM performers');
    forgetLists(sql, 'people');
    forget(sql, 'people');
  },
  decisions(sql) {
    sql.run('DELETE FROM suggestions');
    sql.run('DELETE FROM rejections');
    sql.run(`DELETE FROM performer_references WHERE source = 'confirmed'`);
  },
  journal(sql) {
    sql.run('DELETE FROM journal');
    forget(sql, 'journal');
  },
};

/** Who is who was found out with what is no longer there. */
function matchAnew(sql: Connection): void {
  sql.run('UPDATE entities SET matched_with = NULL');
  forget(sql, 'matching');
  sql.run(`UPDATE counters SET value = value + 1 WHERE name = 'people-version'`);
}

function forgetLists(sql: Connection, what: 'faces' | 'people'): void {
  for (const list of listsErasedWith(what)) sql.run('DELETE FROM work_items WHERE list = ?', list);
}

function forget(sql: Connection, what: ErasableData | 'matching'): void {
  for (const key of stateKeysOf(what))
    sql.run('DELETE FROM state WHERE key GLOB ?', key.endsWith(':') ? `${key}*` : key);
}

/** Each sum stands in an index of its own (`…_bytes`): the same words here and there. */
function measureRows(sql: Connection): Record<ErasableData, DataMeasure> {
  const of = (table: string, bytes: string, where = ''): DataMeasure => {
    const row = sql.get(`SELECT count(*) AS count, total(${bytes}) AS bytes FROM ${table} ${where}`);
    return { count: Number(row?.['count']), bytes: Number(row?.['bytes']) };
  };
  const vectors = 'length(embedding)';
  const decisions = [
    of('suggestions', 'octet_length(evidence) + octet_length(search_text)'),
    of('rejections', 'octet_length(content_id) + octet_length(identity) + octet_length(stash_ids)'),
    of('performer_references', vectors, `WHERE source = 'confirmed'`),
  ];
  return {
    faces: of('observations', 'length(persons)'),
    people: of('performer_references', vectors),
    decisions: {
      count: decisions.reduce((sum, measure) => sum + measure.count, 0),
      bytes: decisions.reduce((sum, measure) => sum + measure.bytes, 0),
    },
    journal: of(
      'journal',
      'octet_length(added) + octet_length(removed) + octet_length(before) + octet_length(summary)',
    ),
  };
}

function cropsOfFaces(sql: Connection): number[] {
  return sql
    .all('SELECT crops_id FROM observations WHERE crops_id IS NOT NULL')
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

/** What was kept before a migration, or moved aside as damaged, holds the same faces; other files of the folder are not ours. */
function dropCopies(files: readonly string[]): void {
  for (const file of files)
    for (const name of readdirSync(path.dirname(file)))
      if (name.startsWith(path.basename(file)) && COPY.test(name.slice(path.basename(file).length)))
        rmSync(path.join(path.dirname(file), name), { force: true });
}

const COPY = /^\.(v\d+\.backup(\.part)?|damaged)$/;
