/** How a run ends, and what it wrote, on the tabs of runs and history, in a real browser. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { message, plain } from '../../core/messages/message.ts';
import { until } from '../fixtures/wait.ts';
import { entry, journalOf, run, status } from './samples.ts';
import { uiWorld } from './world.ts';

const world = uiWorld();

test('a run that is stopped in the queue of Stash is shown as stopped within two seconds', async () => {
  let runs = [run({ jobId: '7' })];
  world.begin({ status: () => status({ runs }), 'runs.failures': () => ({ total: 0, items: [] }) });
  world.stash.job = { status: 'RUNNING', progress: 0.2 };
  const page = await world.open('/plugins/stash-sense?tab=runs');
  await page.getByText('31 min left', { exact: false }).waitFor();
  // Long after the last question, when the plugin itself is asked every ten seconds only.
  await page.waitForTimeout(3000);
  const asked = world.inputs('status').length;
  world.stash.job = { status: 'CANCELLED', progress: 0.2 };
  runs = [
    run({
      state: 'stopped',
      phase: 'ended',
      secondsLeft: null,
      endedAt: Date.now(),
      message: message('runs.stoppedInStash'),
    }),
  ];
  const began = Date.now();
  await page.getByText("Stopped in Stash's queue. What was done is kept.").first().waitFor();
  assert.ok(Date.now() - began < 2000);
  assert.ok(world.inputs('status').length > asked);
  assert.equal(await page.getByText('min left').count(), 0);
  await page.getByRole('button', { name: 'Go on' }).waitFor();
  assert.deepEqual(world.complaints, []);
});

test('what was started is not cut off by leaving the page', async () => {
  let isAnswered = false;
  const stopped = run({ state: 'stopped', phase: 'ended', secondsLeft: null, endedAt: Date.now() });
  world.begin({
    status: () => status({ runs: [stopped] }),
    'runs.failures': () => ({ total: 0, items: [] }),
    'runs.start': async () => {
      await sleep(600);
      isAnswered = true;
      return { jobId: '7', joined: false };
    },
  });
  const page = await world.open('/plugins/stash-sense?tab=runs');
  await page.getByRole('button', { name: 'Go on' }).click();
  await until(() => world.inputs('runs.start').length === 1, 'the start is asked for');
  await page.goto('about:blank');
  await until(() => isAnswered, 'the start is answered');
  await sleep(100);
  assert.deepEqual(world.stash.cutOff, []);
});

test('a run that found nothing to do counts nothing', async () => {
  const ended = { state: 'finished', phase: 'ended', endedAt: Date.now(), secondsLeft: null } as const;
  world.begin({
    status: () => status({ runs: [run({ ...ended, done: 0, skipped: 0, failed: 0, message: plain('') })] }),
    'runs.failures': () => ({ total: 0, items: [] }),
  });
  const page = await world.open('/plugins/stash-sense?tab=runs');
  const said = await page.locator('.stash-sense-ended').innerText();
  assert.equal(said.trim(), 'finished just now');
});

test('a run says which part of the work it is at', async () => {
  world.begin({
    status: () =>
      status({ runs: [run({ step: message('runs.step.people'), message: plain('Learning Jane') })] }),
    'runs.failures': () => ({ total: 0, items: [] }),
  });
  const page = await world.open('/plugins/stash-sense?tab=runs');
  await page.getByText('Learning people · Learning Jane').waitFor();
});

test('what a run wrote by itself is counted, linked to the history, and undone after a question', async () => {
  const wrote = {
    batchId: 'run-12',
    changes: [
      { op: 'add' as const, what: 'performers', count: 60 },
      { op: 'add' as const, what: 'tags', count: 2 },
    ],
    undone: 3,
  };
  let left = 59;
  world.begin({
    status: () => status({ runs: [run({ state: 'finished', phase: 'ended', endedAt: Date.now(), wrote })] }),
    'runs.failures': () => ({ total: 0, items: [] }),
    'journal.batch': () => ({
      batchId: 'run-12',
      total: 62,
      written: left,
      undone: 62 - left,
      gone: 0,
      changes: [{ op: 'add', what: 'performers', count: left }],
    }),
    'journal.undo': (input) => {
      const now = Math.min(40, left);
      left -= now;
      return {
        undone: Array.from({ length: now }, (_, n) => String(left + n)),
        refused: left === 0 ? [{ id: '1', reason: plain('The scene is gone.') }] : [],
        ...(left > 0 && 'batchId' in input && { next: '20' }),
      };
    },
    'journal.list': () => journalOf([entry({ batchId: 'run-12' })]),
  });
  const page = await world.open('/plugins/stash-sense?tab=runs');
  const card = page.locator('.stash-sense-task').filter({ hasText: 'Scan library' });
  await card
    .getByText('Wrote by itself: 60 performers added, 2 tags added. 3 changes were undone since.')
    .waitFor();
  await card.getByRole('button', { name: 'Undo' }).click();
  await page.getByText('Undo 59 changes: 59 performers added.').waitFor();
  assert.deepEqual(world.inputs('journal.undo'), []);
  await page.getByRole('button', { name: 'Undo 59 changes' }).click();
  const dialog = page.getByRole('dialog', { name: 'Undo what was written together' });
  await dialog.getByText('59 undone, 1 not: The scene is gone.').waitFor();
  await dialog.getByText('Nothing of it is left to undo.').waitFor();
  await dialog.getByRole('button', { name: 'Close' }).click();
  await dialog.waitFor({ state: 'detached' });
  assert.deepEqual(world.inputs('journal.undo'), [
    { batchId: 'run-12', limit: 40 },
    { batchId: 'run-12', limit: 40, before: '20' },
  ]);
  await card.getByRole('link', { name: 'See in History' }).click();
  await page.getByText('Only what was written together.').waitFor();
  assert.deepEqual(world.inputs('journal.list'), [{ batchId: 'run-12', limit: 50, offset: 0 }]);
  await page.getByRole('button', { name: 'Show all' }).click();
  await page.getByText('Only what was written together.').waitFor({ state: 'detached' });
  await until(() => world.inputs('journal.list').length === 2, 'all of it was asked for');
  assert.deepEqual(world.inputs('journal.list').at(-1), { limit: 50, offset: 0 });
  assert.deepEqual(world.complaints, []);
});

test('what a dry run would have written is listed page by page', async () => {
  const seen = Array.from({ length: 120 }, (_, n) => ({
    id: String(n),
    entity: { kind: 'scene' as const, id: String(n) },
    entityTitle: `Scene ${n}`,
    target: { kind: 'performer' as const, id: '1' },
    targetName: 'Jane Doe',
    confidence: 0.97,
    state: 'open' as const,
  }));
  world.begin({
    status: () =>
      status({
        runs: [run({ id: '12', state: 'finished', phase: 'ended', endedAt: Date.now(), wouldWrite: 120 })],
      }),
    'runs.failures': () => ({ total: 0, items: [] }),
    'runs.dryRun': ({ limit, offset }) => ({ total: 120, items: seen.slice(offset, offset + limit) }),
  });
  const page = await world.open('/plugins/stash-sense?tab=runs');
  const card = page.locator('.stash-sense-task').filter({ hasText: 'Scan library' });
  await card.getByText('Dry run: 120 performers would have been added.').waitFor();
  await card.getByRole('button', { name: 'Show' }).click();
  const dialog = page.getByRole('dialog', { name: 'What would have been written' });
  await dialog.getByText('1–50 of 120').waitFor();
  assert.equal(await dialog.getByRole('row').count(), 51);
  await dialog.getByRole('button', { name: 'Next' }).click();
  await dialog.getByRole('link', { name: 'Scene 99', exact: true }).waitFor();
  assert.match(
    (await dialog.getByRole('link', { name: 'Scene 99', exact: true }).getAttribute('href')) ?? '',
    /scenes\/99$/,
  );
  await dialog.getByRole('button', { name: 'Close' }).click();
  await dialog.waitFor({ state: 'detached' });
  assert.deepEqual(world.complaints, []);
});

test('history: a link to changes that nothing is known of does not say that nothing was ever written', async () => {
  world.begin({ 'journal.list': () => ({ total: 0, items: [], batches: [], gone: [] }) });
  const page = await world.open('/plugins/stash-sense?tab=history&batch=gone');
  await page.getByText('Nothing is known of changes that were written together under this link.').waitFor();
  assert.equal(await page.getByText('Nothing has been written to Stash yet').count(), 0);
  await page.getByRole('button', { name: 'Show all' }).click();
  await page.getByText('Nothing has been written to Stash yet').waitFor();
});

test('history: a batch is counted whole, however little of it is on the page', async () => {
  const items = Array.from({ length: 50 }, (_, n) => entry({ id: `j${n}`, batchId: 'b' }));
  world.begin({
    'journal.list': () => ({
      total: 62,
      items,
      batches: [{ batchId: 'b', total: 62, written: 60, undone: 2 }],
      gone: [],
    }),
    'journal.batch': () => ({
      batchId: 'b',
      total: 62,
      written: 60,
      undone: 2,
      gone: 0,
      changes: [
        { op: 'add', what: 'performers', count: 58 },
        { op: 'create', what: 'tag', count: 1 },
        { op: 'set', what: 'birthdate', count: 2 },
      ],
    }),
  });
  const page = await world.open('/plugins/stash-sense?tab=history');
  await page.getByText('62 changes together').waitFor();
  await page.getByText('2 undone').waitFor();
  await page.getByRole('button', { name: 'Undo all together' }).click();
  await page.getByText('Undo 60 changes: 58 performers added, 1 tag made, 2 fields changed.').waitFor();
  await page.getByRole('button', { name: 'Cancel' }).click();
  assert.deepEqual(world.inputs('journal.undo'), []);
});

test('history: what was taken off since is marked, is not among what is announced, and why it was not undone is said', async () => {
  const taken = [
    entry({ id: 'j1', batchId: 'b' }),
    entry({ id: 'j2', batchId: 'b', summary: message('history.added', { name: 'Ann Example' }) }),
    entry({ id: 'j3', batchId: 'b', summary: message('history.added', { name: 'Bea Sample' }) }),
  ];
  let left = 1;
  world.begin({
    'journal.list': () => ({ ...journalOf(taken), gone: ['j2', 'j3'] }),
    'journal.batch': () => ({
      batchId: 'b',
      total: 3,
      written: left + 2,
      undone: 1 - left,
      gone: 2,
      changes: left === 0 ? [] : [{ op: 'add', what: 'performers', count: 1 }],
    }),
    'journal.undo': () => {
      left = 0;
      return {
        undone: ['j1'],
        refused: [
          { id: 'j2', reason: goneReason('Ann Example') },
          { id: 'j3', reason: goneReason('Bea Sample') },
        ],
      };
    },
  });
  const page = await world.open('/plugins/stash-sense?tab=history');
  await page.getByText('taken off or changed since').first().waitFor();
  assert.equal(await page.getByText('taken off or changed since').count(), 2);
  assert.equal(await page.getByRole('button', { name: 'Undo: added', exact: false }).count(), 1);
  await page.getByRole('button', { name: 'Undo all together' }).click();
  const dialog = page.getByRole('dialog', { name: 'Undo what was written together' });
  await dialog
    .getByText(
      'Undo 1 change: 1 performer added. 2 other changes are left as they are: what was written is no longer so in Stash.',
    )
    .waitFor();
  await dialog.getByRole('button', { name: 'Undo 1 change' }).click();
  await dialog
    .getByText('1 undone, 2 not: Ann Example is no longer on "A day out": somebody took them off since.')
    .waitFor();
  await dialog.getByText('Bea Sample is no longer on "A day out": somebody took them off since.').waitFor();
  await dialog.getByText('Nothing of it is left to undo. 2 other changes are left').waitFor();
  await dialog.getByRole('button', { name: 'Close' }).click();
  await dialog.waitFor({ state: 'detached' });
  assert.deepEqual(world.complaints, []);
});

function goneReason(name: string) {
  return message('undo.performerGone', { name, item: plain('"A day out"') });
}
