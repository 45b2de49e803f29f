import type { OpenReferencePack, StashIndex } from '../ports/reference-packs.ts';

/** The pack without these people, whose templates are overwritten: the pack that was given is not to be used any more. */
export function withoutRows(pack: OpenReferencePack, rows: ReadonlySet<number>): OpenReferencePack {
  if (rows.size === 0) return pack;
  const { dimensions, size, values, scales } = pack.vectors;
  /** Row that is left → row of the given pack. */
  const kept = Uint32Array.from(
    Array.from({ length: size }, (_, row) => row).filter((row) => !rows.has(row)),
  );
  for (const [to, from] of kept.entries()) {
    if (to === from) continue;
    values.copyWithin(to * dimensions, from * dimensions, (from + 1) * dimensions);
    scales[to] = scales[from]!;
  }
  values.fill(0, kept.length * dimensions);
  const newRowOf = (row: number): number => indexIn(kept, row);
  return {
    ...pack,
    vectors: {
      dimensions,
      size: kept.length,
      values: values.subarray(0, kept.length * dimensions),
      scales: scales.subarray(0, kept.length),
    },
    quality: (row) => pack.quality(kept[row] ?? size),
    references: (row) => pack.references(kept[row] ?? size),
    personId: (row) => pack.personId(kept[row] ?? size),
    person: (row) => pack.person(kept[row] ?? size),
    rowsWith: (stashId) =>
      pack
        .rowsWith(stashId)
        .map(newRowOf)
        .filter((row) => row >= 0),
    rowOf(personId) {
      const row = pack.rowOf(personId);
      const left = row === null ? -1 : newRowOf(row);
      return left < 0 ? null : left;
    },
    stashIndex: without(pack.stashIndex, newRowOf),
  };
}

function without({ highs, lows, rows }: StashIndex, newRowOf: (row: number) => number): StashIndex {
  const places = Uint32Array.from(rows.keys()).filter((at) => newRowOf(rows[at]!) >= 0);
  return {
    highs: places.map((at) => highs[at]!),
    lows: places.map((at) => lows[at]!),
    rows: places.map((at) => newRowOf(rows[at]!)),
  };
}

/** Place of a number in ascending ones, -1 where it is not there. */
function indexIn(ascending: Uint32Array, wanted: number): number {
  let [from, to] = [0, ascending.length];
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (ascending[middle]! < wanted) from = middle + 1;
    else to = middle;
  }
  return ascending[from] === wanted ? from : -1;
}
