import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StashRef } from '../stash-ref.ts';
import type { Change, FieldValues } from './change.ts';
import { fieldsToRead, standsStill } from './standing.ts';

const scene = { kind: 'scene', id: '1' } as const;
const BOX = { endpoint: 'https://box.example/graphql', stashId: 'a' };

const CASES: readonly {
  readonly what: string;
  readonly change: Change;
  readonly stands: readonly (FieldValues | null)[];
  readonly lost: readonly (FieldValues | null)[];
}[] = [
  {
    what: 'added values are all there',
    change: { op: 'add', entity: scene, field: 'performers', values: ['5', '6'] },
    stands: [{ performers: ['6', '7', '5'] }],
    lost: [{ performers: ['5'] }, { performers: [] }, {}, null],
  },
  {
    what: 'an added stash ID is there',
    change: { op: 'add', entity: scene, field: 'stashIds', values: [BOX] },
    stands: [{ stashIds: [{ ...BOX }] }],
    lost: [{ stashIds: [{ ...BOX, stashId: 'b' }] }],
  },
  {
    what: 'an added alias is there in any case',
    change: { op: 'add', entity: { kind: 'performer', id: '1' }, field: 'aliases', values: ['Jane'] },
    stands: [{ aliases: ['JANE'] }],
    lost: [{ aliases: ['Janet'] }],
  },
  {
    what: 'removed values are gone',
    change: { op: 'remove', entity: scene, field: 'tags', values: ['3', '4'] },
    stands: [{ tags: [] }, { tags: ['5'] }],
    lost: [{ tags: ['4'] }, null],
  },
  {
    what: 'a value is the one that was set',
    change: { op: 'set', entity: scene, field: 'title', before: null, after: 'A title' },
    stands: [{ title: 'A title' }],
    lost: [{ title: null }, { title: 'Another' }, null],
  },
  {
    what: 'a value that was emptied is empty',
    change: { op: 'set', entity: scene, field: 'date', before: '2001-02-03', after: null },
    stands: [{ date: null }],
    lost: [{ date: '2001-02-03' }],
  },
  {
    what: 'what was made exists',
    change: { op: 'create', kind: 'tag', values: { name: 'New' }, id: '9' },
    stands: [{}],
    lost: [null],
  },
  {
    what: 'what was merged into another is gone',
    change: { op: 'merge', source: { kind: 'performer', id: '9' }, entity: scene, exported: {} },
    stands: [null],
    lost: [{}],
  },
  {
    what: 'what was destroyed is gone',
    change: { op: 'destroy', entity: scene, exported: {} },
    stands: [null],
    lost: [{}],
  },
];

for (const { what, change, stands, lost } of CASES)
  test(`a write stands as long as ${what}`, () => {
    const [asked] = fieldsToRead([change]);
    const at = (values: FieldValues | null) => (entity: StashRef) => {
      assert.deepEqual(entity, asked?.entity);
      return values;
    };
    for (const values of stands)
      assert.equal(standsStill([change], at(values)), true, JSON.stringify(values));
    for (const values of lost) assert.equal(standsStill([change], at(values)), false, JSON.stringify(values));
  });

const add = (field: string, value: string): Change => ({
  op: 'add',
  entity: scene,
  field,
  values: [value],
});
const now = () => ({ performers: ['5'], tags: [] });

test('of several changes all have to stand; without any there is nothing to lose', () => {
  assert.equal(standsStill([add('performers', '5')], now), true);
  assert.equal(standsStill([add('performers', '5'), add('tags', '1')], now), false);
  assert.equal(
    standsStill([], () => null),
    true,
  );
});
