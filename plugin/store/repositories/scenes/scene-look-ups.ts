import { z } from 'zod';
import type { SceneLookUps } from '../../../../core/ports/boxes/look-ups.ts';
import type { Database } from '../../sqlite/database.ts';

export function createSceneLookUps(database: Database): SceneLookUps {
  return {
    of: (endpoint, sceneIds) =>
      database.read(
        (sql) =>
          new Map(
            sql
              .all(
                `SELECT scene_id, revision, at FROM box_scene_look_ups
                WHERE endpoint = ?1 AND scene_id IN (SELECT value FROM json_each(?2))`,
                endpoint,
                JSON.stringify(sceneIds),
              )
              .map((row) => LookUpRow.parse(row))
              .map(({ scene_id: id, revision, at }) => [id, { revision, at }]),
          ),
      ),

    put: (endpoint, lookUps) =>
      database.write((sql) => {
        for (const { sceneId, revision, at } of lookUps)
          sql.run(
            'INSERT OR REPLACE INTO box_scene_look_ups (endpoint, scene_id, revision, at) VALUES (?, ?, ?, ?)',
            endpoint,
            sceneId,
            revision,
            at,
          );
      }),

    endpoints: () =>
      database.read((sql) =>
        sql
          .all('SELECT DISTINCT endpoint FROM box_scene_look_ups ORDER BY endpoint')
          .map(({ endpoint }) => String(endpoint)),
      ),

    dropAll: (endpoint) =>
      database.write((sql) => {
        sql.run('DELETE FROM box_scene_look_ups WHERE endpoint = ?', endpoint);
      }),

    drop: (endpoint, sceneId) =>
      database.write((sql) => {
        sql.run('DELETE FROM box_scene_look_ups WHERE endpoint = ? AND scene_id = ?', endpoint, sceneId);
      }),
  };
}

const LookUpRow = z.object({ scene_id: z.string(), revision: z.string(), at: z.number() });
