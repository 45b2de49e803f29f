/** What was found in pictures of people, kept for the next run of the command line. */
import type { Box, Embedding } from '../faces/face.ts';
import type { ReferenceState } from '../ports/people.ts';

export type FaceInPicture = {
  /** In pixels of the picture as it was looked at. */
  readonly box: Box;
  readonly embedding: Embedding;
  /** 0…1. */
  readonly quality: number;
  /** Shorter side of the box. */
  readonly sizePx: number;
};

/** A picture, looked at for the face of the person that it shows. */
export type LearntPicture = {
  readonly state: ReferenceState;
  /** Pixels, as it was looked at. */
  readonly width: number;
  readonly height: number;
  /** `used`: the one face; `several-faces`: all of them, largest first; none otherwise. */
  readonly faces: readonly FaceInPicture[];
};

export type PictureCache = {
  /** Null when this picture was not looked at yet, or when what was kept is damaged. @throws StashSenseError `store-unusable`, `busy` */
  find(picture: Uint8Array): Promise<LearntPicture | null>;
  /** Kept from the next `flush` on, which comes by itself after some pictures. */
  keep(picture: Uint8Array, found: LearntPicture): Promise<void>;
  flush(): Promise<void>;
  /** Flushes, and forgets what was not used for half a year. */
  close(): Promise<void>;
};
