import { z } from 'zod';
import { StashIdValue } from '../../../../core/changes/change.ts';
import type { ContributedPeople } from '../../../../core/ports/boxes/contributed-people.ts';
import type { Database } from '../../sqlite/database.ts';

export function createContributedPeople(database: Database): ContributedPeople {
  return {
    replace: (packId, lines) =>
      database.write((sql) => {
        sql.run('DELETE FROM contributed_people WHERE pack = ?', packId);
        for (const { hash, stashIds, line } of lines)
          sql.run(
            'INSERT OR IGNORE INTO contributed_people (pack, hash, ids, line) VALUES (?, ?, ?, ?)',
            packId,
            hash,
            JSON.stringify(stashIds),
            line,
          );
      }),

    of: (packId) =>
      database.read((sql) =>
        sql
          .all('SELECT hash, ids FROM contributed_people WHERE pack = ? ORDER BY hash', packId)
          .map((row) => {
            const { hash, ids } = Row.parse(row);
            return { hash, stashIds: Ids.parse(JSON.parse(ids)) };
          }),
      ),

    lines: (packId, hashes) =>
      database.read((sql) =>
        sql
          .all(
            `SELECT line FROM contributed_people
            WHERE pack = ? AND hash IN (SELECT value FROM json_each(?)) ORDER BY hash`,
            packId,
            JSON.stringify(hashes),
          )
          .map(({ line }) => String(line)),
      ),

    drop: (packId, hashes) =>
      database.write((sql) => {
        sql.run(
          'DELETE FROM contributed_people WHERE pack = ? AND hash IN (SELECT value FROM json_each(?))',
          packId,
          JSON.stringify(hashes),
        );
      }),
  };
}

const Row = z.object({ hash: z.string(), ids: z.string() });
const Ids = z.array(StashIdValue);
