import type { ContentId } from '../content-id.ts';
import type { Box, Embedding, FaceCrop, FaceQuality } from './face.ts';

/**
Raised when sampling changes so that other faces would be found. An observation of an older version stays valid until a
new one replaces it; the file only becomes a candidate for being observed anew.
*/
export const SAMPLING_VERSION = 4;

/** `samplingVersion` of an incomplete observation: the file is being observed, or observing it was interrupted. */
export const PARTIAL_OBSERVATION = 0;

/** One face in one frame. */
export type ObservedFace = {
  /** Milliseconds from the start of the video; null for a picture, a cover or a preview. */
  readonly timeMs: number | null;
  /** In the cover that Stash shows of the video, which can be a poster or of another film. Absent: in the file itself. */
  readonly fromCover?: true;
  /** A person pointed at it, in a frame or a part of one that is not looked at by itself. Absent: found by a look at the file. */
  readonly pointedAt?: true;
  /** Fractions of the frame, 0…1. */
  readonly box: Box;
  readonly quality: FaceQuality;
};

/** Faces of one file that are one person. */
export type FaceCluster = {
  /**
  0, 1, … within the observation, by descending sum of the qualities of its faces; the same each time the file is observed with
  the same sampling. Those that a person pointed at come behind.
  */
  readonly key: number;
  /** Quality-weighted mean of the embeddings, unit length. */
  readonly template: Embedding;
  /** Embeddings of the best faces, at most 8, without near-duplicates, best first: they hold single views, which the template averages out. */
  readonly exemplars: readonly Embedding[];
  /** All faces, by time. */
  readonly faces: readonly ObservedFace[];
  /** 0…1, of the best face. */
  readonly quality: number;
  /** Keys of the clusters that have a face in the same frame: never the same person. */
  readonly apartFrom: readonly number[];
};

/** Whether nothing but the cover shows the person, so that it is open whether they are in the file. */
export function isCoverOnly({ faces }: Pick<FaceCluster, 'faces'>): boolean {
  return faces.length > 0 && faces.every(({ fromCover }) => fromCover === true);
}

/** The clusters that were found in one file. */
export type Observation = {
  readonly contentId: ContentId;
  readonly media: 'video' | 'picture';
  readonly sizeBytes: number;
  /** Null for a picture. */
  readonly durationMs: number | null;
  /** The face pack of the embeddings; those of two packs are never compared. */
  readonly packId: string;
  readonly samplingVersion: number;
  /** Number of frames that the detector processed. 0: the file has no video stream (audio only). */
  readonly frameCount: number;
  readonly persons: readonly FaceCluster[];
  /** Unix milliseconds. */
  readonly observedAt: number;
};

/** A crop of a cluster; the best one has `rank` 0. */
export type PersonCrop = FaceCrop & {
  readonly personKey: number;
  readonly rank: number;
  readonly timeMs: number | null;
};

/** Of the crops of an observation the best one of a cluster. Undefined: none of it is kept. */
export function bestCropOf(crops: readonly PersonCrop[], personKey: number): PersonCrop | undefined {
  let best: PersonCrop | undefined;
  for (const crop of crops)
    if (crop.personKey === personKey && (best === undefined || crop.rank < best.rank)) best = crop;
  return best;
}

export type ObservationWithCrops = {
  readonly observation: Observation;
  readonly crops: readonly PersonCrop[];
};
