import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import type { Browser } from 'playwright-core';
import { onPage } from './page.ts';
import { who } from './scan.ts';
import type { World } from '../world.ts';

const STATUS = '/plugins/stash-sense?tab=status';

/** To another disk, and away. */
export function leaving(world: () => World, browser: () => Browser): void {
  test('the data moves to another disk from the page, and everything is known there', async () => {
    const { stash, folder, configDir, ids } = world();
    const to = path.join(folder, 'other disk', 'sense');
    const before = await stash.operation('data.info', {});
    await onPage(world(), browser(), STATUS, async (page) => {
      await page.getByRole('button', { name: 'Move…' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('New folder').fill(path.join(configDir, 'stash-sense', 'deeper'));
      await dialog.getByRole('button', { name: 'Move', exact: true }).click();
      await dialog.getByText('lies inside the data folder').waitFor();
      await dialog.getByLabel('New folder').fill(to);
      await dialog.getByRole('button', { name: 'Move', exact: true }).click();
      await page.getByText(/the old folder .* (is gone|stays)/).waitFor({ timeout: 60_000 });
      await page.locator('dd').getByText(to, { exact: true }).waitFor();
    });
    await stash.waitForIdle();
    assert.equal(existsSync(path.join(configDir, 'stash-sense', 'stash-sense.sqlite')), false);
    const after = await stash.operation('data.info', {});
    assert.deepEqual(
      after.kept.filter(({ what }) => what !== 'fetched'),
      before.kept.filter(({ what }) => what !== 'fetched'),
    );
    const faces = await stash.operation('scene.faces', { sceneId: ids.scenes['Two portraits']! });
    assert.deepEqual(who(faces).names, ['Audrey Hepburn', 'Sean Connery']);
    const { runs } = await stash.operation('status', {});
    assert.deepEqual([runs[0]?.task, runs[0]?.state], ['move-data', 'finished']);
    assert.ok(runs.some(({ task }) => task === 'scan'));
  });

  test('a report of it names nobody', async () => {
    const { stash, media } = world();
    const { text } = await stash.operation('diagnostics', {});
    for (const { title, names } of media.library.scenes)
      for (const said of [title, ...names]) assert.ok(!text.includes(said), `${said} in:\n${text}`);
  });

  test('all of it is cleared from the page, and what is left to do is said', async () => {
    const { stash, folder } = world();
    await onPage(world(), browser(), STATUS, async (page) => {
      await page.getByRole('button', { name: 'Clear data…' }).click();
      const dialog = page.getByRole('dialog');
      for (const box of await dialog.getByRole('checkbox').all()) await box.check();
      await dialog.getByRole('textbox').fill('clear');
      await dialog.getByRole('button', { name: 'Clear', exact: true }).click();
      await page.getByText('To uninstall, remove the plugin').first().waitFor();
    });
    const { kept } = await stash.operation('data.info', {});
    assert.deepEqual(
      kept.map(({ count }) => count),
      kept.map(() => 0),
    );
    assert.deepEqual(
      readdirSync(path.join(folder, 'other disk', 'sense')).filter(
        // Each process that answers compiles its own code once more.
        (name) => !/^((stash-sense|crops)\.sqlite|compile-cache$)/.test(name),
      ),
      [],
    );
    // The folder of this suite goes; Stash may not.
    await stash.operation('settings.set', { changes: { dataFolder: '' } });
  });
}
