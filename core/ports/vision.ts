/** Inference: engines, picture codecs, vector search, the face pipeline. */
import type { AddedEmbeddings, Embedding, Face, FaceCrop, FoundFace, RgbImage } from '../faces/face.ts';
import type { PackCalibration } from '../faces/pack-calibration.ts';
import type { Tensors } from '../tensor.ts';

/** One opened model with the names, types and dims of its inputs and outputs already checked against the catalogue. */
export type Session = {
  run(inputs: Tensors): Promise<Tensors>;
  close(): Promise<void>;
};

/** onnxruntime-node, or its portable twin in WASM. */
export type Engine = {
  readonly name: 'native' | 'wasm';
  /** `cuda`, `webgpu`, `dml`, `coreml`, `cpu`, `wasm`. */
  readonly provider: string;
  /**
  `oneThread`: on the processor the model runs on one thread whatever the settings allow.
  @throws StashSenseError `model-missing`, `model-mismatch`
  */
  open(modelId: string, options?: { readonly oneThread?: boolean }): Promise<Session>;
};

/** sharp, or its portable twin with ffmpeg. */
export type ImageCodec = {
  readonly name: 'sharp' | 'ffmpeg';
  /**
  Decodes to RGB with the EXIF orientation applied, transparency on black, the first page of several. Scales down so that
  the longer side is at most `maxSide` pixels, of a long picture as `scaledSide` says.
  @throws StashSenseError `unreadable-media` for what is no picture or has more than 300 million pixels
  */
  decode(bytes: Uint8Array, maxSide: number): Promise<RgbImage>;
  /** The same of a picture that moves: at most `count` frames, evenly over it; of any other picture the one that it is. */
  decodeFrames(bytes: Uint8Array, maxSide: number, count: number): Promise<RgbImage[]>;
  /** `quality` 1…100. */
  encodeJpeg(image: RgbImage, quality: number): Promise<Uint8Array>;
};

/** One search result: row number of the index, cosine similarity -1…1. */
export type Neighbour = { readonly row: number; readonly similarity: number };

/** usearch, or its portable twin with exact search. Rows are numbered in the order they were added. */
export type VectorIndex = {
  readonly name: 'usearch' | 'exact';
  readonly size: number;
  add(vectors: readonly Embedding[]): Promise<void>;
  /** For each probe the `count` most similar rows in descending order; fewer when the index is smaller. */
  search(probes: readonly Embedding[], count: number): Promise<Neighbour[][]>;
};

/** Unit vectors with components rounded to eight bits: component `i` of row `n` is `values[n * dimensions + i] * scales[n]`. */
export type QuantizedVectors = {
  readonly dimensions: number;
  readonly size: number;
  readonly values: Int8Array<ArrayBuffer>;
  readonly scales: Float32Array<ArrayBuffer>;
};

/** Search among rows that do not change. */
export type RowSearch = {
  /** For each probe the `count` most similar rows in descending order; fewer when there are fewer. */
  search(probes: readonly Embedding[], count: number): Promise<Neighbour[][]>;
};

/** The embedders that a pack adds, which see kept crops alone. */
export type CropEmbedder = {
  /** Empty where the pack adds none, or where the landmarks cannot be aligned. @throws StashSenseError `unreadable-media` */
  embed(crop: FaceCrop): Promise<AddedEmbeddings>;
  close(): Promise<void>;
};

/** Detector, landmarks, alignment, embedder and calibration of one face pack. */
export type FaceAnalyzer = {
  /** Another id whenever embeddings are no longer comparable. Of a pack that adds embedders, the id of the one it adds them to. */
  readonly packId: string;
  readonly dimensions: number;
  readonly calibration: PackCalibration;
  /** Label of engine and provider, for the log and the status page. */
  readonly engine: string;
  /**
  All faces, largest first; an empty list when there is none.
  `exhaustive`: detects small and tilted faces too (tiles, rotations), at several times the cost. `quick`: reads each face
  once, as it stands, which is enough for its quality.
  */
  analyze(image: RgbImage, options?: AnalyzeOptions): Promise<Face[]>;
  /** The same without the embeddings: of a picture that is to show one face, those of the others are not needed. */
  find(image: RgbImage, options?: AnalyzeOptions): Promise<FoundFace[]>;
  close(): Promise<void>;
};

export type AnalyzeOptions = { readonly exhaustive?: boolean; readonly quick?: boolean };
