/** The people that can be recognised, and the search among them. */
import type { Embedding } from '../faces/face.ts';
import type { GalleryPerson } from '../people/person.ts';

/** Where people come from: the performers of the user's Stash; reference packs can be added. */
export type GallerySource = {
  /** Grows whenever a search could have another result: stored observations are then rematched. */
  version(): Promise<number>;
  /**
  All people with at least one usable reference of this face pack, page by page. Of two people of equal similarity the
  earlier one wins. Changes between two pages may be missed; they raise the version.
  */
  pages(packId: string): AsyncIterable<readonly GalleryPerson[]>;
  /** Those of these people who have a usable reference, in any order. */
  persons(packId: string, personIds: readonly string[]): Promise<readonly GalleryPerson[]>;
};

/** One person found by a search. */
export type FoundPerson = {
  readonly personId: string;
  /** Cosine similarity of the probe with the person's centre, -1…1, as exact as the index. */
  readonly similarity: number;
};

export type Gallery = {
  /** Number of people with at least one reference. */
  readonly size: number;
  /** Those of them who are in more than reference packs; absent: all. */
  readonly ownSize?: number;
  /** Version of the source that was searched. */
  readonly version: number;
  /** For each probe the `count` people with the most similar centres, in descending order; fewer when the gallery is smaller. */
  search(probes: readonly Embedding[], count: number): Promise<FoundPerson[][]>;
  /**
  The people with their references in full precision, as the source has them now.
  `changed`: those who have other references than at `version`, or none any more.
  */
  references(personIds: readonly string[]): Promise<{
    readonly persons: ReadonlyMap<string, GalleryPerson>;
    readonly changed: ReadonlySet<string>;
  }>;
};

/** A gallery that tells which people have changed since another version. */
export type SignedGallery = Gallery & {
  /** Of each person a signature of the name and the references, which are all that a match depends on. */
  signatures(): Iterable<readonly [personId: string, signature: string]>;
};

/** `few probes`: for one entity, in an operation that must not wait for the inference engine to start. */
export type Searches = 'few probes' | 'many probes';

/** Opens the gallery of the face pack in use. */
export type OpenGallery = (searches: Searches) => Promise<SignedGallery>;
