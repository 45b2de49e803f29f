/** The inputs of an observation. */
import type { ContentId } from '../content-id.ts';
import type { Box } from '../faces/face.ts';
import type { ObservationWithCrops } from '../faces/observation.ts';
import type { SamplingPolicy } from './sampling.ts';
import type { Message } from '../messages/message.ts';

export type VideoToObserve = {
  readonly contentId: ContentId;
  readonly path: string;
  readonly sizeBytes: number;
  /** Cover and preview clip of Stash, when present: analysed as one more frame and one more short video. */
  readonly cover?: Uint8Array | null;
  readonly preview?: Uint8Array | null;
  readonly cropsPerPerson: number;
  readonly policy?: SamplingPolicy;
  readonly signal?: AbortSignal;
  readonly report?: (fraction: number, said: Message) => void;
  /** Called repeatedly with the clusters found so far. */
  readonly onPersons?: (soFar: ObservationWithCrops) => void;
};

/** What is looked at of the frame that a player shows: each face that it finds is marked as pointed at. */
export type FrameToObserve = {
  readonly contentId: ContentId;
  readonly path: string;
  readonly sizeBytes: number;
  /** Milliseconds from the start of the video. */
  readonly timeMs: number;
  /** The part of the frame in which the face is, fractions 0…1; null: all of it. */
  readonly region: Box | null;
  readonly cropsPerPerson: number;
};

export type PictureToObserve = {
  readonly contentId: ContentId;
  readonly bytes: Uint8Array;
  readonly sizeBytes?: number;
  readonly cropsPerPerson: number;
};
