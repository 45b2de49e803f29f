import { z } from 'zod';
import type { BoxLookUps, LookUps, SceneLookUps } from '../../../../core/ports/boxes/look-ups.ts';
import type { Database } from '../../sqlite/database.ts';

export function createBoxLookUps(database: Database): BoxLookUps {
  return createLookUps(database, { key: 'performerId', table: 'box_look_ups', column: 'performer_id' });
}

export function createSceneLookUps(database: Database): SceneLookUps {
  return createLookUps(database, { key: 'sceneId', table: 'box_scene_look_ups', column: 'scene_id' });
}

export function createRecutLookUps(database: Database): SceneLookUps {
  return createLookUps(database, { key: 'sceneId', table: 'box_recut_look_ups', column: 'scene_id' });
}

/** `column`: of the table, with the id that a look-up has as `key`. */
function createLookUps<Key extends string>(
  database: Database,
  { key, table, column }: { readonly key: Key; readonly table: string; readonly column: string },
): LookUps<Key> {
  return {
    of: (endpoint, ids) =>
      database.read(
        (sql) =>
          new Map(
            sql
              .all(
                `SELECT ${column} AS id, revision, at FROM ${table}
                WHERE endpoint = ?1 AND ${column} IN (SELECT value FROM json_each(?2))`,
                endpoint,
                JSON.stringify(ids),
              )
              .map((row) => LookUpRow.parse(row))
              .map(({ id, ...lookUp }) => [id, lookUp]),
          ),
      ),

    put: (endpoint, lookUps) =>
      database.write((sql) => {
        for (const { [key]: id, revision, at } of lookUps)
          sql.run(
            `INSERT OR REPLACE INTO ${table} (endpoint, ${column}, revision, at) VALUES (?, ?, ?, ?)`,
            endpoint,
            id,
            revision,
            at,
          );
      }),

    endpoints: () =>
      database.read((sql) =>
        sql
          .all(`SELECT DISTINCT endpoint FROM ${table} ORDER BY endpoint`)
          .map(({ endpoint }) => String(endpoint)),
      ),

    dropAll: (endpoint) =>
      database.write((sql) => {
        sql.run(`DELETE FROM ${table} WHERE endpoint = ?`, endpoint);
      }),

    drop: (endpoint, id) =>
      database.write((sql) => {
        sql.run(`DELETE FROM ${table} WHERE endpoint = ? AND ${column} = ?`, endpoint, id);
      }),
  };
}

const LookUpRow = z.object({ id: z.string(), revision: z.string(), at: z.number() });
