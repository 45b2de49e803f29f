import type { PeopleStore } from '../../../../core/ports/people.ts';
import type { Database } from '../../sqlite/database.ts';

/** Rows per statement, which takes about 20 ms. */
const ROWS_AT_ONCE = 5000;

export function createMatchedPeople(
  database: Database,
): Pick<PeopleStore, 'matchedSignatures' | 'saveMatchedSignatures'> {
  const matchedSignatures: PeopleStore['matchedSignatures'] = async () => {
    const signatures = new Map<string, string>();
    for (let after = ''; ;) {
      const last = after;
      const rows = await database.read(
        (sql) =>
          sql.arrays(
            'SELECT person_id, signature FROM matched_people WHERE person_id > ? ORDER BY person_id LIMIT ?',
            last,
            ROWS_AT_ONCE,
          ) as [personId: string, signature: string][],
      );
      for (const [personId, signature] of rows) signatures.set(personId, signature);
      const end = rows.at(-1);
      if (end === undefined || rows.length < ROWS_AT_ONCE) return signatures;
      [after] = end;
    }
  };

  return {
    matchedSignatures,

    saveMatchedSignatures: (signatures) =>
      database.transaction(async () => {
        const gone = new Map(await matchedSignatures());
        const changed: (readonly [string, string])[] = [];
        for (const entry of signatures) {
          const [personId, signature] = entry;
          if (gone.get(personId) !== signature) changed.push(entry);
          gone.delete(personId);
        }
        for (const ids of chunksOf([...gone.keys()]))
          await database.write((sql) => {
            sql.run(
              'DELETE FROM matched_people WHERE person_id IN (SELECT value FROM json_each(?))',
              JSON.stringify(ids),
            );
          });
        for (const entries of chunksOf(changed))
          await database.write((sql) => {
            sql.run(
              `INSERT OR REPLACE INTO matched_people SELECT value ->> 0, value ->> 1 FROM json_each(?)`,
              JSON.stringify(entries),
            );
          });
      }),
  };
}

function* chunksOf<T>(all: readonly T[]): Iterable<T[]> {
  for (let from = 0; from < all.length; from += ROWS_AT_ONCE) yield all.slice(from, from + ROWS_AT_ONCE);
}
