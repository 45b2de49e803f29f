import type { Embedding } from '../faces/face.ts';

/** Where a reference came from; the order is the order of trust. */
export type ReferenceSource = 'profile' | 'image' | 'confirmed' | 'file';

/** One reference face of one person. */
export type Reference = {
  readonly id: string;
  readonly embedding: Embedding;
  /** 0…1. */
  readonly quality: number;
  readonly source: ReferenceSource;
};

/** Somebody the gallery knows: a performer of the user's Stash, an entry of a reference pack, or a folder of pictures. */
export type GalleryPerson = {
  /** `stash:<performer id>`, `dir:<name>`; reference packs bring their own prefix. */
  readonly id: string;
  readonly name: string;
  /** Null where Stash has no such performer (yet). */
  readonly performerId: string | null;
  readonly references: readonly Reference[];
};

/** The port for every source of people: the user's library now, reference packs later. */
export type People = {
  /** Grows whenever a search could answer differently: then kept observations are matched again. */
  version(): Promise<number>;
  /** Everybody with at least one usable reference of this pack. */
  persons(packId: string): Promise<readonly GalleryPerson[]>;
};

export type Candidate = {
  readonly personId: string;
  readonly performerId: string | null;
  readonly name: string;
  /** The larger of the dot products with the person's nearest reference and with the mean of their references, -1…1. */
  readonly similarity: number;
  /** 0…1, calibrated: how often such a candidate is right. */
  readonly confidence: number;
  readonly referenceId: string;
};

/** Who a person of an observation is. */
export type Identification = {
  readonly personKey: number;
  readonly decision: 'match' | 'ambiguous' | 'unknown';
  /** Of the best candidate, 0 when there is none. */
  readonly confidence: number;
  /** Similarity of the best candidate less that of the runner-up (another person); 1 when there is no runner-up. */
  readonly margin: number;
  /** Best first, at most 5. For a match the first is the answer. */
  readonly candidates: readonly Candidate[];
};
