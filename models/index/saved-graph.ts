import { messageOf } from '../../core/errors.ts';
import type { Embedding } from '../../core/faces/face.ts';
import type { Log } from '../../core/ports/log.ts';
import type { IndexFile, Neighbour, QuantizedVectors, RowSearch } from '../../core/ports/vision.ts';
import { quantizedSimilarity } from './quantized.ts';
import type { QuantizedGraph } from './usearch.ts';

/**
Time spent on exact searches before a graph is made: for 108 000 rows that takes some minutes on two cores, and each search
of a few probes is about 50 times faster afterwards, in later processes too.
*/
const EXACT_MS_BEFORE_GRAPH = 30_000;
/** Rows asked of the graph for each one that is wanted: it is approximate, and its order is that of rounded probes. */
const ROWS_PER_WANTED = 2;
const LARGEST = 127;

/**
Exact search until a graph pays off, then the graph, which is kept in `indexFile` and used at once by the next process.
When the graph fails (no memory, no worker thread, no space), the search stays exact.
*/
export function createSavedGraphSearch(
  vectors: QuantizedVectors,
  {
    exact,
    startGraph,
    indexFile,
    log,
    exactMsBeforeGraph = EXACT_MS_BEFORE_GRAPH,
  }: {
    readonly exact: RowSearch;
    readonly startGraph: (dimensions: number) => QuantizedGraph;
    readonly indexFile: IndexFile;
    readonly log: Pick<Log, 'debug'>;
    readonly exactMsBeforeGraph?: number;
  },
): RowSearch {
  let state: 'unknown' | 'none' | 'failed' = 'unknown';
  let graph: QuantizedGraph | null = null;
  let exactMs = 0;
  const search: RowSearch = {
    async search(probes, count) {
      if (probes.length > 0 && count > 0) {
        const opened = await graphOrNull();
        if (opened !== null)
          try {
            return await searchGraph(opened, vectors, probes, count);
          } catch (error) {
            fail(error);
          }
      }
      const began = performance.now();
      const found = await exact.search(probes, count);
      exactMs += performance.now() - began;
      return found;
    },
  };
  return search;

  async function graphOrNull(): Promise<QuantizedGraph | null> {
    if (graph !== null || state === 'failed') return graph;
    try {
      if (state === 'unknown') {
        state = 'none';
        graph = await openSaved();
      }
      if (graph === null && exactMs >= exactMsBeforeGraph) graph = await make();
    } catch (error) {
      fail(error);
    }
    return graph;
  }

  async function openSaved(): Promise<QuantizedGraph | null> {
    const file = await indexFile.find();
    if (file === null) return null;
    const opened = startGraph(vectors.dimensions);
    try {
      await opened.view(file);
      dropped.register(search, opened);
      return opened;
    } catch (error) {
      // Of another version of usearch, for example: it is made anew as if there were none.
      opened.end();
      log.debug(`${file} is not used: ${messageOf(error)}`);
      return null;
    }
  }

  /** The graph in the file instead of the one in memory, where it could be kept. */
  async function make(): Promise<QuantizedGraph> {
    log.debug(`An index of ${vectors.size} people is being made.`);
    const made = startGraph(vectors.dimensions);
    dropped.register(search, made);
    await made.add(vectors.values);
    await indexFile.keep((file) => made.save(file));
    const saved = await openSaved();
    if (saved === null) return made;
    made.end();
    return saved;
  }

  function fail(error: unknown): void {
    state = 'failed';
    graph?.end();
    graph = null;
    log.debug(`Vectors are compared one by one: ${messageOf(error)}`);
  }
}

/** Ends the thread of a search that was garbage-collected. */
const dropped = new FinalizationRegistry<QuantizedGraph>((graph) => graph.end());

async function searchGraph(
  graph: QuantizedGraph,
  vectors: QuantizedVectors,
  probes: readonly Embedding[],
  count: number,
): Promise<Neighbour[][]> {
  const found = await graph.search(probes.map(quantized), Math.min(vectors.size, count * ROWS_PER_WANTED));
  return found.map((rows, n) =>
    Array.from(rows, (row) => ({ row, similarity: quantizedSimilarity(probes[n]!, vectors, row) }))
      .toSorted((a, b) => b.similarity - a.similarity || a.row - b.row)
      .slice(0, count),
  );
}

/** As the rows are: the cosine does not depend on the scale. */
function quantized(probe: Embedding): Int8Array {
  let largest = 0;
  for (const component of probe) largest = Math.max(largest, Math.abs(component));
  return Int8Array.from(probe, (component) => Math.round((component / largest) * LARGEST));
}
