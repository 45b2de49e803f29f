import type { GalleryPerson } from '../../core/people/person.ts';
import type { GallerySource, SignedGallery } from '../../core/ports/gallery.ts';
import type { RowSearch } from '../../core/ports/vision.ts';
import { idAt, signatureAt, signatureOf, type GalleryContents } from './contents.ts';

/** References that stay in memory after a search, bytes: small galleries stay there whole. */
const CACHE_BYTES = 64e6;
const BYTES_PER_NUMBER = 4;

/** Centres are searched in the contents; references are read from the source when they are needed. */
export function createStoredGallery(
  contents: GalleryContents,
  source: Pick<GallerySource, 'persons'>,
  rowSearch: RowSearch,
): SignedGallery {
  const { packId, version, vectors } = contents;
  const cache = createPersonCache();
  let rowsOfIds: Map<string, number> | null = null;
  const signatureOfId = (id: string): string | null => {
    rowsOfIds ??= new Map(Array.from({ length: vectors.size }, (_, row) => [idAt(contents, row), row]));
    const row = rowsOfIds.get(id);
    return row === undefined ? null : signatureAt(contents, row);
  };

  return {
    size: vectors.size,
    version,

    async search(probes, count) {
      if (vectors.size === 0) return probes.map(() => []);
      return (await rowSearch.search(probes, count)).map((neighbours) =>
        neighbours.map(({ row, similarity }) => ({ personId: idAt(contents, row), similarity })),
      );
    },

    async references(personIds) {
      const read = new Map<string, ReadPerson>();
      for (const id of personIds) {
        const known = cache.get(id);
        if (known) read.set(id, known);
      }
      const missing = personIds.filter((id) => !read.has(id));
      for (const person of missing.length === 0 ? [] : await source.persons(packId, missing)) {
        const isCurrent = Buffer.from(signatureOf(person)).toString('hex') === signatureOfId(person.id);
        cache.add({ person, isCurrent });
        read.set(person.id, { person, isCurrent });
      }
      return {
        persons: new Map(Array.from(read, ([id, { person }]) => [id, person])),
        changed: new Set(personIds.filter((id) => read.get(id)?.isCurrent !== true)),
      };
    },

    *signatures() {
      for (let row = 0; row < vectors.size; row++) yield [idAt(contents, row), signatureAt(contents, row)];
    },
  };
}

/** `isCurrent`: the person has the name and the references that the contents were made of. */
type ReadPerson = { readonly person: GalleryPerson; readonly isCurrent: boolean };

/** Forgets those first that were asked for longest ago. */
function createPersonCache() {
  const persons = new Map<string, ReadPerson>();
  let bytes = 0;
  return {
    get(id: string): ReadPerson | undefined {
      const person = persons.get(id);
      if (person === undefined) return undefined;
      persons.delete(id);
      persons.set(id, person);
      return person;
    },
    add(read: ReadPerson): void {
      persons.set(read.person.id, read);
      bytes += bytesOf(read.person);
      for (const [id, oldest] of persons) {
        if (bytes <= CACHE_BYTES) break;
        persons.delete(id);
        bytes -= bytesOf(oldest.person);
      }
    },
  };
}

function bytesOf({ references }: GalleryPerson): number {
  return references.reduce((sum, { embedding }) => sum + embedding.length * BYTES_PER_NUMBER, 0);
}
