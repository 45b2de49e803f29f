import { z } from 'zod';
import { isContentId, type ContentId, type EntityRef } from '../../core/content-id.ts';
import type { Identification } from '../../core/people/person.ts';
import type { Store } from '../../core/ports/store.ts';
import type { StateKey } from '../../core/state-keys.ts';

/** A cluster of an entity with its identification. Several members when pictures of a gallery show the same person. */
export type IdentifiedCluster = Omit<Identification, 'personKey'> & {
  /** The entity's key of the first member. */
  readonly key: number;
  readonly members: readonly { readonly contentId: ContentId; readonly personKey: number }[];
};

/** The stored result of the last match, so that the page needs no search. */
export type EntityIdentifications = {
  readonly matcherVersion: string;
  readonly persons: readonly IdentifiedCluster[];
};

const Candidate = z.object({
  personId: z.string(),
  performerId: z.string().nullable(),
  name: z.string(),
  similarity: z.number(),
  confidence: z.number(),
  referenceId: z.string(),
});
const EntityIdentifications = z.object({
  matcherVersion: z.string(),
  persons: z.array(
    z.object({
      key: z.int(),
      members: z.array(z.object({ contentId: z.string().refine(isContentId), personKey: z.int() })),
      decision: z.enum(['match', 'ambiguous', 'unknown']),
      confidence: z.number(),
      margin: z.number(),
      candidates: z.array(Candidate),
    }),
  ),
});

export async function saveIdentifications(
  store: Store,
  entity: EntityRef,
  identifications: EntityIdentifications,
): Promise<void> {
  await store.state.set(keyOf(entity), identifications);
}

export async function readIdentifications(
  store: Pick<Store, 'state'>,
  entity: EntityRef,
): Promise<EntityIdentifications | null> {
  const identifications = EntityIdentifications.safeParse(await store.state.get(keyOf(entity)));
  return identifications.success ? identifications.data : null;
}

function keyOf({ kind, id }: EntityRef): StateKey {
  return `identifications:${kind}:${id}`;
}
