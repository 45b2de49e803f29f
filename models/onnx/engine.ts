import { StashSenseError } from '../../core/errors.ts';
import { joined, message, type Message } from '../../core/messages/message.ts';
import { firstLineOf } from '../../core/message-of.ts';
import type { Engine, Session } from '../../core/ports/vision.ts';
import type { Log } from '../../core/ports/log.ts';
import type { TensorInfo, Tensors } from '../../core/tensor.ts';
import { engineLabel } from '../../core/setup/engine-label.ts';
import type { ModelSpec } from '../catalog/catalog.ts';
import { createFallbackSession } from './fallback-session.ts';
import { withRealInputs } from './real-inputs.ts';
import type { Weights } from '../catalog/weights.ts';

/** A session of an ONNX library, before its tensors are checked. */
export type RawSession = {
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
  run(inputs: Tensors): Promise<Tensors>;
  close(): Promise<void>;
};

/** An ONNX library with one execution provider. */
export type Backend = {
  readonly engine: 'native' | 'wasm';
  readonly provider: string;
  /** Throws when the provider is not available or cannot run this model. `inputs`: those of the model, by which threads are chosen unless it is `oneThread`. */
  create(bytes: Uint8Array, inputs?: readonly TensorInfo[], oneThread?: boolean): Promise<RawSession>;
};

/** Names, types and shapes that a model must have. */
export type ModelShape = Pick<ModelSpec, 'id' | 'inputs' | 'outputs'>;

/** Also opens models that are built at run time and are not in the catalogue. */
export type OnnxEngine = Engine & { openModel(bytes: Uint8Array, shape: ModelShape): Promise<Session> };

export type EngineParts = {
  /** Tried one by one in this order: the library fails altogether when one provider of a list is not available. */
  readonly backends: readonly Backend[];
  /** What `open` opens, by id. */
  readonly models: readonly ModelSpec[];
  readonly weights: Weights;
  /** A small model that every provider must open and run before it is chosen. */
  readonly probe: {
    readonly bytes: Uint8Array;
    readonly inputs: Tensors;
    /** Of the output `y`. */
    readonly output: Float32Array;
  };
  readonly log: Log;
};

/** @throws StashSenseError `runtime-missing` when no backend works; its cause is what the first one said */
export async function openEngine({
  backends,
  models,
  weights,
  probe,
  log,
}: EngineParts): Promise<OnnxEngine> {
  let [backend, untried] = await firstThatAnswers();
  log.info(`Faces are recognised with the engine ${nameOf(backend)}.`);

  return {
    get name() {
      return backend.engine;
    },
    get provider() {
      return backend.provider;
    },
    async open(modelId, { oneThread = false } = {}) {
      const spec = models.find(({ id }) => id === modelId);
      if (spec === undefined) throw new RangeError(`the pack in use has no model ${modelId}`);
      return await openModel(repaired(await weights.read(spec), spec), spec, oneThread);
    },
    openModel,
  };

  async function openModel(bytes: Uint8Array, shape: ModelShape, oneThread = false): Promise<Session> {
    let failure: unknown = null;
    for (const [i, candidate] of [backend, ...untried].entries()) {
      let raw: RawSession;
      try {
        raw = await candidate.create(bytes, shape.inputs, oneThread);
      } catch (error) {
        failure ??= error;
        continue;
      }
      if (candidate !== backend) {
        // A provider can support the operators of the probe and not those of this model.
        log.warn(
          `${nameOf(backend)} cannot run ${shape.id} (${firstLineOf(failure)}); ${nameOf(candidate)} can.`,
        );
        backend = candidate;
        untried = untried.slice(i);
      }
      return withFallback(toSession(raw, shape), candidate, bytes, shape, oneThread);
    }
    throw cannotBeOpened(shape.id, failure);
  }

  /** A provider can also fail while running: out of memory, device removed. */
  function withFallback(
    session: Session,
    on: Backend,
    bytes: Uint8Array,
    shape: ModelShape,
    oneThread: boolean,
  ): Session {
    const left = backends.slice(backends.indexOf(on) + 1);
    // The CPU provider does not fail this way, and a fallback would hold the bytes of the model in memory.
    if (left.length === 0 || on.provider === 'cpu') return session;
    return createFallbackSession({
      session,
      shape,
      name: nameOf(on),
      log,
      async openNext() {
        for (let other = left.shift(); other; other = left.shift()) {
          const raw = await other.create(bytes, shape.inputs, oneThread).catch(() => null);
          if (!raw) continue;
          if (backends.indexOf(other) > backends.indexOf(backend)) {
            backend = other;
            untried = backends.slice(backends.indexOf(other) + 1);
          }
          return { session: toSession(raw, shape), name: nameOf(other) };
        }
        return null;
      },
    });
  }

  async function firstThatAnswers(): Promise<[Backend, readonly Backend[]]> {
    const failures: string[] = [];
    let first: unknown;
    for (const [i, candidate] of backends.entries()) {
      try {
        const session = await candidate.create(probe.bytes);
        const { y } = await session.run(probe.inputs);
        await session.close();
        const answer = y?.type === 'float32' ? y.data : new Float32Array(0);
        if (!probe.output.every((value, k) => Math.abs((answer[k] ?? NaN) - value) < 0.01))
          throw new Error(`it answered ${answer.join()} where ${probe.output.join()} is right`);
        return [candidate, backends.slice(i + 1)];
      } catch (error) {
        first ??= error;
        failures.push(`${nameOf(candidate)}: ${firstLineOf(error)}`);
        log.info(`${nameOf(candidate)} is not used: ${firstLineOf(error)}`);
      }
    }
    throw new StashSenseError(
      'runtime-missing',
      message('model.noEngine', { reason: failures.join('; ') || message('model.noEngineInstalled') }),
      { cause: first },
    );
  }
}

