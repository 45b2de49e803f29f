import type { ContentId } from '../content-id.ts';
import type { Box, Embedding, FaceCrop, FaceQuality } from './face.ts';

/**
Raised when another choice of frames would find other faces. An observation of an older version stays valid until a new
one has replaced it; it is only a candidate for observing the file once more.
*/
export const SAMPLING_VERSION = 2;

/** `samplingVersion` of an observation that is not complete: the file is still being observed, or that was cut short. */
export const PARTIAL_OBSERVATION = 0;

/** One face in one frame. */
export type ObservedFace = {
  /** Milliseconds from the start of the video; null for a picture, a cover or a preview. */
  readonly timeMs: number | null;
  /** Fractions of the frame, 0…1. */
  readonly box: Box;
  readonly quality: FaceQuality;
};

/** One person of one file: faces that belong together. */
export type FaceCluster = {
  /** 0, 1, … within the observation; the person with the most faces (weighted with their quality) first; stays the same when the same file is observed in the same way. */
  readonly key: number;
  /** Quality-weighted mean of the faces, unit length. */
  readonly template: Embedding;
  /** Embeddings of the best faces (at most 8) that are not near-duplicates, best first: views that the template averages out. */
  readonly exemplars: readonly Embedding[];
  /** All faces, by time. */
  readonly faces: readonly ObservedFace[];
  /** 0…1, of the best face. */
  readonly quality: number;
  /** Keys of persons of this observation that were seen in one frame with this one: never the same person. */
  readonly apartFrom: readonly number[];
};

/** What one pass over one file found. */
export type Observation = {
  readonly contentId: ContentId;
  readonly media: 'video' | 'picture';
  readonly sizeBytes: number;
  /** Null for a picture. */
  readonly durationMs: number | null;
  /** The face pack it was made with; vectors of two packs are never compared. */
  readonly packId: string;
  readonly samplingVersion: number;
  /** Frames the detector saw. 0: the file has no picture in it (audio only). */
  readonly frameCount: number;
  readonly persons: readonly FaceCluster[];
  /** Unix milliseconds. */
  readonly observedAt: number;
};

/** A crop with its place in the observation; the best of a person has `rank` 0. */
export type PersonCrop = FaceCrop & {
  readonly personKey: number;
  readonly rank: number;
  readonly timeMs: number | null;
};

export type ObservationWithCrops = {
  readonly observation: Observation;
  readonly crops: readonly PersonCrop[];
};
