import type { ContentId } from '../core/content-id.ts';
import type { Observation, ObservedPerson } from '../core/observation.ts';

/** A person of one file of a subject, under a number that is the subject's own. */
export type SeenPerson = {
  readonly key: number;
  readonly contentId: ContentId;
  readonly person: ObservedPerson;
};

/**
Everybody in the files of a subject, numbered through in the order of the files: for a subject with one file the
numbers are those of its observation.
*/
export function listPersons(
  contentIds: readonly ContentId[],
  observations: ReadonlyMap<ContentId, Observation>,
): SeenPerson[] {
  const seen: SeenPerson[] = [];
  let first = 0;
  for (const contentId of contentIds) {
    const persons = observations.get(contentId)?.persons ?? [];
    for (const person of persons) seen.push({ key: first + person.key, contentId, person });
    first = Math.max(first, ...seen.map(({ key }) => key + 1));
  }
  return seen;
}
