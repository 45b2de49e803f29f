/** Where else a person was seen, by the templates that are kept of every observation. */
import { entityKey, type ContentId, type EntityRef } from '../../core/content-id.ts';
import { logSamePerson, samePersonConfidence, type SeenPerson } from '../../core/matching/same-person.ts';
import { createPauses } from '../../core/pauses.ts';
import type { Context } from '../runs/task.ts';

/** Entities whose observations are in memory at one time. */
const PAGE = 500;

export type Sighting = {
  readonly entity: EntityRef;
  readonly title: string;
  /** The entity's own number of the person. */
  readonly personKey: number;
  /** The cluster of a file of the entity that is the most alike. */
  readonly contentId: ContentId;
  readonly person: SeenPerson & { readonly key: number };
  /** That it is the same person, 0…1. */
  readonly confidence: number;
};

/**
Of every entity with a cluster that nobody is matched with and that shows the person of these views, the one that is the most
alike. The most alike come first.
@param besides entities that are not looked at
@param isDenied whether it was said of this person of an entity that they are not who is looked for
*/
export async function findElsewhere(
  { store, vision }: Pick<Context, 'store' | 'vision'>,
  views: readonly SeenPerson[],
  besides: readonly EntityRef[],
  isDenied: (entity: EntityRef, personKey: number) => Promise<boolean>,
): Promise<Sighting[]> {
  const { matching } = vision.calibration;
  const pause = createPauses();
  const leftOut = new Set(besides.map(entityKey));
  const near = new Map<string, Omit<Sighting, 'confidence'> & { readonly logRatio: number }>();
  let looked = 0;
  for (let from: number | null = 0; from !== null;) {
    const page: Awaited<ReturnType<typeof store.identifications.unmatched>> =
      await store.identifications.unmatched(from, PAGE);
    from = page.next;
    const clusters = page.clusters.filter(({ entity }) => !leftOut.has(entityKey(entity)));
    const contentIds = new Set(clusters.flatMap(({ members }) => members.map((one) => one.contentId)));
    const observations = await store.observations.getMany([...contentIds], vision.packId);
    looked += clusters.length;
    for (const { entity, title, key, members } of clusters)
      for (const { contentId, personKey } of members) {
        const person = observations.get(contentId)?.persons.find((one) => one.key === personKey);
        if (person === undefined) continue;
        await pause(views.length * (person.exemplars.length + 1));
        const logRatio = Math.max(...views.map((view) => logSamePerson(view, person, matching)));
        const best = near.get(entityKey(entity));
        if (logRatio > 0 && logRatio > (best?.logRatio ?? 0) && !(await isDenied(entity, key)))
          near.set(entityKey(entity), { entity, title, personKey: key, contentId, person, logRatio });
      }
  }
  return [...near.values()]
    .map(({ logRatio, ...seen }) => ({ ...seen, confidence: samePersonConfidence(logRatio, looked) }))
    .filter(({ confidence }) => confidence >= matching.matchConfidence)
    .toSorted((a, b) => b.confidence - a.confidence);
}
