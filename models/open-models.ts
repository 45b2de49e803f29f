import { StashSenseError } from '../core/errors.ts';
import type { Engine, FaceAnalyzer, Ffmpeg, ImageCodec, Log, VectorIndex } from '../core/ports.ts';
import { modelSpec, portablePack } from './catalog.ts';
import { createFaceAnalyzer } from './face-analyzer.ts';
import { loadSharpCodec } from './image-sharp.ts';
import { createExactIndex } from './index-exact.ts';
import { type OnnxEngine, openEngine } from './onnx-engine.ts';
import { loadOnnxNative } from './onnx-native.ts';
import { createWasmBackend } from './onnx-wasm.ts';
import { writeOnnx } from './onnx-writer.ts';
import { findWeights } from './weights.ts';

export type Models = {
  /** @throws StashSenseError `runtime-missing` on use, when there is neither sharp nor ffmpeg */
  readonly codec: ImageCodec;
  /** Opened at the first call, then the same one. */
  engine(): Promise<Engine>;
  /** Opened at the first call, then the same one. */
  analyzer(): Promise<FaceAnalyzer>;
  createIndex(dimensions: number): Promise<VectorIndex>;
  /** For the status page: loads no model. */
  describe(): Promise<ModelsDescription>;
  close(): Promise<void>;
};
export type ModelsDescription = {
  /** `native cpu`, `wasm wasm`; null before the first use. */
  readonly engine: string | null;
  readonly imageCodec: string;
  readonly vectorIndex: string;
  readonly pack: { readonly id: string; readonly license: string } | null;
  /** One sentence each; empty when all is well. */
  readonly problems: readonly string[];
};

export function openModels(parts: {
  /** In the order they are looked through. */
  readonly weightFolders: readonly string[];
  /** Folders with a `node_modules` of native packages. */
  readonly runtimeFolders: readonly string[];
  /** Where onnxruntime-web's files lie in a package. */
  readonly wasmFolder: string;
  readonly threads: number;
  readonly ffmpeg: Ffmpeg | null;
  readonly log: Log;
  readonly env?: Readonly<Record<string, string | undefined>>;
}): Models {
  const { runtimeFolders, wasmFolder, threads, log, env = process.env } = parts;
  const weights = findWeights(parts.weightFolders);
  let opening: Promise<OnnxEngine> | null = null;
  let analyzing: Promise<FaceAnalyzer> | null = null;
  let opened: OnnxEngine | null = null;
  const sharp = loadSharpCodec(runtimeFolders, threads);
  if (!sharp.codec) throw new StashSenseError('runtime-missing', `no picture library: ${sharp.reason}`);
  const codec = sharp.codec;

  const engine = (): Promise<OnnxEngine> =>
    (opening ??= (async () => {
      const native =
        env['STASH_SENSE_ENGINE'] === 'wasm' ? null : loadOnnxNative(runtimeFolders, threads).onnx;
      opened = await openEngine({
        backends: [...(native ? [native.backend('cpu')] : []), createWasmBackend(wasmFolder, threads)],
        weights,
        probe,
        log,
      });
      return opened;
    })());

  return {
    codec,
    engine,
    analyzer: () => (analyzing ??= engine().then((it) => createFaceAnalyzer(it, portablePack))),
    createIndex: async (dimensions) => createExactIndex(dimensions),
    describe: async () => ({
      engine: opened ? `${opened.name} ${opened.provider}` : null,
      imageCodec: codec.name,
      vectorIndex: 'exact',
      pack: { id: portablePack.id, license: portablePack.license },
      problems: await weights.problems(
        [portablePack.detector, portablePack.landmark, portablePack.embedder].map(modelSpec),
      ),
    }),
    async close() {
      if (analyzing) await (await analyzing).close();
    },
  };
}

/** y = x · W, 2 x 2. */
const probe = {
  bytes: writeOnnx({
    nodes: [{ operator: 'MatMul', inputs: ['x', 'w'], outputs: ['y'] }],
    initializers: [{ name: 'w', dims: [2, 2], data: Float32Array.of(1, 2, 3, 4) }],
    inputs: [{ name: 'x', type: 'float32', dims: [1, 2] }],
    outputs: [{ name: 'y', type: 'float32', dims: [1, 2] }],
  }),
  input: Float32Array.of(1, 1),
  dims: [1, 2],
};
