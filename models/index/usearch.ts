/** The only module that loads usearch. */
import { Worker } from 'node:worker_threads';
import type * as Usearch from 'usearch';
import type { Neighbour, VectorIndex } from '../../core/ports/vision.ts';
import type { Message } from '../../core/messages/message.ts';
import { loadNative } from '../native/packages.ts';
import { toMatrix } from './matrix.ts';

export type CreateIndex = (dimensions: number) => VectorIndex;
/**
Compares each row with each probe, both with eight-bit components, and blocks this thread until that is done. `rows` begins
where its buffer does, and there are at least `wanted`.
@returns for each probe the most similar rows in descending order
*/
export type CompareAll = (
  rows: Int8Array,
  probes: Int8Array,
  dimensions: number,
  wanted: number,
) => Compared[];
/** `similarities`: cosines, which do not depend on the scales. */
export type Compared = { readonly rows: number[]; readonly similarities: Float32Array };

export type Loaded = {
  readonly create: CreateIndex | null;
  readonly compareAll: CompareAll | null;
  readonly reason: Message | null;
};

/** Null when usearch has no build for this system. */
export function loadUsearch(folders: readonly string[], threads: number): Loaded {
  const { module: usearch, file, reason } = loadNative<typeof Usearch>('usearch', folders);
  if (usearch === null) return { create: null, compareAll: null, reason };
  const options: Options = {
    metric: usearch.MetricKind.IP,
    quantization: usearch.ScalarKind.F16,
    connectivity: 16,
    expansion_add: 128,
    expansion_search: 256,
    multi: false,
  };
  return {
    create: (dimensions) => createUsearchIndex({ file, threads, options: { ...options, dimensions } }),
    compareAll(rows, probes, dimensions, wanted) {
      const found = usearch.exactSearch(rows, probes, dimensions, wanted, usearch.MetricKind.Cos, threads);
      // usearch returns another type for one probe than for several.
      const lists =
        'counts' in found
          ? Array.from({ length: probes.length / dimensions }, (_, n) => found.get(n))
          : [found];
      return lists.map(({ keys, distances }) => ({
        rows: Array.from(keys, Number),
        similarities: distances.map((distance) => 1 - distance),
      }));
    },
    reason: null,
  };
}

/** Options of the constructor of a usearch index. */
type Options = {
  metric: Usearch.MetricKind;
  quantization: Usearch.ScalarKind;
  connectivity: number;
  expansion_add: number;
  expansion_search: number;
  multi: boolean;
};
type GraphData = { file: string; threads: number; options: Options & { dimensions: number } };

/** Rows or probes per message to the worker: copying them blocks this thread for some milliseconds. */
const ROWS_AT_ONCE = 2000;

/**
An HNSW graph of half-precision vectors. Approximate: on face-like vectors (5 references per person) it finds the nearest
row of an exact search for 99.9 % of probes, with an error of up to 0.001 in the similarity.

The graph is in a worker thread, because usearch is synchronous and adding 8 000 rows takes 17 s.
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

/** Ends the thread and frees the memory of a graph whose index was garbage-collected. */
const dropped = new FinalizationRegistry<Graph>((graph) => graph.end());

type Question =
  | { kind: 'add'; first: number; rows: Float32Array<ArrayBuffer> }
  | { kind: 'search'; rows: Float32Array<ArrayBuffer>; wanted: number };
/** One element per probe; empty in the answer to `add`. */
type Found = readonly { readonly rows: Float64Array; readonly distances: Float32Array }[];
type Answer = { found: Found; error?: never } | { found?: never; error: string };
type Graph = { ask(question: Question): Promise<Found>; end(): void };

function startGraph(data: GraphData): Graph {
  /** Pending requests; the worker answers in order. */
  const waiting: { resolve: (found: Found) => void; reject: (error: Error) => void }[] = [];
  let worker: Worker | null = null;
  let failure: Error | null = null;
  let isDropped = false;

  function start(): Worker {
    // Without execArgv: the options of this process (a loader, a heap limit) must not apply to the thread.
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

  /** The rows are lost with the thread, so later requests fail too. */
  function fail(error: Error): void {
    failure ??= error;
    for (const { reject } of waiting.splice(0)) reject(failure);
  }

  /** A request can still be pending when only that request references the index. */
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

/** Row numbers are below 2^53, so they are sent as float64, which is faster than BigInts. */
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
  // usearch returns another type for one probe than for several.
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
