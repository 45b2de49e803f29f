import type { Embedding } from '../faces/face.ts';
import { centreOf } from '../people/centre.ts';
import type { GalleryPerson } from '../people/person.ts';
import type { Gallery } from '../ports/gallery.ts';
import type { VectorIndex } from '../ports/vision.ts';

/** A gallery of people who are in memory, for a command that reads them from a folder. */
export async function createMemoryGallery(
  all: readonly GalleryPerson[],
  createIndex: (dimensions: number) => Promise<VectorIndex>,
): Promise<Gallery> {
  const persons: GalleryPerson[] = [];
  const centres: Embedding[] = [];
  for (const person of all) {
    const centre = centreOf(person);
    if (centre === null) continue;
    persons.push(person);
    centres.push(centre);
  }
  const [first] = centres;
  const index = first === undefined ? null : await createIndex(first.length);
  await index?.add(centres);
  const known = new Map(persons.map((person) => [person.id, person]));
  return {
    size: persons.length,
    version: 0,
    async search(probes, count) {
      if (index === null) return probes.map(() => []);
      return (await index.search(probes, count)).map((neighbours) =>
        neighbours.map(({ row, similarity }) => ({ personId: persons[row]!.id, similarity })),
      );
    },
    references: (personIds) =>
      Promise.resolve({
        persons: new Map(personIds.flatMap((id) => (known.has(id) ? [[id, known.get(id)!]] : []))),
        changed: new Set(),
      }),
  };
}
