import type { Candidate, Identification, Person } from '../core/person.ts';
import { similarity } from '../core/embedding.ts';
import type { SeenPerson } from './persons.ts';
import type { Context } from './task.ts';
import type { IdentifiedPerson } from './who.ts';

/** Everybody who can be recognised, as of one mark. */
export type Recognizer = {
  /** Another one: the same persons could be answered differently. */
  readonly mark: string;
  /** For each subject its persons, one and the same in several pictures put together. */
  identify(subjects: readonly (readonly SeenPerson[])[]): Promise<IdentifiedPerson[][]>;
};

type Parts = Pick<Context, 'store' | 'sight' | 'settings'>;

export async function recognizerMark({ store, sight, settings }: Parts): Promise<string> {
  return `${await store.people.version()}:${sight.packId}:${settings.matchConfidence}`;
}

export async function openRecognizer(context: Parts): Promise<Recognizer> {
  // Before the people are read: what changes in between is matched once more rather than never.
  const mark = await recognizerMark(context);
  const persons = await context.store.people.persons(context.sight.packId);
  return {
    mark,
    identify: async (subjects) => subjects.map((seen) => seen.map((it) => identifyOne(persons, it))),
  };
}

function identifyOne(persons: readonly Person[], seen: SeenPerson): IdentifiedPerson {
  const candidates: Candidate[] = persons
    .map((it) => {
      const best = it.references
        .map((r) => ({ r, s: similarity(seen.person.template, r.embedding) }))
        .toSorted((a, b) => b.s - a.s)[0]!;
      return {
        personId: it.id,
        performerId: it.performerId,
        name: it.name,
        similarity: best.s,
        confidence: best.s,
        referenceId: best.r.id,
      };
    })
    .toSorted((a, b) => b.similarity - a.similarity)
    .slice(0, 5);
  const top = candidates[0];
  const decision: Identification['decision'] = top && top.similarity > 0.5 ? 'match' : 'unknown';
  return {
    key: seen.key,
    members: [{ contentId: seen.contentId, personKey: seen.person.key }],
    decision,
    confidence: Math.max(0, top?.confidence ?? 0),
    margin: (top?.similarity ?? 0) - (candidates[1]?.similarity ?? 0),
    candidates,
  };
}
