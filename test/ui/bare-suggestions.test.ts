/** Cards whose pictures come when they come into sight. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from '../fixtures/wait.ts';
import { suggestion } from './samples.ts';
import { uiWorld } from './world.ts';

const world = uiWorld();
const NAMES = Array.from({ length: 40 }, (_, n) => `Person ${n}`);
const BARE = { isBare: true, view: { crop: null, reference: null } } as const;

test('pictures of cards further down are asked for when these come into sight, each once', async () => {
  const whole = NAMES.map((targetName, n) =>
    suggestion({ id: `s${n}`, targetName, target: { kind: 'performer', id: String(n + 1) } }),
  );
  world.begin({
    'suggestions.list': ({ pictures = 40 }) => ({
      total: 40,
      items: whole.map((item, n) => (n < pictures ? item : { ...item, ...BARE })),
    }),
    'suggestions.views': ({ ids }) => ({ items: whole.filter(({ id }) => ids.includes(id)) }),
  });
  const page = await world.open('/plugins/stash-sense');
  const pictures = (name: string) => page.getByRole('group', { name: `${name} in` }).locator('img');
  await page.getByRole('group', { name: 'Person 0 in' }).waitFor();
  const [listed] = world.inputs('suggestions.list') as { pictures: number }[];
  assert.ok(listed!.pictures > 0 && listed!.pictures < 40, `${listed?.pictures}`);
  assert.equal(await pictures('Person 0').count(), 2);
  assert.equal(await pictures('Person 39').count(), 0);
  assert.deepEqual(world.inputs('suggestions.views'), []);

  await page.getByRole('group', { name: 'Person 39 in' }).scrollIntoViewIfNeeded();
  await until(async () => (await pictures('Person 39').count()) === 2, 'the last one has its pictures');
  await page.getByRole('group', { name: `Person ${listed!.pictures} in` }).scrollIntoViewIfNeeded();
  await until(
    async () => (await pictures(`Person ${listed!.pictures}`).count()) === 2,
    'so has the first of these',
  );
  await page.getByRole('group', { name: 'Person 39 in' }).scrollIntoViewIfNeeded();
  const asked = (world.inputs('suggestions.views') as { ids: string[] }[]).flatMap(({ ids }) => ids);
  assert.equal(new Set(asked).size, asked.length);
  assert.equal(world.inputs('suggestions.list').length, 1);
});
