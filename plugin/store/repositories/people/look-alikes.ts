import { z } from 'zod';
import { remembered, type RememberedPerformer } from '../../../../core/people/same-performer.ts';
import type { LookAlike, LookAlikes } from '../../../../core/ports/people.ts';
import type { StashPerformer } from '../../../../core/ports/library.ts';
import type { Connection, Database } from '../../sqlite/database.ts';
import { toPerformer } from './people-rows.ts';
import { isSamePerformer } from './same-performer.ts';

export function createLookAlikes(database: Database): LookAlikes {
  return {
    compared: () =>
      database.read(
        (sql) =>
          new Map(
            sql.arrays('SELECT person_id, signature FROM compared_people') as [
              id: string,
              signature: string,
            ][],
          ),
      ),

    save: (compared, pairs) =>
      database.write((sql) => {
        sql.run(
          `DELETE FROM look_alikes WHERE performer_id IN (SELECT value FROM json_each(?1))
            OR other_id IN (SELECT value FROM json_each(?1))`,
          JSON.stringify(compared.flatMap(([, , performerId]) => performerId ?? [])),
        );
        // One of them may have been dropped meanwhile.
        sql.run(
          `INSERT OR REPLACE INTO look_alikes (performer_id, other_id, similarity)
          SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each(?)
          WHERE value ->> 0 IN (SELECT id FROM performers) AND value ->> 1 IN (SELECT id FROM performers)`,
          JSON.stringify(pairs.map(({ pair, similarity }) => [...pair, similarity])),
        );
        sql.run(
          'INSERT OR REPLACE INTO compared_people SELECT value ->> 0, value ->> 1 FROM json_each(?)',
          JSON.stringify(compared),
        );
      }),

    forget: (personIds) =>
      database.write((sql) => {
        sql.run(
          'DELETE FROM compared_people WHERE person_id IN (SELECT value FROM json_each(?))',
          JSON.stringify(personIds),
        );
        sql.run(
          `DELETE FROM look_alikes WHERE 'stash:' || performer_id IN (SELECT value FROM json_each(?1))
            OR 'stash:' || other_id IN (SELECT value FROM json_each(?1))`,
          JSON.stringify(personIds),
        );
      }),

    list: (which, limit, offset) =>
      database.read((sql) => {
        const entries = toldApart(sql);
        const all = sql
          .all('SELECT performer_id, other_id, similarity FROM look_alikes ORDER BY similarity DESC')
          .flatMap((row): LookAlike[] => {
            const pair = PairRow.parse(row);
            const [one, other] = [performer(sql, pair.performer_id), performer(sql, pair.other_id)];
            return one && other ? [{ performers: [one, other], similarity: pair.similarity }] : [];
          });
        const told = all.filter(({ performers }) =>
          entries.some((entry) => isThesePerformers(sql, entry, performers)),
        );
        const items = which === 'told apart' ? told : all.filter((pair) => !told.includes(pair));
        return { total: items.length, told: told.length, items: items.slice(offset, offset + limit) };
      }),

    tellApart: ([one, other], at) =>
      database.write(
        (sql) => {
          const [a, b] = [remembered(one), remembered(other)];
          sql.run(
            `INSERT OR REPLACE INTO told_apart (performer_id, identity, stash_ids, other_id, other_identity,
              other_stash_ids, at) VALUES (?, ?, ?, ?, ?, ?, ?)`,
            a.id,
            a.identity,
            JSON.stringify(a.stashIds),
            b.id,
            b.identity,
            JSON.stringify(b.stashIds),
            at,
          );
        },
        { durable: true },
      ),

    untell: (performers) =>
      database.write(
        (sql) => {
          for (const entry of toldApart(sql))
            if (isThesePerformers(sql, entry, performers))
              sql.run('DELETE FROM told_apart WHERE id = ?', entry.id);
        },
        { durable: true },
      ),
  };
}

type ToldApart = {
  readonly id: number;
  readonly performers: readonly [RememberedPerformer, RememberedPerformer];
};

function toldApart(sql: Connection): ToldApart[] {
  return sql.all('SELECT * FROM told_apart').map((row) => {
    const parsed = ToldRow.parse(row);
    return {
      id: parsed.id,
      performers: [
        { id: parsed.performer_id, identity: parsed.identity, stashIds: stashIdsIn(parsed.stash_ids) },
        {
          id: parsed.other_id,
          identity: parsed.other_identity,
          stashIds: stashIdsIn(parsed.other_stash_ids),
        },
      ],
    };
  });
}

/** In either order. */
function isThesePerformers(
  sql: Connection,
  { performers: [a, b] }: ToldApart,
  [one, other]: readonly [StashPerformer, StashPerformer],
): boolean {
  return (
    (isSamePerformer(sql, a, one) && isSamePerformer(sql, b, other)) ||
    (isSamePerformer(sql, a, other) && isSamePerformer(sql, b, one))
  );
}

function performer(sql: Connection, id: string): StashPerformer | null {
  const row = sql.get('SELECT * FROM performers WHERE id = ?', id);
  return row ? toPerformer(row) : null;
}

function stashIdsIn(text: string): RememberedPerformer['stashIds'] {
  return StashIds.parse(JSON.parse(text));
}

const PairRow = z.object({ performer_id: z.string(), other_id: z.string(), similarity: z.number() });
const StashIds = z.array(z.object({ endpoint: z.string(), stashId: z.string() }));
const ToldRow = z.object({
  id: z.int(),
  performer_id: z.string(),
  identity: z.string(),
  stash_ids: z.string(),
  other_id: z.string(),
  other_identity: z.string(),
  other_stash_ids: z.string(),
});
