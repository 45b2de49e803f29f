import type { Person, Reference } from '../../core/person.ts';
import { fromVectorBytes } from './bytes.ts';
import type { Connection } from './database.ts';

/**
Everybody with a usable reference, by performer id, in one read: this is on the way of every search, so rows come as
arrays and are trusted (the table's own checks hold their types).
*/
export function readPersons(sql: Connection, packId: string): Person[] {
  const rows = sql.arrays(
    `SELECT p.id, p.name, r.id, r.source, r.quality, r.embedding
    FROM person_references AS r JOIN performers AS p ON p.id = r.performer_id
    WHERE r.pack_id = ? AND r.state = 'used' AND r.embedding IS NOT NULL
    ORDER BY p.number, r.id`,
    packId,
  ) as [string, string, number, Reference['source'], number, Uint8Array][];
  const persons: Person[] = [];
  let references: Reference[] = [];
  let last: string | null = null;
  for (const [performerId, name, id, source, quality, embedding] of rows) {
    if (performerId !== last) {
      references = [];
      persons.push({ id: `stash:${performerId}`, name, performerId, references });
      last = performerId;
    }
    references.push({ id: String(id), embedding: fromVectorBytes(embedding), quality, source });
  }
  return persons;
}
