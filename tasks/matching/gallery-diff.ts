import { z } from 'zod';
import { entityKey, type ContentId, type EntityRef } from '../../core/content-id.ts';
import type { Embedding } from '../../core/faces/face.ts';
import type { Observation } from '../../core/faces/observation.ts';
import { createPauses } from '../../core/pauses.ts';
import type { GalleryPerson } from '../../core/people/person.ts';
import { listPersons } from './clusters.ts';
import type { Context } from '../runs/task.ts';
import { readIdentifications } from './identifications.ts';

/** Everybody as they were when all that was seen had been matched with them. */
const Snapshot = z.object({
  matcherVersion: z.string(),
  /** By person, what a search sees of them. */
  signatures: z.record(z.string(), z.string()),
});
const SNAPSHOT = 'people-all-was-matched-with';

/** With more of them changed than this the whole search is the faster way, and the size of the gallery moves the bar. */
const MANY = 0.1;

export type GalleryDiff = {
  /**
  Whether an entity with this matcher version was matched with the people before the change. Later ones may have been
  matched with somebody who was taken back since, which no comparison of then and now shows.
  */
  appliesTo(matcherVersion: string | null): boolean;
  /** Of these subjects those that the change could answer otherwise. */
  affects(
    entities: readonly EntityRef[],
    contents: ReadonlyMap<string, readonly ContentId[]>,
    observations: ReadonlyMap<ContentId, Observation>,
  ): Promise<boolean[]>;
};

/** Who is new, gone or other than when everything was last matched; null when that is too much or not known. */
export async function findGalleryDiff(
  { store, vision }: Pick<Context, 'store' | 'vision'>,
  persons: readonly GalleryPerson[],
  signatures: Signatures,
  matcherVersion: string,
): Promise<GalleryDiff | null> {
  const { minSimilarity } = vision.calibration.matching;
  const parsed = Snapshot.safeParse(await store.state.get(SNAPSHOT));
  if (!parsed.success) return null;
  const before = parsed.data;
  if (allButPeople(before.matcherVersion) !== allButPeople(matcherVersion)) return null;
  const changed = new Set(Object.keys(before.signatures));
  const references: Embedding[] = [];
  for (const person of persons)
    if (before.signatures[person.id] === signatures[person.id]) changed.delete(person.id);
    else {
      changed.add(person.id);
      references.push(...person.references.map(({ embedding }) => embedding));
    }
  if (changed.size > Math.max(1, persons.length * MANY)) return null;
  const [first] = references;
  const index = first === undefined ? null : await vision.createIndex(first.length);
  await index?.add(references);

  return {
    appliesTo: (its) => its === before.matcherVersion,

    async affects(entities, contents, observations) {
      const seen = entities.map((entity) => listPersons(contents.get(entityKey(entity)) ?? [], observations));
      const probes = seen.flat().map(({ person }) => person.template);
      const nearest = index === null || probes.length === 0 ? [] : await index.search(probes, 1);
      let next = 0;
      return await Promise.all(
        entities.map(async (entity, n) => {
          const similar = (seen[n] ?? []).map(() => nearest[next++]?.[0]?.similarity ?? -1);
          if (similar.some((similarity) => similarity >= minSimilarity)) return true;
          const identifications = await readIdentifications(store, entity);
          return (
            identifications === null ||
            identifications.persons.some(({ candidates }) =>
              candidates.some(
                (candidate) => candidate.similarity >= minSimilarity && changed.has(candidate.personId),
              ),
            )
          );
        }),
      );
    },
  };
}

/** Once everything is matched with them. */
export async function saveGallerySnapshot(
  { store }: Pick<Context, 'store'>,
  signatures: Signatures,
  matcherVersion: string,
): Promise<void> {
  await store.state.set(SNAPSHOT, { matcherVersion, signatures });
}

/** By person what a search sees of them. */
export type Signatures = Readonly<Record<string, string>>;

export async function signaturesOf(persons: readonly GalleryPerson[]): Promise<Signatures> {
  const signatures: Record<string, string> = {};
  const pause = createPauses();
  for (const person of persons) {
    signatures[person.id] = signatureOf(person);
    await pause(SIGNATURE_WORK * person.references.length);
  }
  return signatures;
}

/** Comparisons of embeddings that take as long as the signature of one reference. */
const SIGNATURE_WORK = 5;

/** Three numbers of a vector are enough: those of another picture differ. */
function signatureOf({ name, references }: GalleryPerson): string {
  const parts = references.map(({ id, quality, embedding }) =>
    [
      id,
      quality.toFixed(3),
      ...Array.from(embedding.subarray(0, 3), (component) => component.toFixed(4)),
    ].join(','),
  );
  return [name, ...parts].join(' ');
}

/** A matcher version is `<people version>:<all else that decides>`. */
function allButPeople(matcherVersion: string): string {
  return matcherVersion.slice(matcherVersion.indexOf(':') + 1);
}
