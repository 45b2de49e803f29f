import type { Embedding } from '../faces/face.ts';
import type { Expectation } from '../matching/expected.ts';

/** Origin of a reference, in descending order of trust. */
export type ReferenceSource = 'profile' | 'image' | 'confirmed' | 'file' | 'reference-pack';

/** One reference face of one person. */
export type Reference = {
  readonly id: string;
  readonly embedding: Embedding;
  /** 0…1. */
  readonly quality: number;
  readonly source: ReferenceSource;
  /** Number of the references of which it is the mean; default: 1. */
  readonly pooled?: number;
};

/** A person of the gallery: a performer of the user's Stash, an entry of a reference pack, or a folder of pictures. */
export type GalleryPerson = {
  /** `stash:<performer id>`, `dir:<name>`; reference packs bring their own prefix. */
  readonly id: string;
  readonly name: string;
  /** Null when Stash has no such performer. */
  readonly performerId: string | null;
  readonly references: readonly Reference[];
};

export type Candidate = {
  readonly personId: string;
  readonly performerId: string | null;
  readonly name: string;
  /** The larger of the dot products with the person's nearest reference and with the mean of their references, -1…1. */
  readonly similarity: number;
  /** Calibrated probability that the candidate is right, 0…1. */
  readonly confidence: number;
  readonly referenceId: string;
  /** Natural logarithm, where not all candidates were asked about among equally many: how much the confidences of two say of one another. */
  readonly logLikelihoodRatio?: number | undefined;
  /** Why the performer was expected in the scene. Absent: was not. */
  readonly expected?: Expectation | undefined;
};

/** The result of matching one cluster against the gallery. */
export type Identification = {
  readonly personKey: number;
  readonly decision: 'match' | 'ambiguous' | 'unknown';
  /** Of the best candidate, 0 when there is none. */
  readonly confidence: number;
  /** Similarity of the best candidate minus that of the second; 1 when there is no second. */
  readonly margin: number;
  /** Best first, at most 5. For a match the first is the matched person. */
  readonly candidates: readonly Candidate[];
};
