/** Inference: engines, picture codecs, vector search, the face pipeline. */
import type { Embedding, Face, RgbImage } from '../faces/face.ts';
import type { Tensors } from './tensor.ts';

/** One opened model with the names, types and dims of its inputs and outputs already checked against the catalogue. */
export type Session = {
  run(inputs: Tensors): Promise<Tensors>;
  close(): Promise<void>;
};

/** onnxruntime-node, or its WASM twin. */
export type Engine = {
  readonly name: 'native' | 'wasm';
  /** `cuda`, `webgpu`, `dml`, `coreml`, `cpu`, `wasm`. */
  readonly provider: string;
  /** @throws StashSenseError `model-missing`, `model-mismatch` */
  open(modelId: string): Promise<Session>;
};

/** sharp, or its ffmpeg twin. */
export type ImageCodec = {
  readonly name: 'sharp' | 'ffmpeg';
  /**
  Upright RGB, transparency on black, the first page of many; longer side at most `maxSide` pixels (smaller pictures keep their size).
  @throws StashSenseError `unreadable-media` for anything that is no picture, or has more than 300 million pixels
  */
  decode(bytes: Uint8Array, maxSide: number): Promise<RgbImage>;
  /** `quality` 1…100. */
  encodeJpeg(image: RgbImage, quality: number): Promise<Uint8Array>;
};

/** A row of an index as it answers a probe; `similarity` -1…1. */
export type Neighbour = { readonly row: number; readonly similarity: number };

/** usearch, or its exact twin. Rows are numbered in the order they were added. */
export type VectorIndex = {
  readonly name: 'usearch' | 'exact';
  readonly size: number;
  add(vectors: readonly Embedding[]): Promise<void>;
  /** For each probe the `count` nearest rows, most similar first; fewer when the index is smaller. */
  search(probes: readonly Embedding[], count: number): Promise<Neighbour[][]>;
};

/** Detector, landmarks, alignment and embedder of one pack. */
export type FaceAnalyzer = {
  /** Changes whenever the numbers would. */
  readonly packId: string;
  readonly dimensions: number;
  /** Engine and provider in use, for the log and the status page. */
  readonly engine: string;
  /**
  Every face, largest first; none is an answer, not an error.
  `exhaustive`: also small and tilted faces (tiles, turns), at several times the cost.
  */
  analyze(image: RgbImage, options?: { exhaustive?: boolean }): Promise<Face[]>;
  close(): Promise<void>;
};
