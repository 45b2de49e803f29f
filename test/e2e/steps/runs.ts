/** How runs end in Stash's queue and with Stash itself, and what they write by themselves. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import type { Browser, Locator, Page } from 'playwright-core';
import type { RunView } from '../../../core/contract/runs.ts';
import { processesNaming } from '../host.ts';
import type { World } from '../world.ts';
import { onPage, until } from './page.ts';

const RUNS = '/plugins/stash-sense?tab=runs';
const SETTINGS = { scanImages: true, scanGalleries: true };

export function onRunsPage(world: () => World, browser: () => Browser): void {
  test('a scan stopped in the queue of Stash is shown as stopped at once, with what it did, and goes on', async (t) => {
    const { stash } = world();
    // Another data folder: there is something to do.
    await stash.configure({ ...SETTINGS, dataFolder: data(world()) });
    const id = await stash.startTask('Scan library');
    await onPage(world(), browser(), RUNS, async (page) => {
      await card(page).getByRole('button', { name: 'Stop' }).waitFor();
      await until(async () => (await scanOf(world())).done >= 1, 240_000);
      const asked = Date.now();
      await stash.operation('status', {});
      const answerMs = Date.now() - asked;
      await stash.stopJob(id);
      const began = Date.now();
      await card(page).getByText("Stopped in Stash's queue. What was done is kept.").waitFor();
      const tookMs = Date.now() - began;
      t.diagnostic(`Shown after ${(tookMs / 1000).toFixed(1)} s`);
      // The page is drawn by a busy machine, too; every ten seconds the plugin would be asked anyway.
      assert.ok(tookMs < Math.min(4000 + 4 * answerMs, 9000), `${tookMs} ms, an answer takes ${answerMs} ms`);
      assert.equal(await page.getByText('min left').count(), 0);
      const { scan } = await stash.operation('status', {});
      const run = await scanOf(world());
      assert.deepEqual([run.state, run.phase], ['stopped', 'ended']);
      assert.deepEqual([run.done, run.skipped, run.failed], [scan.done, scan.skipped, scan.failed]);
      assert.ok(scan.pending > 0);

      await card(page).getByRole('button', { name: 'Go on' }).click();
      await card(page).getByRole('button', { name: 'Stop' }).waitFor();
    });
  });

  test('a restart of Stash is told as one, and the run goes on where it was', async (t) => {
    const { stash, configDir, restart } = world();
    if (restart === null) {
      await stash.waitForIdle();
      t.skip('this Stash cannot be restarted from here (STASH_RESTART names no command)');
      return;
    }
    await until(async () => {
      const { phase, done } = await scanOf(world());
      return phase === 'working' && done >= 1;
    });
    const before = await scanOf(world());
    await restart();
    // Where Stash runs in a container it takes its processes with it.
    for (const line of await processesNaming(path.join(configDir, 'plugins')))
      process.kill(Number(line.trim().split(/\s+/)[0]), 'SIGKILL');
    await onPage(world(), browser(), RUNS, async (page) => {
      await card(page).getByText('Stash was restarted.').waitFor();
      assert.equal(await page.locator('.badge-danger').count(), 0);
      await card(page).getByRole('button', { name: 'Go on' }).click();
      await until(async () => (await scanOf(world())).state === 'finished', 240_000);
      await card(page).getByText('finished', { exact: true }).waitFor();
    });
    const after = await scanOf(world());
    const { scan } = await stash.operation('status', {});
    assert.deepEqual([after.id, after.state, scan.pending], [before.id, 'finished', 0]);
  });

  test('what a dry run would have written is listed with the run, and nothing is written', async () => {
    const { stash } = world();
    await stash.waitForIdle();
    await stash.configure({ ...SETTINGS, dataFolder: data(world()), autoAcceptConfidence: 90, dryRun: true });
    await stash.runTask('Scan library');
    const { wouldWrite, wrote } = await scanOf(world());
    assert.ok(wouldWrite > 0 && wrote === null);
    await onPage(world(), browser(), RUNS, async (page) => {
      await card(page)
        .getByText(/^Dry run: \d+ performers? would have been added\./)
        .waitFor();
      await card(page).getByRole('button', { name: 'Show' }).click();
      const dialog = page.getByRole('dialog', { name: 'What would have been written' });
      await dialog.getByRole('link').first().waitFor();
      assert.equal(await dialog.getByRole('row').count(), 1 + Math.min(50, wouldWrite));
    });
  });

  test('what a scan wrote by itself stands with its run, leads to the history, and is undone there', async () => {
    const { stash, ids } = world();
    const performers = async (): Promise<string> =>
      JSON.stringify(await Promise.all(Object.values(ids.scenes).map((id) => stash.performersOf(id))));
    const before = await performers();
    await stash.configure({ ...SETTINGS, dataFolder: data(world()), autoAcceptConfidence: 90 });
    await stash.runTask('Scan library');
    const { wrote } = await scanOf(world());
    assert.ok(wrote);
    const [added] = wrote.changes;
    assert.deepEqual([added?.op, added?.what, wrote.undone], ['add', 'performers', 0]);
    assert.notEqual(await performers(), before);

    await onPage(world(), browser(), RUNS, async (page) => {
      await card(page)
        .getByText(/^Wrote by itself: \d+ performers? added\./)
        .waitFor();
      await card(page).getByRole('button', { name: 'Undo' }).click();
      await page.getByText(/^Undo \d+ changes?: \d+ performers? added\.$/).waitFor();
      await page.getByRole('button', { name: /^Undo \d+ changes?$/ }).click();
      await page.getByText(/^\d+ changes? undone\.$/).waitFor();
      await card(page).getByRole('link', { name: 'See in History' }).click();
      await page.getByText('Only what was written together.').waitFor();
      await page
        .getByText(/^undone /)
        .first()
        .waitFor();
    });
    assert.equal(await performers(), before);
    const again = await stash.operation('journal.undo', { batchId: wrote.batchId });
    assert.deepEqual(again, { undone: [], refused: [] });
  });

  test('the data folder is the one of before', async () => {
    const { stash, configDir } = world();
    await stash.waitForIdle();
    await stash.configure(SETTINGS);
    const { data: kept } = await stash.operation('status', {});
    assert.equal(kept.folder, path.join(configDir, 'stash-sense'));
  });
}

function data({ folder }: World): string {
  return path.join(folder, 'data of runs');
}

/** The newest run of "Scan library". */
async function scanOf({ stash }: World): Promise<RunView> {
  const { runs } = await stash.operation('status', {});
  return runs.find(({ task }) => task === 'scan')!;
}

function card(page: Page): Locator {
  return page.locator('.stash-sense-task').filter({ hasText: 'Scan library' });
}
