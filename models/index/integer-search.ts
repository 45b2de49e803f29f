import { messageOf } from '../../core/errors.ts';
import type { Embedding } from '../../core/faces/face.ts';
import { createPauses } from '../../core/pauses.ts';
import type { Log } from '../../core/ports/log.ts';
import type { Neighbour, QuantizedVectors, RowSearch } from '../../core/ports/vision.ts';
import { BLOCK_ROWS, PAIRS_BEFORE_ENGINE } from './exact.ts';
import {
  type IntegerProducts,
  LARGEST_PROBE_COMPONENT,
  PROBE_ZERO,
  type RowBlocks,
} from './integer-products.ts';
import { createNearestProducts, type NearestProducts } from './nearest-products.ts';
import { quantizedSimilarity } from './quantized.ts';
import { longestRowOf, roundProbe, type RoundedProbe } from './rounded-probe.ts';

/** Blocks of one model of the engine: with more a product holds the event loop for longer, with fewer there are more models. */
const BLOCKS_PER_PART = 8;
/** Parts that stay in the inference engine between searches, 17 MB each with 512 dimensions: of 196 000 rows all. */
const PARTS_IN_ENGINE = 6;
/** Probes per product: with more the products exceed the CPU cache, with fewer the rows are read more often. */
const PROBES_PER_PRODUCT = 128;
/**
Rows kept of each probe for one that is wanted. By the rounded probe a row can be up to 0.02 more similar than by the probe
itself: of 108 000 people about 75 can be among the 24 nearest.
*/
const KEPT_PER_WANTED = 8;
/** Rows asked of all blocks together for each one that is wanted, and more of each, since the nearest are not spread evenly. */
const ASKED_PER_WANTED = 4;
const ASKED_MORE = 16;
/** Cost of rounding a probe, in comparisons of two embeddings. */
const COMPARISONS_PER_ROUNDED_PROBE = 20;
/** Of one row in so many, or of fewer, a block would be sorted rather than searched. */
const MOST_ASKED = 4;
/** Rounding of products to float32. */
const PRODUCT_ERROR = 1e-5;

/** Some of the rows. */
type Part = { readonly first: number; readonly rows: number; readonly blockRows: number };
/** `count`: of the rows of each block that are found. */
type LoadedPart = { readonly products: IntegerProducts; readonly count: number };

