import { firstLineOf, messageOf } from '../../core/message-of.ts';
import type { Log } from '../../core/ports/log.ts';
import { elementCount, fromBytes, type Tensor, type TensorInfo, type Tensors } from '../../core/tensor.ts';
import type { Session } from '../../core/ports/vision.ts';

/** What the model declares: a first dim of -1 is the batch. */
type Shape = { readonly inputs: readonly TensorInfo[]; readonly outputs: readonly TensorInfo[] };

export type FallbackParts = {
  readonly session: Session;
  readonly shape: Shape;
  /** For the log: `native cuda`. */
  readonly name: string;
  /** Opens the same model on the next backend; null: there is none. */
  readonly openNext: () => Promise<{ session: Session; name: string } | null>;
  /** No batch is larger than this, counted by its inputs. */
  readonly maxInputBytes?: number;
  readonly log: Log;
};

/** The activations of such a batch fit a GPU with 2 GB. */
const MAX_INPUT_BYTES = 48e6;

/**
A session that survives the failure of its provider. When memory is exhausted, batches are halved from then on. When a
single input fails, the session moves to the next backend, last to the CPU, and stays there.
*/
export function createFallbackSession(parts: FallbackParts): Session {
  const { log, maxInputBytes = MAX_INPUT_BYTES } = parts;
  let { session, name } = parts;
  let maxRows = Infinity;
  let moving: Promise<boolean> | null = null;

  async function run(inputs: Tensors): Promise<Tensors> {
    const rows = rowsOf(inputs, parts.shape);
    const rowBytes = bytesOf(inputs) / rows;
    const limit = Math.max(1, Math.min(maxRows, Math.floor(maxInputBytes / rowBytes)));
    if (rows > limit) return await runInPieces(inputs, rows, limit);
    const used = session;
    try {
      return await used.run(inputs);
    } catch (error) {
      if (rows > 1 && isOutOfMemory(error)) {
        maxRows = Math.ceil(rows / 2);
        log.warn(`${name}: ${rows} at once do not fit into memory; going on with ${maxRows}.`);
        return await runInPieces(inputs, rows, maxRows);
      }
      if (isInvalidInput(error)) throw error;
      // A concurrent call can have moved to the next backend already: then this one uses it.
      if (used === session && !(await (moving ??= move(error)))) throw error;
      return await run(inputs);
    }
  }

  async function runInPieces(inputs: Tensors, rows: number, size: number): Promise<Tensors> {
    const pieces: Tensors[] = [];
    for (let at = 0; at < rows; at += size)
      pieces.push(await run(rowsFrom(inputs, parts.shape, at, Math.min(at + size, rows))));
    return Object.fromEntries(
      parts.shape.outputs.map(({ name: output }) => [output, concat(pieces.map((piece) => piece[output]!))]),
    );
  }

  async function move(reason: unknown): Promise<boolean> {
    try {
      const other = await parts.openNext();
      if (!other) return false;
      log.warn(`${name} failed (${firstLineOf(reason)}); going on with ${other.name}.`);
      const failed = session;
      ({ session, name } = other);
      maxRows = Infinity;
      // Closing a failed session can fail too.
      await failed.close().catch(() => undefined);
      return true;
    } finally {
      moving = null;
    }
  }

  return { run, close: () => session.close() };
}

/** Recognises the error texts of CUDA, Direct3D, Vulkan, onnxruntime and C++. */
export function isOutOfMemory(error: unknown): boolean {
  return /out[ _-]?of[ _-]?(device[ _-]?|host[ _-]?|pool[ _-]?)?memory|failed to allocate|cudaErrorMemoryAllocation|8007000E|bad_alloc|allocation failed/i.test(
    messageOf(error),
  );
}

/** An invalid input, which every backend would refuse: no reason to change the backend. */
function isInvalidInput(error: unknown): boolean {
  return /INVALID_ARGUMENT|invalid (dimensions|rank)|unexpected input|missing in 'feeds'/i.test(
    messageOf(error),
  );
}

/** 1 where a batch cannot be divided: where not all outputs have its rows, or the inputs do not have as many. */
function rowsOf(inputs: Tensors, { inputs: declared, outputs }: Shape): number {
  const batched = declared.filter(isBatched);
  const [rows = 1, ...others] = new Set(batched.map(({ name }) => inputs[name]?.dims[0] ?? 0));
  return batched.length > 0 && others.length === 0 && outputs.every(isBatched) ? Math.max(1, rows) : 1;
}

function isBatched({ dims }: TensorInfo): boolean {
  return dims[0] === -1;
}

/** The rows `from` (counted from 0) up to before `to` of all inputs that have rows; views, no copies. */
function rowsFrom(inputs: Tensors, { inputs: declared }: Shape, from: number, to: number): Tensors {
  const batched = new Set(declared.filter(isBatched).map(({ name }) => name));
  return Object.fromEntries(
    Object.entries(inputs).map(([name, tensor]) => {
      if (!batched.has(name)) return [name, tensor];
      const [, ...rest] = tensor.dims;
      const length = elementCount(rest);
      const data = tensor.data.subarray(from * length, to * length);
      return [name, { ...tensor, data, dims: [to - from, ...rest] } as Tensor];
    }),
  );
}

function bytesOf(inputs: Tensors): number {
  return Object.values(inputs).reduce((total, { data }) => total + data.byteLength, 0);
}

function concat(pieces: readonly Tensor[]): Tensor {
  const [first] = pieces;
  const bytes = new Uint8Array(pieces.reduce((total, { data }) => total + data.byteLength, 0));
  let at = 0;
  for (const { data } of pieces) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  const rows = pieces.reduce((total, { dims }) => total + dims[0]!, 0);
  return fromBytes(first!.type, bytes.buffer, [rows, ...first!.dims.slice(1)]);
}
