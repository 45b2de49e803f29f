import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BoxPerformer } from '../../../core/ports/stash-box.ts';
import { aBoxPerformer, boxId } from '../../../test/fakes/memory-box.ts';
import { followMerges } from './follow-merges.ts';

/** [what, id asked for, who it is by now: null: nobody, undefined: not known; whether the box answered, and knows the id] */
const IDS: readonly [string, number, number | null | undefined, boolean, boolean][] = [
  ['somebody', 1, 1, true, true],
  ['merged through two merges', 2, 1, true, true],
  ['deleted', 4, null, true, true],
  ['never there', 5, null, true, false],
  ['merged into one who was never there', 6, null, true, true],
  ['merged into one whom the box cannot answer', 7, undefined, false, true],
  ['whom the box cannot answer', 8, undefined, false, false],
  ['deleted, where the box does not tell merges', 9, undefined, true, true],
  ['merged in a circle', 10, undefined, true, true],
  ['merged eight times', 30, 38, true, true],
  ['merged nine times', 29, undefined, true, true],
];

const into = (target: number): Partial<BoxPerformer> => ({ deleted: true, mergedIntoId: boxId(target) });
const PEOPLE: ReadonlyMap<string, BoxPerformer> = new Map(
  (
    [
      [1, {}],
      [2, into(3)],
      [3, into(1)],
      [4, { deleted: true }],
      [6, into(5)],
      [7, into(8)],
      [9, { deleted: true, hidesMerges: true }],
      [10, into(11)],
      [11, into(10)],
      ...Array.from({ length: 9 }, (_, n) => [29 + n, into(30 + n)] as const),
      [38, {}],
    ] as const
  ).map(([n, overrides]) => [boxId(n), { ...aBoxPerformer(n), ...overrides }]),
);

for (const [what, n, expected, isAnswered, isKnown] of IDS)
  test(`an id ${what} is followed to who it means`, async () => {
    const merged = await followMerges({ performers: (ids) => Promise.resolve(answers(ids)) }, [boxId(n)]);
    const who = merged.of(boxId(n));
    assert.equal(who == null ? who : who.id, typeof expected === 'number' ? boxId(expected) : expected);
    assert.deepEqual([merged.isAnswered(boxId(n)), merged.isKnown(boxId(n))], [isAnswered, isKnown]);
  });

test('nobody is asked about twice, nor who was found before', async () => {
  const asked: string[][] = [];
  const performers = (ids: readonly string[]) => {
    asked.push(ids.map((id) => id.slice(-2)));
    return Promise.resolve(answers(ids));
  };
  await followMerges({ performers }, [2, 3, 8, 1].map(boxId), [PEOPLE.get(boxId(1))!]);
  assert.deepEqual(asked, [['02', '03', '08']]);
});

function answers(ids: readonly string[]): ReadonlyMap<string, BoxPerformer | null> {
  return new Map(ids.filter((id) => id !== boxId(8)).map((id) => [id, PEOPLE.get(id) ?? null] as const));
}
