/** An 8-bit RGB image: rows top to bottom, `data.length === width * height * 3`. */
export type RgbImage = { readonly width: number; readonly height: number; readonly data: Uint8Array };

/** Pixels of the source image, origin top left; may extend outside it. */
export type Box = { readonly x: number; readonly y: number; readonly width: number; readonly height: number };

/** Pixels of the source image. */
export type Point = { readonly x: number; readonly y: number };

/** Eye, eye, nose tip, mouth corner, mouth corner; of an upright face the one further left in the picture first. */
export type Landmarks = readonly [Point, Point, Point, Point, Point];

/** A unit vector; two of one face pack are compared by dot product, in [-1, 1]. */
export type Embedding = Float32Array & { readonly __unit: true };

/** `score` is the detector's, 0…1. */
export type DetectedFace = { readonly box: Box; readonly score: number; readonly landmarks: Landmarks };

export type FaceQuality = {
  /** 0…1, the weight in templates and references. */
  readonly overall: number;
  /** Shorter side of the face box, pixels of the picture it was found in. */
  readonly sizePx: number;
  /** 0…1, 1 is sharp. */
  readonly sharpness: number;
  /** Degrees, from the landmarks: 0 faces the camera, negative is turned to the picture's left. */
  readonly yaw: number;
  /** Degrees the head is tilted in the picture plane. */
  readonly roll: number;
  /** 0…1, the detector's score. */
  readonly detector: number;
};

/** One face of one picture with all that recognition uses. */
export type Face = DetectedFace & { readonly quality: FaceQuality; readonly embedding: Embedding };

/** A face whose embedding is computed when it is asked for: the mean of up to three runs of the model, of which finding the face needs one. */
export type FoundFace = Omit<Face, 'embedding'> & { readonly embed: () => Promise<Embedding> };

export async function withEmbedding({ embed, ...face }: FoundFace): Promise<Face> {
  return { ...face, embedding: await embed() };
}

/** A crop with margin (box x 1.8, longer side at most 224 px), so that another embedder can be applied later without the video. */
export type FaceCrop = {
  /** JPEG. */
  readonly jpeg: Uint8Array;
  readonly width: number;
  readonly height: number;
  /** In pixels of the crop. */
  readonly landmarks: Landmarks;
  /** What the embedders that a pack adds made of it; absent: none has seen it. */
  readonly added?: AddedEmbeddings;
};

/** By the id of the embedder in the catalogue. */
export type AddedEmbeddings = Readonly<Record<string, Embedding>>;
