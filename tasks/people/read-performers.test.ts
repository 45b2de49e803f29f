import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ListedPerformer } from '../../core/ports/library.ts';
import { createPerformerReader } from './read-performers.ts';

test('performers are read fifty at once, anew after ten seconds; who is not listed is asked for', async () => {
  const listed = new Map(Array.from({ length: 120 }, (_, n) => [String(n + 1), performer(n + 1)]));
  listed.delete('90');
  const calls: string[] = [];
  let time = 0;
  const read = createPerformerReader(
    {
      performersAfter: (after, limit) => {
        calls.push(`after ${after}`);
        const later = [...listed.values()].filter(({ id }) => Number(id) > Number(after));
        return Promise.resolve(later.slice(0, limit));
      },
      performer: (id) => {
        calls.push(id);
        return Promise.resolve(id === '130' ? performer(130) : null);
      },
    },
    () => time,
  );
  for (let id = 120; id > 70; id--)
    assert.equal((await read(String(id)))?.id, id === 90 ? undefined : String(id));
  // The 90th is not there: it is asked for on its own, and those before it are read anew.
  assert.deepEqual(calls, ['after 70', 'after 40', '90']);
  assert.equal((await read('45'))?.id, '45');
  assert.deepEqual(calls.splice(0), ['after 70', 'after 40', '90']);
  time = 11_000;
  assert.equal((await read('44'))?.id, '44');
  assert.equal((await read('3'))?.id, '3');
  assert.equal((await read('130'))?.id, '130');
  assert.deepEqual(calls, ['after 0', 'after 80', '130']);
});

function performer(n: number): ListedPerformer {
  return {
    id: String(n),
    name: `Person ${n}`,
    disambiguation: '',
    aliases: [],
    stashIds: [],
    imagePath: null,
    imageCount: 0,
  };
}
