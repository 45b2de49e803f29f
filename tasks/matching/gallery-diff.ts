import { entityKey, type ContentId, type EntityRef } from '../../core/content-id.ts';
import type { Observation } from '../../core/faces/observation.ts';
import type { SignedGallery } from '../../core/ports/gallery.ts';
import { isOtherwiseExpected } from '../../core/matching/expected.ts';
import { listPersons } from './clusters.ts';
import { expectedOf } from './expected-of.ts';
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
  gallery: SignedGallery,
  matcherVersion: string,
): Promise<GalleryDiff | null> {
  const { minSimilarity } = vision.calibration.matching;
  const before = await store.state.get('people-all-was-matched-with');
  if (before === null) return null;
  if (versionWithoutPeople(before.matcherVersion) !== versionWithoutPeople(matcherVersion)) return null;
  const changed = await findChanged(store, gallery);
  if (changed.size > Math.max(1, gallery.size * MAX_CHANGED_SHARE)) return null;
  const { persons } = await gallery.references([...changed]);
  const references = [...persons.values()].flatMap((person) =>
    person.references.map(({ embedding }) => embedding),
  );
  const known = new Set([...persons.values()].flatMap(({ performerId }) => performerId ?? []));
  const [first] = references;
  const index = first === undefined ? null : await vision.createIndex(first.length);
  await index?.add(references);

  return {
    appliesTo: (its) => its === before.matcherVersion,

    async affects(entities, contents, observations) {
      const seen = entities.map((entity) => listPersons(contents.get(entityKey(entity)) ?? [], observations));
      const probes = seen.flat().map(({ person }) => person.template);
      const nearest = index === null || probes.length === 0 ? [] : await index.search(probes, 1);
      const expected = await expectedOf(store, entities);
      let next = 0;
      return await Promise.all(
        entities.map(async (entity, n) => {
          const similar = (seen[n] ?? []).map(() => nearest[next++]?.[0]?.similarity ?? -1);
          if (similar.some((similarity) => similarity >= minSimilarity)) return true;
          const identifications = await store.identifications.get(entity);
          return (
            identifications === null ||
            identifications.persons.some(
              ({ decision, candidates }) =>
                // Of a performer who had no picture it was asked whether the face is theirs (`askedOfTagged`).
                (decision === 'unknown' && expected[n]!.onScene.some((id) => known.has(id))) ||
                isOtherwiseExpected(candidates, expected[n]!) ||
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

/** Ids of the people who are new, gone or have another signature since the snapshot. */
async function findChanged(
  { people }: Pick<Context['store'], 'people'>,
  gallery: SignedGallery,
): Promise<ReadonlySet<string>> {
  const before = await people.matchedSignatures();
  const changed = new Set(before.keys());
  for (const [personId, signature] of gallery.signatures())
    if (before.get(personId) === signature) changed.delete(personId);
    else changed.add(personId);
  return changed;
}

/** Stores the snapshot, once everything is matched with this gallery. */
export async function saveGallerySnapshot(
  { store }: Pick<Context, 'store'>,
  gallery: SignedGallery,
  matcherVersion: string,
): Promise<void> {
  await store.people.saveMatchedSignatures(gallery.signatures());
  await store.state.set('people-all-was-matched-with', { matcherVersion });
}

/** A matcher version is `<people version>:<all else that decides>`. */
function versionWithoutPeople(matcherVersion: string): string {
  return matcherVersion.slice(matcherVersion.indexOf(':') + 1);
}
