/** What is new: the count on the entry of the navigation, and the toast. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { run, status } from './samples.ts';
import { until } from '../fixtures/wait.ts';
import { uiWorld } from './world.ts';

const world = uiWorld();

/** The next question whether something is due. */
async function later(page: Page): Promise<void> {
  const asked = world.inputs('status').length;
  await page.clock.fastForward('01:01:00');
  await page.getByRole('link', { name: 'Scenes' }).first().click();
  await page.clock.runFor(5000);
  await until(() => world.inputs('status').length > asked, 'it was asked', 30);
}

test('the entry shows how many suggestions are open, and one toast says what a run has added', async () => {
  let [open, id] = [12, '7'];
  world.begin({
    status: () =>
      status({
        suggestions: { open, removed: 0 },
        runs: [run({ id, task: 'scan', state: 'finished', phase: 'ended' })],
      }),
  });
  const page = await world.open('/', { hasClock: true });
  await page.getByText('A day out').waitFor();
  await page.clock.runFor(5000);
  const badge = page.locator('.stash-sense-open').filter({ visible: true });
  await badge.waitFor();
  assert.equal(await badge.innerText(), '12');
  const toasts = page.getByText(/new suggestions/).filter({ visible: true });
  // What was there before somebody was told anything is no news.
  assert.equal(await toasts.count(), 0);

  [open, id] = [1500, '8'];
  await later(page);
  await page.getByText('Scan library: 1,488 new suggestions.').waitFor();
  assert.equal(await toasts.count(), 1);
  assert.equal(await badge.innerText(), '999+');

  // The same run, and fewer of them: nothing to say.
  await page.clock.runFor(60_000);
  open = 3;
  await later(page);
  await until(async () => (await badge.innerText()) === '3', 'the count is that of the answer', 30);
  assert.equal(await toasts.count(), 0);
  // Another run that found nothing.
  id = '9';
  await later(page);
  assert.equal(await toasts.count(), 0);
  open = 0;
  await later(page);
  await until(async () => (await badge.count()) === 0, 'there is none', 30);
  assert.deepEqual(world.complaints, []);
});
