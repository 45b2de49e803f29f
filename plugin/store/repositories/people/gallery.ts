import type { GalleryPerson, Reference } from '../../../../core/people/person.ts';
import { shownName } from '../../../../core/people/shown-name.ts';
import type { GallerySource } from '../../../../core/ports/gallery.ts';
import { fromVectorBytes } from '../../codecs/bytes.ts';
import { fuse, type Fusion } from '../../../../core/packs/fusion.ts';
import { storedAs, type StoreParts } from '../../parts.ts';
import { type EmbeddedCrop, readEmbedded } from '../crop-embeddings.ts';
import type { Connection, Database } from '../../sqlite/database.ts';

/** Performers per read: about 30 ms with ten references of 512 numbers each. */
const PAGE_PERFORMERS = 500;
/** Of the ids of people that are performers. */
const PREFIX = 'stash:';

type PersonRow = [
  performerId: string,
  name: string,
  disambiguation: string,
  id: number,
  source: Reference['source'],
  quality: number,
  embedding: Uint8Array,
  cropsId: number | null,
];

/** Rows are read as arrays and not validated (the checks of the tables guarantee their types): a gallery can have 100 000 people. */
export function createPeopleSource(
  database: Database,
  fusions: StoreParts['fusions'],
  pagePerformers = PAGE_PERFORMERS,
): Pick<GallerySource, 'pages' | 'persons'> {
  const pack = (id: string): Pack => ({ stored: storedAs(fusions, id), fusion: fusions.get(id) ?? null });
  return {
    async *pages(packId) {
      for (let after: readonly [number, string] = [-1, '']; ;) {
        const [number, id] = after;
        const page = await database.read((sql) => {
          const performers = sql.arrays(
            'SELECT number, id FROM performers WHERE (number, id) > (?, ?) ORDER BY number, id LIMIT ?',
            number,
            id,
            pagePerformers,
          ) as [number: number, id: string][];
          return {
            performers,
            persons: readPersons(
              sql,
              pack(packId),
              performers.map(([, performerId]) => performerId),
            ),
          };
        });
        const last = page.performers.at(-1);
        if (last === undefined) return;
        yield page.persons;
        after = last;
      }
    },

    async persons(packId, personIds) {
      const performerIds = personIds.flatMap((id) => (id.startsWith(PREFIX) ? id.slice(PREFIX.length) : []));
      const persons: GalleryPerson[] = [];
      for (let from = 0; from < performerIds.length; from += pagePerformers) {
        const some = performerIds.slice(from, from + pagePerformers);
        persons.push(...(await database.read((sql) => readPersons(sql, pack(packId), some))));
      }
      return persons;
    },
  };
}

type Pack = { readonly stored: string; readonly fusion: Fusion | null };

/** In the order of the ids; a person without a usable reference is absent. */
function readPersons(
  sql: Connection,
  { stored, fusion }: Pack,
  performerIds: readonly string[],
): GalleryPerson[] {
  const rows = sql.arrays(
    `SELECT p.id, p.name, p.disambiguation, r.id, r.source, r.quality, r.embedding, r.crops_id
    FROM json_each(?) AS wanted CROSS JOIN performers AS p ON p.id = wanted.value
      CROSS JOIN performer_references AS r ON r.performer_id = p.id
    WHERE r.pack_id = ? AND r.state = 'used' AND r.embedding IS NOT NULL`,
    JSON.stringify(performerIds),
    stored,
  ) as PersonRow[];
  const embedded =
    fusion === null
      ? new Map<number, readonly EmbeddedCrop[]>()
      : readEmbedded(
          sql,
          rows.map(([, , , , , , , cropsId]) => cropsId),
        );
  const toReference = ([, , , id, source, quality, bytes, cropsId]: PersonRow): Reference => {
    const own = fromVectorBytes(bytes);
    const added = embedded.get(cropsId ?? -1)?.[0]?.added ?? {};
    return { id: String(id), embedding: fusion === null ? own : fuse(own, added, fusion), quality, source };
  };
  const found = new Map<string, { person: Omit<GalleryPerson, 'references'>; rows: PersonRow[] }>();
  for (const row of rows) {
    const [performerId, name, disambiguation] = row;
    const known = found.get(performerId);
    if (known) known.rows.push(row);
    else {
      const person = { id: PREFIX + performerId, name: shownName({ name, disambiguation }), performerId };
      found.set(performerId, { person, rows: [row] });
    }
  }
  return [...found.values()].map(({ person, rows: own }) => ({
    ...person,
    references: own.toSorted(([, , , a], [, , , b]) => a - b).map(toReference),
  }));
}