function repaired(bytes: Uint8Array, { id, repair }: ModelSpec): Uint8Array {
  if (repair === undefined) return bytes;
  try {
    return withRealInputs(bytes);
  } catch (error) {
    throw cannotBeOpened(id, error);
  }
}

function cannotBeOpened(model: string, cause: unknown): StashSenseError {
  const said = message('model.cannotBeOpened', { model, reason: firstLineOf(cause) });
  return new StashSenseError('model-mismatch', said, { cause });
}

function nameOf({ engine, provider }: Backend): string {
  return engineLabel({ name: engine, provider });
}

function toSession(raw: RawSession, shape: ModelShape): Session {
  const differences = [
    ...differencesOf('input', raw.inputs, shape.inputs),
    ...differencesOf('output', raw.outputs, shape.outputs),
  ];
  const listed = joined(differences, 'joinedByComma');
  if (listed !== null) {
    void raw.close();
    throw new StashSenseError(
      'model-mismatch',
      message('model.notAsDescribed', { model: shape.id, differences: listed }),
    );
  }
  return { run: (inputs) => raw.run(inputs), close: () => raw.close() };
}

function shapeText({ type, dims }: Pick<TensorInfo, 'type' | 'dims'>): string {
  return `${type}[${dims.join()}]`;
}

const DIFFERENCES = {
  input: { missing: 'model.noInput', other: 'model.inputDiffers', unexpected: 'model.unexpectedInput' },
  output: { missing: 'model.noOutput', other: 'model.outputDiffers', unexpected: 'model.unexpectedOutput' },
} as const;

function differencesOf(
  what: 'input' | 'output',
  found: readonly TensorInfo[],
  wanted: readonly TensorInfo[],
): Message[] {
  const ids = DIFFERENCES[what];
  const differences = wanted.flatMap(({ name, type, dims }) => {
    const it = found.find((candidate) => candidate.name === name);
    if (!it) return [message(ids.missing, { name })];
    const same = it.type === type && it.dims.length === dims.length && it.dims.every((n, i) => n === dims[i]);
    return same
      ? []
      : [message(ids.other, { name, found: shapeText(it), wanted: shapeText({ type, dims }) })];
  });
  for (const { name } of found)
    if (!wanted.some((candidate) => candidate.name === name))
      differences.push(message(ids.unexpected, { name }));
  return differences;
}
