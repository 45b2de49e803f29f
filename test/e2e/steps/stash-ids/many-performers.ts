import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Browser, Locator, Page } from 'playwright-core';
import { BOX } from '../reference-packs.ts';
import { onPage, until } from '../page.ts';
import { performerOf, shot, withinPage, withPerformer } from './performer-page.ts';
import type { Stash } from '../../stash.ts';
import type { World } from '../../world.ts';

const NAME = 'Sean Connery';
const SEND = 'Find stash IDs of these performers';

export function onManyPerformers(world: () => World, browser: () => Browser): void {
  test("the performers of Stash's list are looked up, one is linked by a key, and the key takes it back", async () => {
    await withPerformer(world(), async ({ id, box, stashId }) => {
      const { stash } = world();
      const before = await performerOf(stash, id);
      const { findPerformers: all } = await stash.ask<{ findPerformers: { count: number } }>(
        '{ findPerformers { count } }',
      );
      await onPage(world(), browser(), '/performers', async (page) => {
        const errors = listenFor(page);
        await page.getByTitle(SEND).click();
        await row(page, NAME).waitFor();
        assert.equal(await page.locator('.stash-sense-links').count(), all.count);
        await page.getByRole('button', { name: /^Look up all \d+ of this list$/ }).click();
        const found = foundIn(row(page, NAME));
        await found.getByText(/^faces alike to \d+ %$/).waitFor({ timeout: 240_000 });
        // The run closes what a stash-box of an earlier step suggested, which the key would take first.
        await stash.waitForIdle();
        await page.reload();
        await found.getByText(/^faces alike to \d+ %$/).waitFor();
        await withinPage(page, page.locator('.stash-sense-rows'));
        await shot(page, row(page, NAME), 'many-performers-1400');

        await row(page, NAME).focus();
        await page.keyboard.press('a');
        await found.getByText('linked', { exact: true }).waitFor();
        const linked = { ...before, stash_ids: [{ endpoint: box.endpoint, stash_id: stashId }] };
        assert.deepEqual(await performerOf(stash, id), linked);
        await row(page, NAME).getByRole('link', { name: BOX, exact: true }).first().waitFor();
        await page.keyboard.press('u');
        await found.getByRole('button', { name: /^Link with/ }).waitFor();
        assert.deepEqual(await performerOf(stash, id), before);
        assert.deepEqual(errors, []);
      });
    });
  });

  test('on a narrow screen: of those without an ID one is looked up, refused for good, and taken back', async () => {
    await withPerformer(world(), async ({ id, box, stashId }) => {
      const { stash } = world();
      const tab = '/plugins/stash-sense?tab=stashIds';
      const narrow = async (page: Page): Promise<void> => {
        const errors = listenFor(page);
        await page.getByRole('combobox', { name: 'Whom' }).selectOption({ label: `Without an ID of ${BOX}` });
        await row(page, NAME).getByText(`no ID of ${BOX} · never looked up`).waitFor();
        await page.getByRole('button', { name: /^Look up \d+ performers? shown$/ }).click();
        const found = foundIn(row(page, NAME));
        await found.waitFor({ timeout: 240_000 });
        await withinPage(page, page.locator('.stash-sense-rows'));
        await shot(page, row(page, NAME), 'many-performers-375');
        await found.getByRole('button', { name: `Not this person: ${NAME}` }).click();
        const undo = found.getByRole('button', { name: /^Undo/ });
        await undo.waitFor();

        await stash.operation('stashIds.find', { performerIds: [id], force: true });
        await stash.waitForIdle();
        assert.deepEqual(await suggestedOf(stash, id), []);
        await undo.click();
        await until(async () => (await suggestedOf(stash, id)).includes(stashId));
        assert.deepEqual(errors, []);
      };
      await onPage(world(), browser(), tab, narrow, 375);
      assert.ok(box.calls.length > 0);
    });
  });
}

function row(page: Page, name: string): Locator {
  return page.getByRole('group', { name, exact: true });
}

/** What the stash-box of now suggests: that of a step before may be suggested still, until a run has seen that it is gone. */
function foundIn(performer: Locator): Locator {
  const page = performer.page();
  return performer
    .getByRole('group', { name: `${NAME} for ${NAME}`, exact: true })
    .filter({ has: page.getByRole('link', { name: BOX, exact: true }) });
}

/** What breaks on the page from now on. */
function listenFor(page: Page): readonly string[] {
  const errors: string[] = [];
  page.on('pageerror', (error) => void errors.push(error.message));
  return errors;
}

/** The ids that are suggested for a performer. */
async function suggestedOf(stash: Stash, performerId: string): Promise<readonly string[]> {
  const { boxes } = await stash.operation('stashIds.ofPerformer', { performerId });
  return boxes.flatMap(({ suggestions }) =>
    suggestions.flatMap((one) => (one.kind === 'performer-stash-id' ? [one.payload.stashId.stashId] : [])),
  );
}
