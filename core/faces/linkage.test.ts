import assert from 'node:assert/strict';
import { test } from 'node:test';
import { groupByLinkage } from './linkage.ts';

/** Points on a line, the nearer the more alike. */
function group(points: readonly number[], apart: readonly (readonly [number, number])[] = []): number[][] {
  return groupByLinkage({
    weights: points.map(() => 1),
    apart: (one, other) => apart.some(([a, b]) => (a === one && b === other) || (a === other && b === one)),
    similarity: (one, other) => 1 - Math.abs(points[one]! - points[other]!),
    threshold: 0.5,
  });
}

test('what is alike is one group, what is not is another', () => {
  assert.deepEqual(group([0, 0.1, 5, 5.2, 0.2]), [
    [0, 1, 4],
    [2, 3],
  ]);
  assert.deepEqual(group([]), []);
  assert.deepEqual(group([3]), [[0]]);
});

test('a chain of likenesses does not make one group: the mean of all pairs decides', () => {
  assert.deepEqual(group([0, 0.4, 0.8, 1.2]), [
    [0, 1],
    [2, 3],
  ]);
});

test('what must stay apart does, and so do the groups it belongs to', () => {
  assert.deepEqual(group([0, 0.02, 0.03, 0.031], [[0, 3]]), [[0], [1, 2, 3]]);
});

test('a heavy member says more about its group than a light one', () => {
  const similarities: Readonly<Record<string, number>> = { '1-0': 0.9, '2-0': 0.6, '2-1': 0.2 };
  const grouped = (weights: readonly number[]): number[][] =>
    groupByLinkage({
      weights,
      apart: () => false,
      similarity: (one, other) => similarities[`${Math.max(one, other)}-${Math.min(one, other)}`] ?? 0,
      threshold: 0.5,
    });
  assert.deepEqual(grouped([1, 0.1, 1]), [[0, 1, 2]]);
  assert.deepEqual(grouped([0.1, 1, 1]), [[0, 1], [2]]);
});

test('the groups are those of a search through all pairs at every step', () => {
  const random = seeded(7);
  for (let round = 0; round < 30; round++) {
    const points = Array.from({ length: 25 }, () => random() * 6);
    const apart = Array.from(
      { length: 12 },
      () => [Math.floor(random() * 25), Math.floor(random() * 25)] as const,
    );
    assert.deepEqual(group(points, apart), plainly(points, apart));
  }
});

/** The same by the book: all pairs of groups are looked at in each step. */
function plainly(points: readonly number[], apart: readonly (readonly [number, number])[]): number[][] {
  const groups = points.map((_, i) => [i]);
  const isApart = (a: number, b: number): boolean =>
    apart.some(([one, other]) => (one === a && other === b) || (one === b && other === a));
  for (;;) {
    let best: { i: number; j: number; mean: number } | null = null;
    for (let i = 0; i < groups.length; i++)
      for (let j = i + 1; j < groups.length; j++) {
        const pairs = groups[i]!.flatMap((a) => groups[j]!.map((b) => [a, b] as const));
        if (pairs.some(([a, b]) => isApart(a, b))) continue;
        const mean =
          pairs.reduce((sum, [a, b]) => sum + 1 - Math.abs(points[a]! - points[b]!), 0) / pairs.length;
        if (mean >= 0.5 && (!best || mean > best.mean)) best = { i, j, mean };
      }
    if (!best) return groups.map((it) => it.toSorted((a, b) => a - b)).toSorted((a, b) => a[0]! - b[0]!);
    groups[best.i] = [...groups[best.i]!, ...groups[best.j]!];
    groups.splice(best.j, 1);
  }
}

/** The same numbers in every run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 16_807) % 2_147_483_647) / 2_147_483_647;
}
