/** The people of the development gallery as the recogniser gets them: references, and clusters to identify. */
import type { FaceCluster } from '../../../core/faces/observation.ts';
import type { GalleryPerson } from '../../../core/people/person.ts';
import type { FacePack } from '../../../models/catalog/catalog.ts';
import type { Entry, KnownPerson, Sex } from './people.ts';
import { lookAtPictures, type PictureLook, type ReferenceFace, type Role } from './pictures.ts';
import { type Cast, castPeople } from './split.ts';

export type Actor = {
  readonly id: string;
  readonly names: readonly string[];
  readonly sex: Sex;
  readonly fold: number;
  /** Strangers have none. */
  readonly references: readonly ReferenceFace[];
  readonly probe: FaceCluster | null;
};
/** An entry of the source with the embedding of its first picture. */
export type EntryFace = Pick<ReferenceFace, 'embedding'> & {
  readonly entry: Entry;
  readonly personId: string;
};

export type Actors = {
  readonly strangers: readonly Actor[];
  readonly known: readonly Actor[];
  readonly entries: readonly EntryFace[];
  /** Pictures of which nothing can be used. */
  readonly unusable: Readonly<Record<Role, number>>;
};

export async function lookAtPeople(
  people: readonly KnownPerson[],
  pack: FacePack,
  report: (seen: number, all: number) => void,
): Promise<Actors> {
  const cast = castPeople(people);
  const items = cast.flatMap(({ references, probe }) => [
    ...references.map((file) => ({ file, role: 'reference' as const })),
    ...(probe === null ? [] : [{ file: probe, role: 'probe' as const }]),
  ]);
  const looks = await lookAtPictures(items, pack, (seen) => report(seen, items.length));
  const lookOf = new Map(items.map(({ file }, n) => [file, looks[n]!]));
  const unusable = { reference: 0, probe: 0 };
  for (const [n, { role }] of items.entries()) if (!looks[n]?.[role]) unusable[role]++;

  const actors = cast.map((one) => toActor(one, lookOf));
  return {
    strangers: actors.filter((_, n) => cast[n]!.references.length === 0),
    known: actors.filter((_, n) => cast[n]!.references.length > 0),
    entries: people.flatMap(({ id, entries }) =>
      entries.flatMap((entry) => {
        const { reference, probe } = lookOf.get(entry.pictures[0]!) ?? {};
        const embedding = reference?.embedding ?? probe?.template;
        return embedding ? [{ entry, personId: id, embedding }] : [];
      }),
    ),
    unusable,
  };
}

function toActor({ person, fold, references, probe }: Cast, lookOf: ReadonlyMap<string, PictureLook>): Actor {
  return {
    id: person.id,
    names: person.entries.map(({ name }) => name),
    sex: person.sex,
    fold,
    references: references.flatMap((file) => lookOf.get(file)?.reference ?? []),
    probe: (probe === null ? null : lookOf.get(probe)?.probe) ?? null,
  };
}

/** @param references how many of the actor's are known at most */
export function toGalleryPerson({ id, references: all }: Actor, references: number): GalleryPerson {
  return {
    id,
    name: id,
    performerId: null,
    references: all.slice(0, references).map(({ embedding, quality }, n) => ({
      id: `${id}/${n}`,
      embedding,
      quality,
      source: 'file',
    })),
  };
}
