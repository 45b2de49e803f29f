import type { ContentId } from '../core/content-id.ts';
import { meanEmbedding, similarity } from '../core/embedding.ts';
import { groupByLinkage } from '../core/linkage.ts';
import type { Observation, ObservedPerson } from '../core/observation.ts';

/** A person of one file of a subject, under a number that is the subject's own. */
export type SeenPerson = {
  readonly key: number;
  readonly contentId: ContentId;
  readonly person: ObservedPerson;
};

/** One and the same person in one or several files of a subject, the best look first. */
export type SubjectPerson = {
  /** Numbered as the subject does; `key` is that of the first member. */
  readonly person: ObservedPerson;
  readonly members: readonly SeenPerson[];
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

/** Mean similarity from which persons of two pictures are one: that of faces within a file (core/cluster.ts). */
const SAME_PERSON = 0.36;
const MAX_EXEMPLARS = 8;

/** Puts together who is in several pictures of a gallery; two people of one picture stay two. */
export function mergeSeen(seen: readonly SeenPerson[]): SubjectPerson[] {
  if (new Set(seen.map(({ contentId }) => contentId)).size <= 1)
    return seen.map((it) => ({ person: it.person, members: [it] }));
  const groups = groupByLinkage({
    weights: seen.map(({ person }) => Math.max(0.05, person.quality)),
    apart: (one, other) => seen[one]?.contentId === seen[other]?.contentId,
    similarity: (one, other) => {
      const [a, b] = [seen[one], seen[other]];
      return a && b ? similarity(a.person.template, b.person.template) : -1;
    },
    threshold: SAME_PERSON,
  });
  return groups.map((group) =>
    toSubjectPerson(
      group.flatMap((n) => seen[n] ?? []),
      seen,
    ),
  );
}

function toSubjectPerson(group: readonly SeenPerson[], all: readonly SeenPerson[]): SubjectPerson {
  const members = group.toSorted((a, b) => b.person.quality - a.person.quality || a.key - b.key);
  const [best] = members as [SeenPerson];
  const pictures = new Set(members.map(({ contentId }) => contentId));
  const own = new Set(members.map(({ key }) => key));
  return {
    members,
    person: {
      key: best.key,
      template:
        meanEmbedding(
          members.map(({ person }) => ({
            embedding: person.template,
            weight: Math.max(0.05, person.quality) * Math.max(1, person.faces.length),
          })),
        ) ?? best.person.template,
      exemplars: members.flatMap(({ person }) => person.exemplars.slice(0, 2)).slice(0, MAX_EXEMPLARS),
      faces: members.flatMap(({ person }) => person.faces),
      quality: best.person.quality,
      apartFrom: all.flatMap((it) => (pictures.has(it.contentId) && !own.has(it.key) ? [it.key] : [])),
    },
  };
}
