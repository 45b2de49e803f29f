import { setImmediate as nextTurn } from 'node:timers/promises';
import { z } from 'zod';
import { jsonOf } from '../../../../core/json-of.ts';
import { STATE_KEYS } from '../../../../core/state-keys.ts';
import { StashIdValue } from '../../../../core/changes/change.ts';
import type { ContributedLine, ContributedPeople } from '../../../../core/ports/boxes/contributed-people.ts';
import type { Connection, Database } from '../../sqlite/database.ts';

export function createContributedPeople(database: Database): ContributedPeople {
  return {
    async add(list, lines) {
      for (const slice of slicesOf(lines)) {
        await database.write((sql) => {
          for (const { hash, stashIds, line } of slice)
            sql.run(
              'INSERT OR IGNORE INTO contributed_people (pack, hash, ids, line) VALUES (?, ?, ?, ?)',
              list,
              hash,
              JSON.stringify(stashIds),
              line,
            );
        });
        // Heartbeats and other requests come between two slices.
        await nextTurn();
      }
    },

    // As `store.state` keeps it.
    use: (packId, list) =>
      database.write((sql) => {
        const before = listOf(sql, packId);
        const value = JSON.stringify({ value: { list } });
        sql.run('INSERT OR REPLACE INTO state (key, value) VALUES (?, ?)', LIST_OF + packId, value);
        return before;
      }),

    async sweep(isWanted) {
      const unused = await database.read((sql) => {
        const used = new Set(
          sql
            .all('SELECT value FROM state WHERE key GLOB ?', `${LIST_OF}*`)
            .map(({ value }) => listIn(value)),
        );
        const lists = sql.all('SELECT DISTINCT pack FROM contributed_people').map(({ pack }) => String(pack));
        return lists.filter((list) => !used.has(list) && !isWanted(list));
      });
      for (const list of unused)
        for (let deleted = DELETED_AT_ONCE; deleted === DELETED_AT_ONCE;)
          deleted = await database.write(
            (sql) =>
              sql.run(
                'DELETE FROM contributed_people WHERE rowid IN (SELECT rowid FROM contributed_people WHERE pack = ? LIMIT ?)',
                list,
                DELETED_AT_ONCE,
              ).changes,
          );
    },

    of: (packId) =>
      database.read((sql) =>
        sql
          .all('SELECT hash, ids FROM contributed_people WHERE pack = ? ORDER BY hash', listOf(sql, packId))
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
            listOf(sql, packId),
            JSON.stringify(hashes),
          )
          .map(({ line }) => String(line)),
      ),

    drop: (packId, hashes) =>
      database.write((sql) => {
        sql.run(
          'DELETE FROM contributed_people WHERE pack = ? AND hash IN (SELECT value FROM json_each(?))',
          listOf(sql, packId),
          JSON.stringify(hashes),
        );
      }),
  };
}

/** Of the key of the state that says which list a pack has. */
const LIST_OF = 'contributed-list:' satisfies keyof typeof STATE_KEYS;
const SLICE_BYTES = 2e6;
/** A line has about ten kilobytes. */
const DELETED_AT_ONCE = 200;
const Stored = z.object({ value: STATE_KEYS[LIST_OF].value });

/** Of a pack of an older version of the plugin the list has the pack's id. */
function listOf(sql: Connection, packId: string): string | null {
  const row = sql.get('SELECT value FROM state WHERE key = ?', LIST_OF + packId);
  return row === undefined ? packId : listIn(row['value']);
}

/** What does not fit counts as none: the next build takes the lines of the files anew. */
function listIn(value: unknown): string | null {
  return Stored.safeParse(jsonOf(String(value))).data?.value.list ?? null;
}

function* slicesOf(lines: readonly ContributedLine[]): Iterable<readonly ContributedLine[]> {
  let slice: ContributedLine[] = [];
  let bytes = 0;
  for (const line of lines) {
    slice.push(line);
    bytes += line.line.length;
    if (bytes < SLICE_BYTES) continue;
    yield slice;
    [slice, bytes] = [[], 0];
  }
  if (slice.length > 0) yield slice;
}

const Row = z.object({ hash: z.string(), ids: z.string() });
const Ids = z.array(StashIdValue);
