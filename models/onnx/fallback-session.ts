import { firstLineOf, messageOf } from '../../core/message-of.ts';
import type { Log } from '../../core/ports/log.ts';
import type { Session } from '../../core/ports/vision.ts';

export type FallbackParts = {
  readonly session: Session;
  /** For the log: `native cuda`. */
  readonly name: string;
  /** The same model on the next backend, with its name; null: there is none. */
  readonly openNext: () => Promise<{ session: Session; name: string } | null>;
  /** No batch is larger than this, counted by its input. */
  readonly maxInputBytes?: number;
  readonly log: Log;
};

/** A graphics card of 2 GB holds the activations of such a batch. */
const MAX_INPUT_BYTES = 48e6;

/**
A session that outlives its provider. A batch that does not fit into memory is halved, and later ones stay that small;
what fails even alone goes to the next backend, in the end to the processor, and stays there.
*/
export function createFallbackSession(parts: FallbackParts): Session {
  const { log, maxInputBytes = MAX_INPUT_BYTES } = parts;
  let { session, name } = parts;
  let maxRows = Infinity;
  let moving: Promise<boolean> | null = null;

  async function run(input: Float32Array, dims: readonly number[]): Promise<Record<string, Float32Array>> {
    const [rows = 1, ...rest] = dims;
    const rowLength = input.length / rows;
    const limit = Math.max(1, Math.min(maxRows, Math.floor(maxInputBytes / 4 / rowLength)));
    if (rows > limit) return await runInPieces(input, rows, rest, limit);
    const used = session;
    try {
      return await used.run(input, dims);
    } catch (error) {
      if (rows > 1 && isOutOfMemory(error)) {
        maxRows = Math.ceil(rows / 2);
        log.warn(`${name}: ${rows} at once do not fit into memory; going on with ${maxRows}.`);
        return await runInPieces(input, rows, rest, maxRows);
      }
      if (isOurFault(error)) throw error;
      // Another call may have moved on meanwhile: then this one follows it.
      if (used === session && !(await (moving ??= move(error)))) throw error;
      return await run(input, dims);
    }
  }

  async function runInPieces(
    input: Float32Array,
    rows: number,
    rest: readonly number[],
    size: number,
  ): Promise<Record<string, Float32Array>> {
    const rowLength = input.length / rows;
    const pieces: Record<string, Float32Array>[] = [];
    for (let at = 0; at < rows; at += size) {
      const end = Math.min(at + size, rows);
      pieces.push(await run(input.subarray(at * rowLength, end * rowLength), [end - at, ...rest]));
    }
    return Object.fromEntries(
      Object.keys(pieces[0]!).map((key) => [key, concat(pieces.map((piece) => piece[key]!))]),
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
      // What failed may fail again as it is closed.
      await failed.close().catch(() => undefined);
      return true;
    } finally {
      moving = null;
    }
  }

  return { run, close: () => session.close() };
}

/** In the words of CUDA, Direct3D, Vulkan, onnxruntime and C++. */
export function isOutOfMemory(error: unknown): boolean {
  return /out[ _-]?of[ _-]?(device[ _-]?|host[ _-]?|pool[ _-]?)?memory|failed to allocate|cudaErrorMemoryAllocation|8007000E|bad_alloc|allocation failed/i.test(
    messageOf(error),
  );
}

/** Every backend would refuse such an input: it tells nothing of this one. */
function isOurFault(error: unknown): boolean {
  return /INVALID_ARGUMENT|invalid (dimensions|rank)|unexpected input/i.test(messageOf(error));
}

function concat(pieces: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(pieces.reduce((total, piece) => total + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}
