/** The only door of onnxruntime-web. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as Ort from 'onnxruntime-web';
import type { Backend, RawSession } from './onnx-engine.ts';

/** `folder` holds onnxruntime-web's files in a package; in a checkout they lie in node_modules. */
export function createWasmBackend(folder: string, threads: number): Backend {
  let loading: Promise<typeof Ort> | null = null;
  return {
    engine: 'wasm',
    provider: 'wasm',
    async create(bytes) {
      const ort = await (loading ??= load(folder, threads));
      return fromOrt(
        ort,
        await ort.InferenceSession.create(bytes, {
          executionProviders: ['wasm'],
          graphOptimizationLevel: 'all',
          logSeverityLevel: 4,
        }),
      );
    },
  };
}

async function load(folder: string, threads: number): Promise<typeof Ort> {
  const home = existsSync(path.join(folder, MAIN))
    ? folder
    : path.dirname(createRequire(import.meta.url).resolve('onnxruntime-web'));
  const ort = (await import(pathToFileURL(path.join(home, MAIN)).href)) as typeof Ort;
  ort.env.wasm.wasmPaths = pathToFileURL(path.join(home, path.sep)).href;
  ort.env.wasm.numThreads = threads;
  ort.env.logLevel = 'fatal';
  return ort;
}

const MAIN = 'ort.node.min.mjs';

function fromOrt(ort: typeof Ort, session: Ort.InferenceSession): RawSession {
  return {
    inputs: session.inputMetadata.map(toTensorInfo),
    outputs: session.outputMetadata.map(toTensorInfo),
    async run(inputName, input, dims) {
      const outputs = await session.run({ [inputName]: new ort.Tensor('float32', input, dims) });
      return Object.fromEntries(
        Object.entries(outputs).map(([name, tensor]) => [name, tensor.data as Float32Array]),
      );
    },
    close: () => session.release(),
  };
}

function toTensorInfo(metadata: Ort.InferenceSession.ValueMetadata): RawSession['inputs'][number] {
  return metadata.isTensor
    ? {
        name: metadata.name,
        type: metadata.type,
        dims: metadata.shape.map((it) => (typeof it === 'number' ? it : -1)),
      }
    : { name: metadata.name, type: 'no tensor', dims: [] };
}
