import { messageOf, StashSenseError } from '../core/errors.ts';
import type { Engine, Log, Session } from '../core/ports.ts';
import { modelSpec, type ModelSpec } from './catalog.ts';
import type { Weights } from './weights.ts';

export type TensorInfo = { readonly name: string; readonly type: string; readonly dims: readonly number[] };

/** What a library makes of a model file, before anything about it is checked. */
export type RawSession = {
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
  run(inputName: string, input: Float32Array, dims: readonly number[]): Promise<Record<string, Float32Array>>;
  close(): Promise<void>;
};

/** One library with one of its providers. */
export type Backend = {
  readonly engine: 'native' | 'wasm';
  readonly provider: string;
  /** Throws when the provider cannot be had, or cannot run this model. */
  create(bytes: Uint8Array): Promise<RawSession>;
};

/** What a model must look like. */
export type ModelShape = Pick<ModelSpec, 'id' | 'input' | 'outputs'>;

/** Also opens models that are not in the catalogue, made at run time. */
export type OnnxEngine = Engine & { openModel(bytes: Uint8Array, shape: ModelShape): Promise<Session> };

export type EngineParts = {
  /** Tried one at a time, in this order, each by itself: a list of providers handed to the library throws as a whole. */
  readonly backends: readonly Backend[];
  readonly weights: Weights;
  /** A small model that every provider must open and run before it is chosen. */
  readonly probe: {
    readonly bytes: Uint8Array;
    readonly input: Float32Array;
    readonly dims: readonly number[];
  };
  readonly log: Log;
};

/** @throws StashSenseError `runtime-missing` when no backend works */
export async function openEngine({ backends, weights, probe, log }: EngineParts): Promise<OnnxEngine> {
  const failures: string[] = [];
  const left = [...backends];
  let backend = await nextBackend();
  log.info(`inference runs on ${backend.engine} ${backend.provider}`);

  return {
    get name() {
      return backend.engine;
    },
    get provider() {
      return backend.provider;
    },
    async open(modelId) {
      const spec = modelSpec(modelId);
      return await openModel(await weights.read(spec), spec);
    },
    openModel,
  };

  async function openModel(bytes: Uint8Array, shape: ModelShape): Promise<Session> {
    for (;;) {
      try {
        return toSession(await backend.create(bytes), shape);
      } catch (error) {
        if (error instanceof StashSenseError) throw error;
        // A provider may know the probe's operators and not the model's; a file that none can open is no model.
        if (left.length === 0)
          throw new StashSenseError(
            'model-mismatch',
            `The file of the model ${shape.id} could not be opened as an ONNX model (${firstLine(error)}); install its package again.`,
            { cause: error },
          );
        log.warn(`${backend.engine} ${backend.provider} cannot open ${shape.id}: ${firstLine(error)}`);
        backend = await nextBackend();
        log.info(`inference goes on with ${backend.engine} ${backend.provider}`);
      }
    }
  }

  async function nextBackend(): Promise<Backend> {
    for (let candidate = left.shift(); candidate; candidate = left.shift()) {
      try {
        const session = await candidate.create(probe.bytes);
        await session.run(session.inputs[0]!.name, probe.input, probe.dims);
        await session.close();
        return candidate;
      } catch (error) {
        failures.push(`${candidate.engine} ${candidate.provider}: ${firstLine(error)}`);
        log.info(`${candidate.engine} ${candidate.provider} is not used: ${firstLine(error)}`);
      }
    }
    throw new StashSenseError(
      'runtime-missing',
      `No engine for the models could be started (${failures.join('; ') || 'none was allowed'}); install the plugin again, it brings one that runs everywhere.`,
    );
  }
}

function toSession(raw: RawSession, shape: ModelShape): Session {
  const differences = [
    ...differencesOf('input', raw.inputs, [shape.input]),
    ...differencesOf('output', raw.outputs, shape.outputs),
  ];
  if (differences.length > 0) {
    void raw.close();
    throw new StashSenseError(
      'model-mismatch',
      `The file of the model ${shape.id} is not the model the catalogue describes: ${differences.join(', ')}; install its package again.`,
    );
  }
  return {
    run: async (input, dims) => await raw.run(shape.input.name, input, dims),
    close: () => raw.close(),
  };
}

function differencesOf(what: string, found: readonly TensorInfo[], wanted: readonly TensorInfo[]): string[] {
  const differences = wanted.flatMap(({ name, type, dims }) => {
    const it = found.find((candidate) => candidate.name === name);
    if (!it) return [`it has no ${what} “${name}”`];
    const same = it.type === type && it.dims.length === dims.length && it.dims.every((n, i) => n === dims[i]);
    return same ? [] : [`${what} “${name}” is ${it.type}[${it.dims.join()}] and not ${type}[${dims.join()}]`];
  });
  for (const it of found)
    if (!wanted.some((candidate) => candidate.name === it.name))
      differences.push(`it has an ${what} “${it.name}” that is not expected`);
  return differences;
}

function firstLine(error: unknown): string {
  return messageOf(error).split('\n', 1)[0]!.slice(0, 300);
}
