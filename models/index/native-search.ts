import { setImmediate as nextTurn } from 'node:timers/promises';
import { messageOf } from '../../core/errors.ts';
import type { Embedding } from '../../core/faces/face.ts';
import type { Log } from '../../core/ports/log.ts';
import type { Neighbour, QuantizedVectors, RowSearch } from '../../core/ports/vision.ts';
import { BLOCK_ROWS } from './exact.ts';
import { BLOCKS_IN_ENGINE, quantizedSimilarity } from './quantized.ts';
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
Probes of one search from which the native engine's matrix product is faster, where all rows stay in it (20 000 rows: 0.4 ms
a probe beside 1.0 to 1.9) and where most of them are loaded for each search (108 000 rows, 400 probes: 4.0 to 4.6 ms a probe
beside 5.1 to 6.4; 64 probes: 50 beside 7).
*/
const ENGINE_FROM_PROBES = { loadedOnce: 16, loadedEachTime: 200 };

export function isEngineFaster(rows: number, probes: number): boolean {
  const staysLoaded = rows <= BLOCKS_IN_ENGINE * BLOCK_ROWS;
  return probes >= ENGINE_FROM_PROBES[staysLoaded ? 'loadedOnce' : 'loadedEachTime'];
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
  const longestRow = longestRowOf(vectors);
  // usearch reads from the beginning of the buffer.
  let works = values.byteOffset === 0;

  return {
    async search(probes, count) {
      const wanted = count * ROWS_PER_WANTED;
      if (!works || count < 1 || wanted >= size || (await isExactFaster(probes.length)))
        return await exact.search(probes, count);
      const lists: (Neighbour[] | null)[] = [];
      const probesAtOnce = Math.max(1, Math.min(PROBES_AT_ONCE, Math.floor(PAIRS_AT_ONCE / size)));
      for (let from = 0; from < probes.length; from += probesAtOnce) {
        const some = probes.slice(from, from + probesAtOnce).map(roundedProbe);
        const compared = compare(some, wanted);
        if (compared === null) break;
        for (const [n, found] of compared.entries()) lists.push(nearestOf(some[n]!, found, count));
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
    count: number,
  ): Neighbour[] | null {
    const nearest = rows
      .map((row) => ({ row, similarity: quantizedSimilarity(probe, vectors, row) }))
      .toSorted((a, b) => b.similarity - a.similarity || a.row - b.row)
      .slice(0, count);
    const last = Math.max(0, similarities.at(-1)!);
    // By the Cauchy-Schwarz inequality no other row is more similar to the probe than this.
    const atMost = longestRow * (length * (last + COSINE_ERROR) + errorLength);
    return nearest[count - 1]!.similarity > atMost ? nearest : null;
  }
}

/** At most: the rows had length 1 until their components were rounded to multiples of the scale. */
function longestRowOf({ scales, dimensions }: QuantizedVectors): number {
  let largest = 0;
  for (const scale of scales) largest = Math.max(largest, scale);
  return 1 + (largest / 2) * Math.sqrt(dimensions);
}

type RoundedProbe = {
  readonly probe: Embedding;
  readonly components: Int8Array;
  /** Of the rounded probe, at the scale of the probe. */
  readonly length: number;
  /** Of the difference of the two. */
  readonly errorLength: number;
};

function roundedProbe(probe: Embedding): RoundedProbe {
  let largest = 0;
  for (const component of probe) largest = Math.max(largest, Math.abs(component));
  const scale = largest / LARGEST;
  const components = Int8Array.from(probe, (component) => Math.round(component / scale));
  let squares = 0;
  let errorSquares = 0;
  for (const [i, component] of components.entries()) {
    squares += (component * scale) ** 2;
    errorSquares += (probe[i]! - component * scale) ** 2;
  }
  return { probe, components, length: Math.sqrt(squares), errorLength: Math.sqrt(errorSquares) };
}
