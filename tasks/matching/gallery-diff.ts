import { entityKey, type ContentId, type EntityRef } from '../../core/content-id.ts';
import type { Embedding } from '../../core/faces/face.ts';
import type { Observation } from '../../core/faces/observation.ts';
import { createPauses } from '../../core/pauses.ts';
import type { GalleryPerson } from '../../core/people/person.ts';
import { listPersons } from './clusters.ts';
import type { Context } from '../runs/task.ts';

/** With a larger share of changed people a full rematch is faster, and the gallery size changes the confidences noticeably. */
const MAX_CHANGED_SHARE = 0.1;

export type GalleryDiff = {
  /**
  Whether an entity with this matcher version was matched with the gallery of the snapshot. One with a later version may
  have been matched with a reference that was withdrawn since, which a comparison with the snapshot does not show.
  */
  appliesTo(matcherVersion: string | null): boolean;
  /** Those of these entities whose result the change can alter. */
  affects(
    entities: readonly EntityRef[],
    contents: ReadonlyMap<string, readonly ContentId[]>,
    observations: ReadonlyMap<ContentId, Observation>,
  ): Promise<boolean[]>;
};

/** Compares the gallery with the last snapshot; null when there is none or too many people have changed. */
export async function findGalleryDiff(
  { store, vision }: Pick<Context, 'store' | 'vision'>,
  persons: readonly GalleryPerson[],
  signatures: Signatures,
  matcherVersion: string,
): Promise<GalleryDiff | null> {
  const { minSimilarity } = vision.calibration.matching;
  const before = await store.state.get('people-all-was-matched-with');
  if (before === null) return null;
  if (versionWithoutPeople(before.matcherVersion) !== versionWithoutPeople(matcherVersion)) return null;
  const changed = new Set(Object.keys(before.signatures));
  const references: Embedding[] = [];
  for (const person of persons)
    if (before.signatures[person.id] === signatures[person.id]) changed.delete(person.id);
    else {
      changed.add(person.id);
      references.push(...person.references.map(({ embedding }) => embedding));
    }
  if (changed.size > Math.max(1, persons.length * MAX_CHANGED_SHARE)) return null;
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
          const identifications = await store.identifications.get(entity);
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

/** Stores the snapshot, once everything is matched with this gallery. */
export async function saveGallerySnapshot(
  { store }: Pick<Context, 'store'>,
  signatures: Signatures,
  matcherVersion: string,
): Promise<void> {
  await store.state.set('people-all-was-matched-with', { matcherVersion, signatures });
}

/** Person id → signature of the references, which are all that a search depends on. */
export type Signatures = Readonly<Record<string, string>>;

export async function signaturesOf(persons: readonly GalleryPerson[]): Promise<Signatures> {
  const signatures: Record<string, string> = {};
  const pause = createPauses();
  for (const person of persons) {
    signatures[person.id] = personSignature(person);
    await pause(COMPARISONS_PER_SIGNATURE * person.references.length);
  }
  return signatures;
}

/** Cost of the signature of one reference, in comparisons of two embeddings. */
const COMPARISONS_PER_SIGNATURE = 5;

/** Three components of each embedding are enough: those of another picture differ. */
function personSignature({ name, references }: GalleryPerson): string {
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
function versionWithoutPeople(matcherVersion: string): string {
  return matcherVersion.slice(matcherVersion.indexOf(':') + 1);
}
