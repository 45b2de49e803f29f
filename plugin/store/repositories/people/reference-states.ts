import type { PeopleStore, ReferenceState } from '../../../../core/ports/people.ts';
import { storedAs, type StoreParts } from '../../parts.ts';
import type { Database } from '../../sqlite/database.ts';
import { toPicture, toReferenceState } from './people-rows.ts';

/** Which pictures are references, without what is in them. */
export function createReferenceStates(
  database: Database,
  fusions: StoreParts['fusions'],
): Pick<PeopleStore, 'pictures' | 'counts'> {
  return {
    pictures: (performerId) =>
      database.read((sql) =>
        sql
          .all(
            `SELECT id, performer_id, source, source_key, content_hash, pack_id, state
            FROM performer_references WHERE performer_id = ? ORDER BY id`,
            performerId,
          )
          .map(toPicture),
      ),

    counts: (packId) =>
      database.read((sql) => {
        const stored = storedAs(fusions, packId);
        const references: Record<ReferenceState, number> = {
          used: 0,
          'no-face': 0,
          'several-faces': 0,
          drawing: 0,
          outlier: 0,
          unreadable: 0,
          spare: 0,
          'set-aside': 0,
          withdrawn: 0,
        };
        for (const row of sql.all(
          'SELECT state, count(*) AS count FROM performer_references WHERE pack_id = ? GROUP BY state',
          stored,
        ))
          references[toReferenceState(row['state'])] = Number(row['count']);
        return {
          performers: Number(sql.get('SELECT count(*) AS n FROM performers')?.['n']),
          withReference: Number(
            sql.get(
              `SELECT count(DISTINCT performer_id) AS n FROM performer_references WHERE pack_id = ? AND state = 'used'`,
              stored,
            )?.['n'],
          ),
          references,
        };
      }),
  };
}
