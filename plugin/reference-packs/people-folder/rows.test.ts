import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SaidError } from '../../../core/errors.ts';
import { toBlankedLine } from '../../../core/printable.ts';
import { csvRows, jsonLines, publishedRows, toRow, type PersonRow } from './rows.ts';

const ROW = { name: 'Jane', aliases: ['J'], birth_date: '1990-02', ids: ['https://stashdb.org/graphql a-1'] };
const TABLES = {
  'people.jsonl': [
    jsonLines,
    `${JSON.stringify(ROW)}\n${JSON.stringify({ ...ROW, name: 'Bob', id: 'b' })}\n`,
  ],
  'people.csv': [
    csvRows,
    'name,aliases,ids,pictures\nJane,"J; ""x""",https://stashdb.org/performers/a-1,a.jpg\nBob,,,\n',
  ],
  'performers.json': [
    publishedRows,
    JSON.stringify({
      'stashdb.org:a-1': { name: 'Jane', country: 'US', image_url: null, face_count: 2 },
      'fansdb.cc:b-2': { name: 'Bob' },
    }),
  ],
} as const;

for (const [name, [rowsIn, text]] of Object.entries(TABLES)) {
  test(`a ${name} has its people`, () => {
    const rows = read(rowsIn, text);
    assert.deepEqual(
      rows.map((row) => row.name),
      ['Jane', 'Bob'],
    );
    assert.deepEqual(rows[0]!.stashIds, [{ endpoint: 'https://stashdb.org/graphql', stashId: 'a-1' }]);
  });

  test(`a ${name} with bytes changed anywhere gives rows as they should be, or a sentence`, () => {
    const good = Buffer.from(text);
    let [read_, left] = [0, 0];
    let state = 7;
    const random = (below: number): number =>
      (state = (Math.imul(state, 48_271) >>> 0) % 2_147_483_647) % below;
    for (let n = 0; n < 5000; n++) {
      const bytes = Buffer.from(good);
      for (let changes = 0; changes <= n % 4; changes++) bytes[random(bytes.length)] = random(256);
      const cut = n % 9 === 0 ? bytes.subarray(0, random(bytes.length)) : bytes;
      for (const row of read(rowsIn, cut.toString('utf8'), () => void left++)) {
        read_++;
        assert.match(row.id, /^[\w.-]{1,100}$/);
        assert.equal(toBlankedLine(row.name + row.aliases.join('')), row.name + row.aliases.join(''));
        for (const { endpoint, stashId } of row.stashIds)
          assert.match(`${endpoint} ${stashId}`, /^https?:\S+ [\w-]+$/);
      }
    }
    assert.ok(read_ > 1000 && left > 300, `${read_} read, ${left} left out`);
  });
}

test('a list that is no list has no people, and names of the prototype are none', () => {
  for (const text of ['[]', '3', 'null', '{"__proto__":{"name":"x"}}', '{"constructor":{"name":"x"}}', '{'])
    assert.deepEqual(read(publishedRows, text), []);
});

test('who has no id is the same whenever the table is read, and two namesakes are told apart by their dates', () => {
  assert.equal(toRow({ name: 'Ann Lee' }).id, toRow({ name: 'ann  lee', aliases: ['A'] }).id);
  assert.notEqual(
    toRow({ name: 'Ann', birth_date: '1990' }).id,
    toRow({ name: 'Ann', birth_date: '1991' }).id,
  );
});

function read(
  rowsIn: (text: string) => Iterable<unknown>,
  text: string,
  leftOut: () => void = () => undefined,
): PersonRow[] {
  const rows: PersonRow[] = [];
  for (const value of rowsIn(text))
    try {
      rows.push(toRow(value));
    } catch (error) {
      assert.ok(error instanceof SaidError, String(error));
      leftOut();
    }
  return rows;
}