/**
The neighbours and similarities of a search in JavaScript: the inference engine multiplies each row with the probe rounded to
seven bits, and the nearest are compared with the probe itself. `exact` gets the probes for which a row beyond those could be
nearer, searches too small to load the rows into the engine for, and all when the engine fails.
*/
export function createIntegerSearch(
  vectors: QuantizedVectors,
  {
    createProducts,
    exact,
    isExactFaster,
    log,
  }: {
    readonly createProducts: (rows: RowBlocks, count: number) => Promise<IntegerProducts>;
    readonly exact: RowSearch;
    /** Asked only of searches that are worth loading the rows into the engine for. */
    readonly isExactFaster: () => Promise<boolean>;
    readonly log: Pick<Log, 'debug'>;
  },
): RowSearch {
  const { dimensions, size, values, scales } = vectors;
  const parts = partsOf(size);
  const blocks = Math.ceil(size / BLOCK_ROWS);
  let longestRow: number | null = null;
  const pause = createPauses();
  const loaded = new Map<Part, LoadedPart>();
  let searched = 0;
  let works = true;
  /** The search at work: one that asks for more rows closes products, which no other may be multiplying then. */
  let atWork: Promise<unknown> = Promise.resolve();

  const search: RowSearch = {
    async search(probes, count) {
      searched += probes.length;
      const asked = Math.ceil((ASKED_PER_WANTED * count) / blocks) + ASKED_MORE;
      const isSorting = asked > Math.min(size, BLOCK_ROWS) / MOST_ASKED;
      if (!works || count < 1 || isSorting || !isWorthLoading(probes.length) || (await isExactFaster()))
        return await exact.search(probes, count);
      let lists: (Neighbour[] | null)[];
      try {
        const own = atWork.then(() => searchInEngine(probes, count, asked));
        atWork = own.catch(() => null);
        lists = await own;
      } catch (error) {
        works = false;
        log.debug(`The engine's product of integers is not used: ${messageOf(error)}`);
        lists = probes.map(() => null);
      }
      const left = probes.filter((_, n) => !lists[n]);
      if (left.length === 0) return lists.map((list) => list!);
      const others = await exact.search(left, count);
      let next = 0;
      return probes.map((_, n) => lists[n] ?? others[next++]!);
    },
  };
  dropped.register(search, loaded);
  return search;

  function isWorthLoading(probes: number): boolean {
    const staysLoaded = parts.length <= PARTS_IN_ENGINE;
    return Math.min(size, BLOCK_ROWS) * (staysLoaded ? searched : probes) > PAIRS_BEFORE_ENGINE;
  }

  /** Null for a probe to which another row could be nearer. */
  async function searchInEngine(
    probes: readonly Embedding[],
    count: number,
    asked: number,
  ): Promise<(Neighbour[] | null)[]> {
    const longest = (longestRow ??= await longestRowOf(vectors));
    const rounded = await roundAll(probes);
    const bytes = toBytes(rounded);
    const nearest = createNearestProducts(probes.length, KEPT_PER_WANTED * count);
    for (const part of parts) await searchPart(part, asked, bytes, nearest);
    const lists: (Neighbour[] | null)[] = [];
    for (const [n, probe] of rounded.entries()) {
      lists.push(nearestOf(probe, nearest.of(n), { count, longest }));
      await pause(2 * count);
    }
    return lists;
  }

  async function roundAll(probes: readonly Embedding[]): Promise<RoundedProbe[]> {
    const rounded: RoundedProbe[] = [];
    for (const probe of probes) {
      rounded.push(roundProbe(probe, LARGEST_PROBE_COMPONENT));
      await pause(COMPARISONS_PER_ROUNDED_PROBE);
    }
    return rounded;
  }

  async function searchPart(
    part: Part,
    asked: number,
    probes: Uint8Array,
    nearest: NearestProducts,
  ): Promise<void> {
    const { products, count } = await loadPart(part, asked);
    const { first, rows, blockRows } = part;
    const step = PROBES_PER_PRODUCT * dimensions;
    try {
      for (let from = 0; from < probes.length; from += step) {
        const some = probes.subarray(from, from + step);
        const found = await products.multiply(some);
        let at = 0;
        for (let n = from / dimensions; n < (from + some.length) / dimensions; n++)
          for (let block = 0; block < rows; block += blockRows, at += count) {
            const [largest, where] = [
              found.products.subarray(at, at + count),
              found.rows.subarray(at, at + count),
            ];
            nearest.add(n, largest, where, first + block, count === Math.min(blockRows, rows - block));
          }
      }
    } finally {
      if (loaded.get(part)?.products !== products) await products.close();
    }
  }

  /** Not of `loaded` afterwards: where as many as may stay are loaded already. */
  async function loadPart(part: Part, asked: number): Promise<LoadedPart> {
    const known = loaded.get(part);
    if (known !== undefined && known.count >= asked) return known;
    loaded.delete(part);
    await known?.products.close();
    const { first, rows, blockRows } = part;
    const products = await createProducts(
      {
        values: values.subarray(first * dimensions, (first + rows) * dimensions),
        scales: scales.subarray(first, first + rows),
        dimensions,
        blockRows,
      },
      asked,
    );
    const made = { products, count: asked };
    if (loaded.size < PARTS_IN_ENGINE) loaded.set(part, made);
    return made;
  }

  function toBytes(probes: readonly RoundedProbe[]): Uint8Array {
    const bytes = new Uint8Array(probes.length * dimensions);
    for (const [n, { components }] of probes.entries())
      for (let i = 0; i < dimensions; i++) bytes[n * dimensions + i] = components[i]! + PROBE_ZERO;
    return bytes;
  }

  /** Null when another row could be nearer. */
  function nearestOf(
    probe: RoundedProbe,
    { products, rows, beyond }: ReturnType<NearestProducts['of']>,
    { count, longest }: { readonly count: number; readonly longest: number },
  ): Neighbour[] | null {
    if (rows.length < count) return null;
    const error = errorOf(probe, longest);
    const found: Neighbour[] = [];
    let least = Infinity;
    // No later row can be as similar as the least of the first ones.
    for (let n = 0; n < rows.length && (n < count || products[n]! * probe.scale + error >= least); n++) {
      const similarity = quantizedSimilarity(probe.probe, vectors, rows[n]!);
      found.push({ row: rows[n]!, similarity });
      if (n < count) least = Math.min(least, similarity);
    }
    if (beyond * probe.scale + error >= least) return null;
    return found.toSorted((a, b) => b.similarity - a.similarity || a.row - b.row).slice(0, count);
  }
}

/** Frees the engine's copies of the rows of a search that was garbage-collected: the engine's memory is not managed by JavaScript. */
const dropped = new FinalizationRegistry<Map<Part, LoadedPart>>((loaded) => {
  for (const { products } of loaded.values()) void products.close();
});

/** Of about equal size, in blocks of about equal size. */
function partsOf(size: number): Part[] {
  const parts: Part[] = [];
  const rowsOfPart = Math.ceil(size / Math.ceil(size / (BLOCKS_PER_PART * BLOCK_ROWS)));
  for (let first = 0; first < size; first += rowsOfPart) {
    const rows = Math.min(rowsOfPart, size - first);
    parts.push({ first, rows, blockRows: Math.ceil(rows / Math.ceil(rows / BLOCK_ROWS)) });
  }
  return parts;
}

/** Of a similarity by the rounded probe, at most, by the Cauchy-Schwarz inequality. */
function errorOf({ errorLength }: RoundedProbe, longest: number): number {
  return errorLength * longest + PRODUCT_ERROR;
}
