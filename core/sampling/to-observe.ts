/** What an observation is made from. */
import type { ContentId } from '../content-id.ts';
import type { ObservationWithCrops } from '../faces/observation.ts';
import type { SamplingPolicy } from './sampling.ts';

export type VideoToObserve = {
  readonly contentId: ContentId;
  readonly path: string;
  readonly sizeBytes: number;
  /** What Stash shows of it, where it has that: a frame more, and a short video more. */
  readonly cover?: Uint8Array | null;
  readonly preview?: Uint8Array | null;
  readonly cropsPerPerson: number;
  readonly policy?: SamplingPolicy;
  readonly signal?: AbortSignal;
  readonly report?: (fraction: number, message: string) => void;
  /** Called now and then with who was found so far. */
  readonly onPersons?: (soFar: ObservationWithCrops) => void;
};

export type PictureToObserve = {
  readonly contentId: ContentId;
  readonly bytes: Uint8Array;
  readonly sizeBytes?: number;
  readonly cropsPerPerson: number;
};
