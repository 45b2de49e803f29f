import { hash } from 'node:crypto';
import { dequantizedRow } from '../../core/matching/quantize.ts';
import { shownName } from '../../core/people/shown-name.ts';
import type { GalleryPerson, Reference } from '../../core/people/person.ts';
import type { FoundPerson, SignedGallery } from '../../core/ports/gallery.ts';
import type { OpenReferencePack } from '../../core/ports/reference-packs.ts';
import type { RowSearch } from '../../core/ports/vision.ts';
import { packPersonId, parsePackPersonId } from '../../core/reference-packs/reference-pack.ts';
import { SIGNATURE_BYTES } from './contents.ts';
import type { PackLinks, Template } from './link-people.ts';

type Parts = {
  readonly packs: readonly OpenReferencePack[];
  readonly links: PackLinks;
  /** Of each pack. */
  readonly rowSearches: readonly RowSearch[];
};

/** People of packs that stay in memory after a search. */
const CACHED_PEOPLE = 8000;

/**
The performers' gallery and the packs, searched one after the other: a row of a pack that is a performer, or somebody of an
earlier pack, counts as one of theirs, with its template among their references.
*/
export function createUnionGallery(
  performers: SignedGallery,
  { packs, links, rowSearches }: Parts,
): SignedGallery {
  const packNumbers = new Map(packs.map(({ id }, n) => [id, n]));
  /** Of each row of a pack that was found. */
  const ids: string[][] = packs.map(() => []);
  const rowsOfIds = new Map<string, Template>();
  let cache = new Map<string, GalleryPerson>();
  let onlyInPacks: ReadonlySet<string> | null = null;
  /** Performers without a reference of their own. */
  const templatesAlone = (): ReadonlySet<string> => {
    if (onlyInPacks !== null) return onlyInPacks;
    const alone = new Set(links.performers.keys());
    if (alone.size > 0) for (const [personId] of performers.signatures()) alone.delete(personId);
    return (onlyInPacks = alone);
  };

  const ownSize = performers.size + templatesAlone().size;
  return {
    size: ownSize + packs.reduce((sum, _, n) => sum + ownPeople(n), 0),
    ownSize,
    version: performers.version,

    async search(probes, count) {
      const lists = await performers.search(probes, count);
      for (const [n, rowSearch] of rowSearches.entries()) {
        const found = await rowSearch.search(probes, count);
        for (const [p, neighbours] of found.entries())
          for (const { row, similarity } of neighbours) {
            const personId = idOf(n, row);
            if (personId !== null) lists[p]!.push({ personId, similarity });
          }
      }
      return lists.map((list) => nearestOf(list, count));
    },

    async references(personIds) {
      const ofPacks = personIds.filter((id) => parsePackPersonId(id) !== null);
      const others = personIds.filter((id) => parsePackPersonId(id) === null);
      const { persons: own, changed } = await performers.references(others);
      const persons = new Map<string, GalleryPerson>();
      for (const id of others) {
        const person = withTemplates(id, own.get(id));
        if (person !== undefined) persons.set(id, person);
      }
      for (const id of ofPacks) {
        const person = packPerson(id);
        if (person !== null) persons.set(id, person);
      }
      // Who has templates alone has no reference that could have changed, as long as there is none by now.
      const isStill = (id: string): boolean => templatesAlone().has(id) && !own.has(id);
      return { persons, changed: new Set([...changed].filter((id) => !isStill(id))) };
    },

    /** Of the performers alone: another pack is another matcher version. */
    *signatures() {
      for (const [personId, signature] of performers.signatures())
        yield [personId, signedWith(signature, links.templatesOf.get(personId))];
      for (const personId of templatesAlone())
        yield [personId, signedWith(links.performers.get(personId)!.name, links.templatesOf.get(personId))];
    },
  };

  /** People of a pack who are nobody before. */
  function ownPeople(n: number): number {
    const { id } = packs[n]!;
    const linked = links.personOf[n]!;
    // Another pack may say of two rows of this one that they are one person.
    const own = new Set<string>();
    for (const personId of linked.values()) if (personId.startsWith(packPersonId(id, ''))) own.add(personId);
    return packs[n]!.vectors.size - linked.size + own.size;
  }

  function idOf(n: number, row: number): string | null {
    const linked = links.personOf[n]!.get(row) ?? ids[n]![row];
    if (linked !== undefined) return linked;
    const personId = packs[n]!.personId(row);
    if (personId === null) return null;
    const id = packPersonId(packs[n]!.id, personId);
    ids[n]![row] = id;
    rowsOfIds.set(id, { pack: n, row });
    return id;
  }

  function templateOf(id: string): Template | null {
    const known = rowsOfIds.get(id);
    if (known !== undefined) return known;
    const { packId, personId } = parsePackPersonId(id)!;
    const n = packNumbers.get(packId);
    const row = n === undefined ? null : packs[n]!.rowOf(personId);
    return n === undefined || row === null ? null : { pack: n, row };
  }

  function withTemplates(id: string, own: GalleryPerson | undefined): GalleryPerson | undefined {
    const templates = links.templatesOf.get(id);
    if (templates === undefined) return own;
    const performer = own ?? links.performers.get(id);
    if (performer === undefined) return undefined;
    const known = cache.get(id);
    // The same object as long as nothing changes, as the matcher keeps its centre.
    if (known !== undefined && sameReferences(known, own)) return known;
    return remember({
      id,
      name: performer.name,
      performerId: performer.performerId,
      references: [...(own?.references ?? []), ...referencesOf(templates)],
    });
  }

  function packPerson(id: string): GalleryPerson | null {
    const known = cache.get(id);
    if (known !== undefined) return known;
    const template = templateOf(id);
    if (template === null) return null;
    const pack = packs[template.pack]!;
    let name: string | null = null;
    return remember({
      id,
      // Of the many who are compared few are candidates.
      get name() {
        const person = name === null ? pack.person(template.row) : null;
        return (name ??= person === null ? '' : shownName(person));
      },
      performerId: null,
      references: referencesOf(links.templatesOf.get(id) ?? [template]),
    });
  }

  function remember(person: GalleryPerson): GalleryPerson {
    if (cache.size >= CACHED_PEOPLE) cache = new Map();
    cache.set(person.id, person);
    return person;
  }

  function referencesOf(templates: readonly Template[]): Reference[] {
    return templates.flatMap(({ pack: n, row }) => {
      const pack = packs[n]!;
      const embedding = dequantizedRow(pack.vectors, row);
      const personId = pack.personId(row);
      if (embedding === null || personId === null) return [];
      return {
        id: packPersonId(pack.id, personId),
        embedding,
        quality: pack.quality(row),
        source: 'reference-pack' as const,
        pooled: pack.references(row),
      };
    });
  }

  function signedWith(signature: string, templates: readonly Template[] | undefined): string {
    if (templates === undefined) return signature;
    const named = templates.map(({ pack, row }) =>
      packPersonId(packs[pack]!.id, packs[pack]!.personId(row) ?? ''),
    );
    return hash('sha256', [signature, ...named].join(' '), 'hex').slice(0, 2 * SIGNATURE_BYTES);
  }
}

/** Of each person the most alike row; the most alike people first. */
function nearestOf(found: FoundPerson[], count: number): FoundPerson[] {
  const best = new Map<string, FoundPerson>();
  // Stable: of equal ones the performer stays first, and of the packs the earlier.
  for (const one of found.toSorted((a, b) => b.similarity - a.similarity)) {
    if (best.size >= count) break;
    if (!best.has(one.personId)) best.set(one.personId, one);
  }
  return [...best.values()];
}

function sameReferences(known: GalleryPerson, own: GalleryPerson | undefined): boolean {
  const before = known.references.filter(({ source }) => source !== 'reference-pack');
  const now = own?.references ?? [];
  return before.length === now.length && before.every((reference, n) => reference === now[n]);
}
