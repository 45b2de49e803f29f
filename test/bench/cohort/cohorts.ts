/** How similar the nearest of a gallery are to a probe, and to a reference: the cohort that scores are normalised by. */
export type Spread = { readonly mean: number; readonly deviation: number };
export type Cohorts = {
  readonly similarity: (probe: number, reference: number) => number;
  /** Of the `count` references nearest to the probe, without this one. */
  readonly ofProbe: (count: number, probe: number, without: number) => Spread;
  /** Of the `count` references nearest to the reference. */
  readonly ofReference: (count: number, reference: number) => Spread;
};

type Vectors = readonly { readonly vector: Float32Array }[];
/** `sums` and `squares` of the first so many of `values`, which fall; `owners`: whose they are. */
type Nearest = {
  readonly owners: readonly number[];
  readonly sums: Float64Array;
  readonly squares: Float64Array;
};

/** @param most references that are taken as near */
export function createCohorts(probes: Vectors, references: Vectors, most: number): Cohorts {
  const rows = probes.map(({ vector }) => rowOf(vector, references));
  const ofProbes = rows.map((row) => nearestOf(row, most + 1, null));
  const ofReferences = references.map(({ vector }, n) =>
    spreadsOf(nearestOf(rowOf(vector, references), most, n)),
  );
  return {
    similarity: (probe, reference) => rows[probe]![reference]!,
    ofProbe(count, probe, without) {
      const { owners, sums, squares } = ofProbes[probe]!;
      const place = owners.indexOf(without);
      if (place < 0 || place >= count) return toSpread(count, sums[count]!, squares[count]!);
      const value = rows[probe]![without]!;
      return toSpread(count, sums[count + 1]! - value, squares[count + 1]! - value * value);
    },
    ofReference: (count, reference) => ofReferences[reference]!(count),
  };
}

function rowOf(vector: Float32Array, references: Vectors): Float32Array {
  return Float32Array.from(references, ({ vector: other }) => {
    let sum = 0;
    for (let i = 0; i < vector.length; i++) sum += vector[i]! * other[i]!;
    return sum;
  });
}

function nearestOf(row: Float32Array, count: number, self: number | null): Nearest {
  const owners = Array.from(row.keys())
    .filter((n) => n !== self)
    .toSorted((a, b) => row[b]! - row[a]!)
    .slice(0, count);
  const [sums, squares] = [new Float64Array(count + 1), new Float64Array(count + 1)];
  for (const [n, owner] of owners.entries()) {
    sums[n + 1] = sums[n]! + row[owner]!;
    squares[n + 1] = squares[n]! + row[owner]! ** 2;
  }
  return { owners, sums, squares };
}

function spreadsOf({ sums, squares }: Nearest): (count: number) => Spread {
  return (count) => toSpread(count, sums[count]!, squares[count]!);
}

function toSpread(count: number, sum: number, squares: number): Spread {
  const mean = sum / count;
  return { mean, deviation: Math.sqrt(Math.max(1e-9, squares / count - mean * mean)) };
}
