import { z } from 'zod';
import type { BoxLookUp, BoxLookUps } from '../../../../core/ports/boxes/look-ups.ts';
import type { Database } from '../../sqlite/database.ts';

export function createBoxLookUps(database: Database): BoxLookUps {
  return {
    of: (endpoint, performerIds) =>
      database.read(
        (sql) =>
          new Map(
            sql
              .all(
                `SELECT performer_id, revision, at FROM box_look_ups
                WHERE endpoint = ?1 AND performer_id IN (SELECT value FROM json_each(?2))`,
                endpoint,
                JSON.stringify(performerIds),
              )
              .map((row) => LookUpRow.parse(row))
              .map(({ performer_id: performerId, revision, at }): [string, BoxLookUp] => [
                performerId,
                { performerId, revision, at },
              ]),
          ),
      ),

    put: (endpoint, lookUps) =>
      database.write((sql) => {
        for (const { performerId, revision, at } of lookUps)
          sql.run(
            'INSERT OR REPLACE INTO box_look_ups (endpoint, performer_id, revision, at) VALUES (?, ?, ?, ?)',
            endpoint,
            performerId,
            revision,
            at,
          );
      }),

    endpoints: () =>
      database.read((sql) =>
        sql
          .all('SELECT DISTINCT endpoint FROM box_look_ups ORDER BY endpoint')
          .map(({ endpoint }) => String(endpoint)),
      ),

    dropAll: (endpoint) =>
      database.write((sql) => {
        sql.run('DELETE FROM box_look_ups WHERE endpoint = ?', endpoint);
      }),

    drop: (endpoint, performerId) =>
      database.write((sql) => {
        sql.run('DELETE FROM box_look_ups WHERE endpoint = ? AND performer_id = ?', endpoint, performerId);
      }),
  };
}

const LookUpRow = z.object({ performer_id: z.string(), revision: z.string(), at: z.number() });
