/** Performers who look like one person, on the People tab in a real browser. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PIXEL } from './samples.ts';
import { toastText, uiWorld } from './world.ts';

const world = uiWorld();

for (const width of [1400, 375])
  test(`${width} wide: a pair is shown side by side, leads to Stash, and can be told apart`, async () => {
    const one = { performerId: '1', name: 'Jane Doe', disambiguation: '', url: PIXEL };
    const other = { performerId: '2', name: 'Jane D.', disambiguation: 'II', url: null };
    begin({ one, other }, { isTold: false });
    const page = await world.open('/plugins/stash-sense?tab=people', { width });
    const pair = page.getByRole('group', { name: 'Jane Doe and Jane D.' });
    await pair.getByText('These two look like one person.').waitFor();
    assert.equal(await pair.getByRole('img').count(), 2);
    const merge = pair.getByRole('link', { name: 'Merge in Stash' });
    assert.equal(await merge.getAttribute('href'), '/performers/1');
    for (const button of [merge, pair.getByRole('button')]) {
      const { x, width: wide } = (await button.boundingBox())!;
      assert.ok(x >= 0 && x + wide <= width, 'it is cut off');
    }
    await pair.getByRole('button', { name: 'Jane Doe and Jane D. are two people' }).click();
    await pair.waitFor({ state: 'detached' });
    assert.match(await toastText(page), /Jane Doe and Jane D\. are two people/);
    await page.locator('.toast').getByRole('button', { name: 'Undo' }).click();
    await pair.waitFor();
    assert.deepEqual(world.inputs('people.tellApart'), [
      { performerIds: ['1', '2'], undo: false },
      { performerIds: ['1', '2'], undo: true },
    ]);
    assert.deepEqual(world.complaints, []);
  });

for (const width of [1400, 375])
  test(`${width} wide: who was told apart is listed once asked for, and can be asked about again`, async () => {
    const [one, other] = ['Jane Doe', 'Jane D.'].map((name, n) => ({
      performerId: String(n + 1),
      name,
      disambiguation: '',
      url: PIXEL,
    }));
    begin({ one: one!, other: other! }, { isTold: true });
    const page = await world.open('/plugins/stash-sense?tab=people', { width });
    const open = page.getByRole('button', { name: '1 pair looks alike, of whom you said: they are two' });
    await open.waitFor();
    assert.equal(await page.getByRole('group', { name: 'Jane Doe and Jane D.' }).count(), 0);
    await open.click();
    const pair = page.getByRole('group', { name: 'Jane Doe and Jane D.' });
    const again = pair.getByRole('button', { name: 'Ask again whether Jane Doe and Jane D. are one person' });
    const { x, width: wide } = (await again.boundingBox())!;
    assert.ok(x >= 0 && x + wide <= width, 'it is cut off');
    await again.click();
    await pair.getByText('These two look like one person.').waitFor();
    await open.waitFor({ state: 'detached' });
    assert.deepEqual(world.inputs('people.tellApart'), [{ performerIds: ['1', '2'], undo: true }]);
    assert.deepEqual(world.complaints, []);
  });

type Shown = { performerId: string; name: string; disambiguation: string; url: string | null };

/** A page about one pair. @param isTold whether the user has said that they are two people */
function begin(pair: { one: Shown; other: Shown }, { isTold }: { isTold: boolean }): void {
  world.begin({
    'people.info': () => ({
      performers: 9,
      withReference: 8,
      packs: [],
      references: {},
      without: { total: 0, items: [] },
    }),
    'people.lookAlikes': ({ told }) => {
      const items = told === isTold ? [{ ...pair, similarity: 0.9 }] : [];
      return { total: items.length, told: isTold ? 1 : 0, items };
    },
    'people.tellApart': ({ undo }) => {
      isTold = !undo;
      return { toldApart: isTold };
    },
  });
}
