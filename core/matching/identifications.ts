import type { ContentId } from '../content-id.ts';
import type { Identification } from '../people/person.ts';

/** A cluster of an entity and who they are. Several members where pictures of a gallery show the same person. */
export type IdentifiedCluster = Omit<Identification, 'personKey'> & {
  /** The entity's own number of the first member. */
  readonly key: number;
  /** Clusters of files, the best look first. */
  readonly members: readonly { readonly contentId: ContentId; readonly personKey: number }[];
};

/** What the last match said, so that the page need not search. */
export type EntityIdentifications = {
  readonly matcherVersion: string;
  readonly persons: readonly IdentifiedCluster[];
};
