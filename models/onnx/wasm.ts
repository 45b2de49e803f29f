/** The only module that loads onnxruntime-web. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import type * as Ort from 'onnxruntime-web';
import type { Backend } from './engine.ts';
import { toRawSession, UNPACKED_WEIGHTS } from './session.ts';

/** `folder` contains onnxruntime-web's files in a package; in a checkout they are in node_modules. */
export function createWasmBackend(folder: string, threads: number): Backend {
  let loading: Promise<typeof Ort> | null = null;
  return {
    engine: 'wasm',
    provider: 'wasm',
    async create(bytes) {
      const ort = await (loading ??= load(folder, threads));
      // Creating a session from many megabytes blocks this thread: yield to the event loop before it.
      await nextTurn();
      return toRawSession(
        ({ type, data, dims }) => new ort.Tensor(type, data, dims),
        await ort.InferenceSession.create(bytes, {
          executionProviders: ['wasm'],
          graphOptimizationLevel: 'all',
          logSeverityLevel: 4,
          extra: { session: UNPACKED_WEIGHTS },
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
