import { setImmediate as nextTurn } from 'node:timers/promises';
import { messageOf } from '../../core/errors.ts';
import type { Log } from '../../core/ports/log.ts';
import type { Neighbour, QuantizedVectors, RowSearch } from '../../core/ports/vision.ts';
import { quantizedSimilarity } from './quantized.ts';
import { longestRowOf, roundProbe, type RoundedProbe } from './rounded-probe.ts';
import type { CompareAll, Compared } from './usearch.ts';

/** Rows asked of usearch for each one that is wanted: it compares rounded probes, which changes the order a little. */
const ROWS_PER_WANTED = 8;
/** Pairs of a row and a probe in one call, which blocks this thread for about 50 ms on a desktop. */
const PAIRS_AT_ONCE = 1_000_000;
/** With more the distances exceed the CPU cache: of 108 000 rows 8 probes take 5 ms each, and 64 take 7. */
const PROBES_AT_ONCE = 8;
/** Error of a cosine by usearch, whose square roots are approximate on some processors. */
const COSINE_ERROR = 1e-3;
const LARGEST = 127;
/**
Probes of one search from which the native engine's product of integers takes less processor time, counting what loading the rows
into it takes: of 108 000 people it takes 0.7 ms a probe and loading them 0.4 s, while usearch takes 5 ms.
*/
const ENGINE_FROM_PROBES = { fewRows: 16, manyRows: 64 };
const FEW_ROWS = 50_000;

export function isEngineFaster(rows: number, probes: number): boolean {
  return probes >= ENGINE_FROM_PROBES[rows <= FEW_ROWS ? 'fewRows' : 'manyRows'];
}

/**
The neighbours and similarities of a search in JavaScript: usearch compares each row with the rounded probe, and the nearest
are compared with the probe itself. `exact` gets the probes for which a row beyond those could be nearer, all probes when
usearch fails, and those of a search for which it is faster.
*/
export function createNativeSearch(
  vectors: QuantizedVectors,
  {
    compareAll,
    exact,
    isExactFaster,
    log,
  }: {
    readonly compareAll: CompareAll;
    readonly exact: RowSearch;
    readonly isExactFaster: (probes: number) => Promise<boolean>;
    readonly log: Pick<Log, 'debug'>;
  },
): RowSearch {
  const { dimensions, size, values } = vectors;
  let longestRow: number | null = null;
  // usearch reads from the beginning of the buffer.
  let works = values.byteOffset === 0;

  return {
    async search(probes, count) {
      const wanted = count * ROWS_PER_WANTED;
      if (!works || count < 1 || wanted >= size || (await isExactFaster(probes.length)))
        return await exact.search(probes, count);
      const longest = (longestRow ??= await longestRowOf(vectors));
      const lists: (Neighbour[] | null)[] = [];
      const probesAtOnce = Math.max(1, Math.min(PROBES_AT_ONCE, Math.floor(PAIRS_AT_ONCE / size)));
      for (let from = 0; from < probes.length; from += probesAtOnce) {
        const some = probes.slice(from, from + probesAtOnce).map((probe) => roundProbe(probe, LARGEST));
        const compared = compare(some, wanted);
        if (compared === null) break;
        for (const [n, found] of compared.entries())
          lists.push(nearestOf(some[n]!, found, { count, longest }));
        await nextTurn();
      }
      const left = probes.filter((_, n) => !lists[n]);
      if (left.length === 0) return lists.map((list) => list!);
      const others = await exact.search(left, count);
      let next = 0;
      return probes.map((_, n) => lists[n] ?? others[next++]!);
    },
  };

  /** Null when usearch fails. */
  function compare(probes: readonly RoundedProbe[], wanted: number): Compared[] | null {
    const matrix = new Int8Array(probes.length * dimensions);
    probes.forEach(({ components }, n) => matrix.set(components, n * dimensions));
    try {
      const compared = compareAll(values, matrix, dimensions, wanted);
      for (const { rows } of compared)
        if (new Set(rows).size !== wanted || rows.some((row) => row >= size))
          throw new Error(`usearch did not name ${wanted} of ${size} rows`);
      return compared;
    } catch (error) {
      works = false;
      log.debug(`usearch is not used: ${messageOf(error)}`);
      return null;
    }
  }

  /** Null when another row could be nearer. */
  function nearestOf(
    { probe, length, errorLength }: RoundedProbe,
    { rows, similarities }: Compared,
    { count, longest }: { readonly count: number; readonly longest: number },
  ): Neighbour[] | null {
    const nearest = rows
      .map((row) => ({ row, similarity: quantizedSimilarity(probe, vectors, row) }))
      .toSorted((a, b) => b.similarity - a.similarity || a.row - b.row)
      .slice(0, count);
    const last = Math.max(0, similarities.at(-1)!);
    // By the Cauchy-Schwarz inequality no other row is more similar to the probe than this.
    const atMost = longest * (length * (last + COSINE_ERROR) + errorLength);
    return nearest[count - 1]!.similarity > atMost ? nearest : null;
  }
}
