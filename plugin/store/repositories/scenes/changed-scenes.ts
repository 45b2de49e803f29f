import type { ChangedScenes } from '../../../../core/ports/identifications.ts';
import type { Database } from '../../sqlite/database.ts';

/** The table is filled by triggers (`migrations/017.sql`). */
export function createChangedScenes(database: Database): ChangedScenes {
  return {
    latest: () =>
      database.read((sql) =>
        Number(sql.get(`SELECT value FROM counters WHERE name = 'changed-scenes'`)?.['value'] ?? 0),
      ),

    since: (change, afterId, limit) =>
      database.read((sql) =>
        sql
          .all(
            'SELECT scene FROM changed_scenes WHERE change > ? AND scene > ? ORDER BY scene LIMIT ?',
            change,
            Number(afterId),
            limit,
          )
          .map((row) => String(row['scene'])),
      ),

    countSince: (change) =>
      database.read((sql) =>
        Number(sql.get('SELECT count(*) AS n FROM changed_scenes WHERE change > ?', change)?.['n']),
      ),
  };
}
