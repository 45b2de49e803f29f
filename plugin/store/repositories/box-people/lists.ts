/** Who is in the lists of the reference packs that are built here. */
import type { ListedBoxPerformer, StoredBoxPerformer } from '../../../../core/ports/boxes/box-people.ts';
import type { Connection } from '../../sqlite/database.ts';
import { toPerformer } from './rows.ts';

export const COLUMNS = 'p.number, p.endpoint, p.performer, p.looked_as';
export const MEMBERS = 'box_lists AS l JOIN box_performers AS p ON p.number = l.performer';

/** @returns whether they were no member, or are other than they were */
export function putMember(
  sql: Connection,
  packId: string,
  endpoint: string,
  performer: ListedBoxPerformer,
): boolean {
  const text = JSON.stringify(performer);
  const known = sql.get(
    `SELECT p.performer, l.pack FROM box_performers AS p LEFT JOIN box_lists AS l
    ON l.performer = p.number AND l.pack = ?3 WHERE p.endpoint = ?1 AND p.id = ?2`,
    endpoint,
    performer.id,
    packId,
  );
  const number = Number(
    sql.get(
      `INSERT INTO box_performers (endpoint, id, name, performer) VALUES (?1, ?2, ?3, ?4)
      ON CONFLICT (endpoint, id) DO UPDATE SET name = ?3, performer = ?4 RETURNING number`,
      endpoint,
      performer.id,
      performer.name,
      text,
    )?.['number'],
  );
  answered(sql, packId, performer.id, number);
  return known === undefined || known['performer'] !== text || known['pack'] === null;
}

export function want(sql: Connection, packId: string, ids: readonly string[]): void {
  sql.run(
    `INSERT INTO box_lists (pack, id, is_answered) SELECT ?, value, 0 FROM json_each(?) WHERE true
    ON CONFLICT (pack, id) DO NOTHING`,
    packId,
    JSON.stringify(ids),
  );
}

export function answered(sql: Connection, packId: string, id: string, number: number | null): void {
  sql.run(
    `INSERT INTO box_lists (pack, id, is_answered, performer) VALUES (?1, ?2, 1, ?3)
    ON CONFLICT (pack, id) DO UPDATE SET is_answered = 1, performer = ?3`,
    packId,
    id,
    number,
  );
}

export function membersOf(
  sql: Connection,
  packId: string,
  afterId: string,
  limit: number,
): StoredBoxPerformer[] {
  return sql
    .all(
      `SELECT ${COLUMNS} FROM ${MEMBERS} WHERE l.pack = ? AND l.id > ? ORDER BY l.id LIMIT ?`,
      packId,
      afterId,
      limit,
    )
    .map(toPerformer);
}
