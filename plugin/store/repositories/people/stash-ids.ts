import { shownName } from '../../../../core/people/shown-name.ts';
import type { PeopleStore } from '../../../../core/ports/people.ts';
import type { Database } from '../../sqlite/database.ts';
import { toPerformer } from './people-rows.ts';

/** Performers per read. */
const PAGE = 2000;

export function createStashIds(database: Database): Pick<PeopleStore, 'withStashIds' | 'stashIdsVersion'> {
  return {
    async withStashIds() {
      const found = [];
      for (let after: readonly [number, string] = [-1, '']; ;) {
        const [number, id] = after;
        const rows = await database.read((sql) =>
          sql.all(
            `SELECT * FROM performers WHERE (number, id) > (?, ?) AND stash_ids <> '[]'
            ORDER BY number, id LIMIT ?`,
            number,
            id,
            PAGE,
          ),
        );
        for (const performer of rows.map(toPerformer))
          found.push({
            performerId: performer.id,
            name: shownName(performer),
            stashIds: performer.stashIds,
          });
        const last = found.at(-1);
        if (last === undefined || rows.length < PAGE) return found;
        after = [Number(last.performerId), last.performerId];
      }
    },

    stashIdsVersion: () =>
      database.read((sql) =>
        Number(sql.get(`SELECT value FROM counters WHERE name = 'stash-ids-version'`)?.['value']),
      ),
  };
}
