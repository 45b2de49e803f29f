/** The only door of usearch. */
import { Worker } from 'node:worker_threads';
import type * as Usearch from 'usearch';
import type { Neighbour, VectorIndex } from '../../core/ports/vision.ts';
import { loadNative } from '../native/packages.ts';
import { toMatrix } from './matrix.ts';

export type CreateIndex = (dimensions: number) => VectorIndex;

/** Null where usearch has no build for this system. */
export function loadUsearch(
  folders: readonly string[],
  threads: number,
): { create: CreateIndex | null; reason: string | null } {
  const { module: usearch, file, reason } = loadNative<typeof Usearch>('usearch', folders);
  if (usearch === null) return { create: null, reason };
  const options: Options = {
    metric: usearch.MetricKind.IP,
    quantization: usearch.ScalarKind.F16,
    connectivity: 16,
    expansion_add: 128,
    expansion_search: 128,
    multi: false,
  };
  return {
    create: (dimensions) => createUsearchIndex({ file, threads, options: { ...options, dimensions } }),
    reason: null,
  };
}

/** Of the constructor of a usearch index. */
type Options = {
  metric: Usearch.MetricKind;
  quantization: Usearch.ScalarKind;
  connectivity: number;
  expansion_add: number;
  expansion_search: number;
  multi: boolean;
};
type GraphData = { file: string; threads: number; options: Options & { dimensions: number } };

/** Rows copied, and probes answered, in one message: some milliseconds of this thread. */
const ROWS_AT_ONCE = 2000;

/**
An HNSW graph of half-precision vectors. Approximate: on face-like vectors (5 references a person) it finds the nearest
row of an exact search for 99.9 % of probes, and similarities are off by up to 0.001.

The graph lies in a worker thread, because usearch answers synchronously and adding 8 000 rows takes 17 s.
*/
function createUsearchIndex(data: GraphData): VectorIndex {
  const { dimensions } = data.options;
  const graph = startGraph(data);
  let size = 0;
  const index: VectorIndex = {
    name: 'usearch',
    get size() {
      return size;
    },

    async add(vectors) {
      const first = size;
      size += vectors.length;
      for (let from = 0; from < vectors.length; from += ROWS_AT_ONCE) {
        const some = vectors.slice(from, from + ROWS_AT_ONCE);
        await graph.ask({ kind: 'add', first: first + from, rows: toMatrix(some, dimensions) });
      }
    },

    async search(probes, count) {
      const wanted = Math.min(count, size);
      if (probes.length === 0 || wanted < 1) return probes.map(() => []);
      const lists: Neighbour[][] = [];
      for (let from = 0; from < probes.length; from += ROWS_AT_ONCE) {
        const some = probes.slice(from, from + ROWS_AT_ONCE);
        const found = await graph.ask({ kind: 'search', rows: toMatrix(some, dimensions), wanted });
        for (const { rows, distances } of found)
          lists.push(Array.from(rows, (row, n) => ({ row, similarity: 1 - distances[n]! })));
      }
      return lists;
    },
  };
  dropped.register(index, graph);
  return index;
}

/** A graph without an index that could ask it: its thread and its memory are freed. */
const dropped = new FinalizationRegistry<Graph>((graph) => graph.end());

type Question =
  | { kind: 'add'; first: number; rows: Float32Array<ArrayBuffer> }
  | { kind: 'search'; rows: Float32Array<ArrayBuffer>; wanted: number };
/** For each probe; empty after `add`. */
type Found = readonly { readonly rows: Float64Array; readonly distances: Float32Array }[];
type Answer = { found: Found; error?: never } | { found?: never; error: string };
type Graph = { ask(question: Question): Promise<Found>; end(): void };

function startGraph(data: GraphData): Graph {
  /** Answers come in the order of the questions. */
  const waiting: { resolve: (found: Found) => void; reject: (error: Error) => void }[] = [];
  let worker: Worker | null = null;
  let failure: Error | null = null;
  let isDropped = false;

  function start(): Worker {
    // Without execArgv: what this process was started with (a loader, a heap limit) is not for the thread.
    const made = new Worker(GRAPH, { eval: true, workerData: data, execArgv: [] });
    made.on('message', ({ found, error }: Answer) => {
      const asked = waiting.shift();
      if (found) asked?.resolve(found);
      else asked?.reject(new Error(error));
      // An idle thread does not keep the process alive.
      if (waiting.length === 0) made.unref();
      setImmediate(endIfDropped);
    });
    made.on('error', fail);
    made.on('exit', () => fail(new Error('The thread of usearch has ended.')));
    return made;
  }

  /** The rows went with the thread: what is asked later fails too. */
  function fail(error: Error): void {
    failure ??= error;
    for (const { reject } of waiting.splice(0)) reject(failure);
  }

  /** A call may still wait for its answer when nothing but that call holds the index. */
  function endIfDropped(): void {
    if (isDropped && waiting.length === 0) void worker?.terminate();
  }

  return {
    ask: (question) =>
      new Promise((resolve, reject) => {
        if (failure) return reject(failure);
        worker ??= start();
        worker.ref();
        waiting.push({ resolve, reject });
        worker.postMessage(question, [question.rows.buffer]);
      }),
    end() {
      isDropped = true;
      endIfDropped();
    },
  };
}

/** Rows are numbered below 2^53: they leave as float64, which a message carries faster than BigInts. */
const GRAPH = `
const { parentPort, workerData: { file, threads, options } } = require('node:worker_threads');
const { Index } = require(file);
const index = new Index(options);
function add({ first, rows }) {
  const keys = BigUint64Array.from({ length: rows.length / options.dimensions }, (_, n) => BigInt(first + n));
  index.add(keys, rows, threads);
  return [];
}
function search({ rows, wanted }) {
  const found = index.search(rows, wanted, threads);
  const probes = rows.length / options.dimensions;
  // One probe is answered in the shape of one, several in the shape of several.
  const lists = 'counts' in found ? Array.from({ length: probes }, (_, n) => found.get(n)) : [found];
  return lists.map(({ keys, distances }) => ({ rows: Float64Array.from(keys, Number), distances }));
}
parentPort.on('message', (question) => {
  try {
    parentPort.postMessage({ found: question.kind === 'add' ? add(question) : search(question) });
  } catch (error) {
    parentPort.postMessage({ error: error instanceof Error ? error.message : String(error) });
  }
});
`;
