import type { GalleryPerson, Reference } from '../../../core/people/person.ts';
import { fromVectorBytes } from '../codecs/bytes.ts';
import type { Connection, Database } from '../sqlite/database.ts';

/** Rows per read: about 30 ms with vectors of 512 numbers. */
const PAGE_ROWS = 5000;

type PageRow = [
  performerId: string,
  number: number,
  name: string,
  id: number,
  source: Reference['source'],
  quality: number,
  embedding: Uint8Array,
];
type Listed = GalleryPerson & { readonly number: number; readonly references: Reference[] };

/**
All people with a usable reference, by performer id. Every search needs them, so rows are read as arrays and not validated
(the checks of the table guarantee their types), and in pages, since 100 000 people in one read block the event loop for
seconds. Writes between two pages may be missed; they raise the version of the people, which a search reads before.
*/
export async function readPersons(
  database: Database,
  packId: string,
  pageRows = PAGE_ROWS,
): Promise<GalleryPerson[]> {
  const persons: Listed[] = [];
  let after: { performerId: string; id: number } = { performerId: '', id: 0 };
  for (;;) {
    const { performerId, id } = after;
    const rows = await database.read((sql) => readPage(sql, packId, performerId, id, pageRows));
    for (const row of rows) append(persons, row);
    const last = rows.at(-1);
    if (last === undefined || rows.length < pageRows) break;
    after = { performerId: last[0], id: last[3] };
  }
  return persons
    .toSorted((a, b) => a.number - b.number)
    .map(({ id, name, performerId, references }) => ({ id, name, performerId, references }));
}

function readPage(
  sql: Connection,
  packId: string,
  performerId: string,
  id: number,
  limit: number,
): PageRow[] {
  return sql.arrays(
    `SELECT p.id, p.number, p.name, r.id, r.source, r.quality, r.embedding
    FROM performer_references AS r CROSS JOIN performers AS p ON p.id = r.performer_id
    WHERE r.pack_id = ? AND r.state = 'used' AND r.performer_id >= ? AND (r.performer_id > ? OR r.id > ?)
      AND r.embedding IS NOT NULL
    ORDER BY r.performer_id, r.id LIMIT ?`,
    packId,
    performerId,
    performerId,
    id,
    limit,
  ) as PageRow[];
}

function append(
  persons: Listed[],
  [performerId, number, name, id, source, quality, embedding]: PageRow,
): void {
  const person = `stash:${performerId}`;
  let last = persons.at(-1);
  if (last?.id !== person) persons.push((last = { id: person, name, performerId, references: [], number }));
  last.references.push({ id: String(id), embedding: fromVectorBytes(embedding), quality, source });
}
