/** The suggestions over the whole library, in a real browser. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import type { RunView } from '../../core/contract/runs.ts';
import type { SuggestionView } from '../../core/contract/suggestions.ts';
import { entry, journalOf, run, status, suggestion } from './samples.ts';
import { shot } from './screen.ts';
import { toastText, uiWorld } from './world.ts';
import { createGate, until } from '../fixtures/wait.ts';
import { plain } from '../../core/messages/message.ts';

const world = uiWorld();
const NAMES = ['Jane Doe', 'Ann Example', 'Bea Sample', 'Cleo Test'];

test('a card shows the face seen beside the picture it fits, and leads to the scene and the performer', async () => {
  scripted();
  const page = await world.open('/plugins/stash-sense');
  const jane = card(page, 'Jane Doe');
  await jane.getByText('almost certain · 99 %').waitFor();
  assert.equal(await jane.getByRole('img').count(), 2);
  assert.equal(await jane.getByRole('link', { name: 'Jane Doe' }).getAttribute('href'), '/performers/1');
  await jane.getByRole('link', { name: 'Scene 0' }).click();
  await page.getByRole('tab', { name: 'Faces' }).waitFor();
  assert.deepEqual(world.complaints, []);
});

test('what is decided stays in its place, marked, with its way back', async () => {
  scripted();
  const page = await world.open('/plugins/stash-sense');
  await card(page, 'Jane Doe').getByRole('button', { name: 'Add Jane Doe' }).click();
  await card(page, 'Jane Doe').getByText('added').waitFor();
  await card(page, 'Ann Example').getByRole('button', { name: 'Not this person: Ann Example' }).click();
  await card(page, 'Ann Example').getByText('not this person', { exact: true }).waitFor();
  assert.deepEqual(world.inputs('suggestions.accept'), [{ ids: ['s0'], dryRun: false }]);
  assert.deepEqual(world.inputs('suggestions.reject'), [{ ids: ['s1'] }]);
  assert.equal(world.inputs('suggestions.list').length, 1);

  await card(page, 'Jane Doe').getByRole('button', { name: 'Undo: Jane Doe' }).click();
  await card(page, 'Jane Doe').getByRole('button', { name: 'Add Jane Doe' }).waitFor();
  await card(page, 'Ann Example').getByRole('button', { name: 'Undo: Ann Example' }).click();
  await card(page, 'Ann Example').getByRole('button', { name: 'Add Ann Example' }).waitFor();
  assert.deepEqual(world.inputs('journal.undo'), [{ ids: ['j-s0'] }]);
  assert.deepEqual(world.inputs('suggestions.reopen'), [{ ids: ['s1'] }]);
});

test('keys walk over the cards and decide; u takes the last decision back', async () => {
  scripted();
  const page = await world.open('/plugins/stash-sense');
  await card(page, 'Jane Doe').waitFor();
  await page.keyboard.press('j');
  await page.keyboard.press('a');
  await card(page, 'Ann Example').getByText('added').waitFor();
  assert.match(await toastText(page), /Added Ann Example/);
  // The cursor went on to the third.
  await page.keyboard.press('r');
  await card(page, 'Bea Sample').getByText('not this person', { exact: true }).waitFor();
  await page.keyboard.press('u');
  await card(page, 'Bea Sample').getByRole('button', { name: 'Add Bea Sample' }).waitFor();
  await page.keyboard.press('u');
  await card(page, 'Ann Example').getByRole('button', { name: 'Add Ann Example' }).waitFor();
  assert.deepEqual(world.inputs('journal.undo'), [{ batchId: 'batch' }]);
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  assert.equal(await focused(page), 'Ann Example in Scene 1');
});

test('keys are left alone while somebody types, after a g, and with Ctrl', async () => {
  scripted();
  const page = await world.open('/plugins/stash-sense');
  await card(page, 'Jane Doe').waitFor();
  await page.getByRole('searchbox').fill('');
  await page.getByRole('searchbox').press('a');
  await page.locator('body').click({ position: { x: 2, y: 300 } });
  await page.keyboard.press('g');
  await page.keyboard.press('u');
  await page.keyboard.press('Control+a');
  await page.keyboard.press('?');
  await page.getByText('Undo the last decision on this page').waitFor();
  await page.keyboard.press('a');
  assert.deepEqual(world.inputs('suggestions.accept'), []);
  assert.equal(await page.locator('.toast').count(), 0);
});

test('a click, a shift-click and the box above select; the bar decides about all of them', async () => {
  scripted();
  const page = await world.open('/plugins/stash-sense');
  const ticks = page.locator('.stash-sense-tick');
  await ticks.first().click();
  await ticks.nth(2).click({ modifiers: ['Shift'] });
  await page.getByRole('button', { name: 'Add (3)' }).click();
  await page.getByText('Added 3 performers.').waitFor();
  assert.deepEqual(world.inputs('suggestions.accept'), [{ ids: ['s0', 's1', 's2'], dryRun: false }]);

  await page.locator('.stash-sense-select-all input').click();
  await page.getByText('4 selected').waitFor();
  // Only what is still open can be decided.
  await page.getByRole('button', { name: 'Not this person (4)' }).click();
  await card(page, 'Cleo Test').getByText('not this person', { exact: true }).waitFor();
  assert.deepEqual(world.inputs('suggestions.reject'), [{ ids: ['s3'] }]);
  await page.getByText('All of this page is decided.').waitFor();
  await page.getByRole('button', { name: 'Show what is left' }).click();
  await page.getByText('Nothing to decide.').waitFor();
});

test('what was decided in another tab of the browser is gone when this one is looked at again, and nothing moves else', async () => {
  scripted();
  const page = await world.open('/plugins/stash-sense');
  await card(page, 'Jane Doe').getByRole('button', { name: 'Add Jane Doe' }).click();
  await card(page, 'Jane Doe').getByText('added').waitFor();
  const comeBack = (): Promise<unknown> =>
    page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
  await comeBack();
  await until(() => world.inputs('suggestions.list').length === 2, 'it was looked for what was decided');
  // Nothing was: what was decided here stays with its way back.
  assert.equal(await card(page, 'Jane Doe').getByText('added').count(), 1);

  // One look-up is still under way, with what was true when it was asked, when the user is away and back once more.
  const before = world.stash.answers['suggestions.list'];
  let answerOld: (() => void) | undefined;
  const held = new Promise<void>((resolve) => (answerOld = resolve));
  world.stash.answers['suggestions.list'] = async (input) => {
    const list = (await before?.(input))!;
    if (world.inputs('suggestions.list').length === 3) {
      await held;
      return list;
    }
    return { ...list, items: list.items.filter(({ id }) => id !== 's1') };
  };
  // The first answer may still be on its way into the page: who comes back then is not passed over either.
  await comeBack();
  await until(() => world.inputs('suggestions.list').length === 3, 'it was looked for again');
  await comeBack();
  answerOld?.();
  await card(page, 'Ann Example').waitFor({ state: 'detached' });
  await card(page, 'Bea Sample').waitFor();
  assert.deepEqual(world.complaints, []);
});

test('what Stash refuses is said on its card', async () => {
  scripted();
  world.stash.answers['suggestions.accept'] = () => ({
    accepted: [],
    refused: [{ id: 's0', reason: plain('The scene is gone from Stash.') }],
    dryRun: false,
    batchId: 'b',
  });
  const page = await world.open('/plugins/stash-sense');
  await card(page, 'Jane Doe').getByRole('button', { name: 'Add Jane Doe' }).click();
  await card(page, 'Jane Doe').getByText('The scene is gone from Stash.').waitFor();
  await card(page, 'Jane Doe').getByRole('button', { name: 'Add Jane Doe' }).waitFor();
});

test('what was taken off since is marked and counted, is added again by its own button only, and can be refused', async () => {
  scripted({ s1: 'removed', s3: 'removed' });
  const page = await world.open('/plugins/stash-sense');
  await page.getByText('2 of these were added before and taken off in Stash since.').waitFor();
  const ann = card(page, 'Ann Example');
  await ann.getByText('taken off since', { exact: true }).waitFor();
  await page.locator('.stash-sense-select-all input').click();
  await page.getByRole('button', { name: 'Add (2)' }).click();
  await card(page, 'Jane Doe').getByText('added').waitFor();
  await card(page, 'Bea Sample').getByText('added').waitFor();
  await ann.getByRole('button', { name: 'Add Ann Example again' }).click();
  await ann.getByText('added').waitFor();
  assert.deepEqual(world.inputs('suggestions.accept'), [
    { ids: ['s0', 's2'], dryRun: false },
    { ids: ['s1'], again: ['s1'], dryRun: false },
  ]);
  const cleo = card(page, 'Cleo Test');
  await cleo.getByRole('button', { name: 'Not this person: Cleo Test' }).click();
  await cleo.getByText('not this person', { exact: true }).waitFor();
  await cleo.getByRole('button', { name: 'Undo: Cleo Test' }).click();
  // What it was before.
  await cleo.getByRole('button', { name: 'Add Cleo Test again' }).waitFor();

  await page.getByLabel('State').selectOption('removed');
  await cleo.waitFor({ state: 'detached' });
  await page.getByText('Nothing fits this filter.').waitFor();
});

test('a key adds the current card again that was taken off since', async () => {
  scripted({ s0: 'removed' });
  const page = await world.open('/plugins/stash-sense');
  await card(page, 'Jane Doe').getByText('taken off since').waitFor();
  await page.keyboard.press('a');
  await card(page, 'Jane Doe').getByText('added').waitFor();
  assert.deepEqual(world.inputs('suggestions.accept'), [{ ids: ['s0'], again: ['s0'], dryRun: false }]);
});

test('a card whose scene or performer is gone says so, offers nothing, and leaves with the next list', async () => {
  scripted();
  for (const name of ['suggestions.accept', 'suggestions.reject'] as const)
    world.stash.answers[name] = () => ({
      accepted: [],
      rejected: [],
      refused: [{ id: 's0', reason: plain('Jane Doe is no longer in Stash.'), state: 'stale' as const }],
      dryRun: false,
      batchId: 'b',
    });
  const page = await world.open('/plugins/stash-sense');
  const jane = card(page, 'Jane Doe');
  await jane.getByRole('button', { name: 'Add Jane Doe' }).click();
  await jane.getByText('Jane Doe is no longer in Stash.').waitFor();
  await jane.getByRole('button', { name: 'Add Jane Doe' }).waitFor({ state: 'detached' });
  assert.equal(await jane.getByRole('button').count(), 0);
});

test('accept all counts first and writes nothing, then goes on until all is done', async () => {
  const many = acceptingAll(90);
  const page = await world.open('/plugins/stash-sense?kind=scene&from=80&after=open_0.5_s1');
  await page.getByRole('button', { name: 'Accept all above…' }).click();
  const field = page.getByRole('dialog').getByRole('spinbutton');
  // At any moment of typing the field holds what was typed.
  await field.fill('');
  await field.pressSequentially('9');
  assert.equal(await field.inputValue(), '9');
  await field.fill('90');
  await page.getByText('92 performers would be added').waitFor();
  assert.deepEqual(world.inputs('suggestions.accept'), []);
  await page.getByRole('button', { name: 'Add 92' }).click();
  await page.getByText(/^Added 90 performers, 2 could not be added/).waitFor();
  const all = { state: 'open', entityKind: 'scene', minConfidence: 0.9 };
  assert.deepEqual(world.inputs('suggestions.accept').slice(0, 2), [
    { all, limit: 40, offset: 0, dryRun: false },
    { all, limit: 40, offset: 2, dryRun: false, batchId: 'b' },
  ]);
  assert.equal(many.left, 0);
  // What was in front of the page that was shown is gone.
  await page.waitForURL(/\?kind=scene$/);
});

test("what accept all wrote is seen on Stash's pages that were read before", async () => {
  acceptingAll(10);
  const accept = world.stash.answers['suggestions.accept']!;
  world.stash.answers['suggestions.accept'] = async (input) => {
    const { scenes, performers } = world.stash.library;
    scenes[0]!.performers = performers.slice(0, 1);
    return await accept(input);
  };
  const page = await world.open('/');
  await page.getByText('A day out').waitFor();
  await page.locator('.navbar-buttons').getByTitle('Stash Sense').click();
  await page.getByRole('button', { name: 'Accept all above…' }).click();
  await page.getByRole('button', { name: 'Add 12' }).click();
  await page.getByText(/^Added 10 performers/).waitFor();
  await page.getByRole('link', { name: 'Scenes' }).click();
  await page.locator('.scene-card', { hasText: 'Jane Doe' }).waitFor();
});

test('accept all can be stopped, and says what was added until then', async () => {
  const many = acceptingAll(4000);
  const page = await world.open('/plugins/stash-sense');
  await page.getByRole('button', { name: 'Accept all above…' }).click();
  await page.getByRole('button', { name: 'Add 4,002' }).click();
  await page.getByText('performers added so far…').waitFor();
  await page.getByRole('button', { name: 'Stop' }).click();
  await page.getByText(/^Stopped\. Added \d+ performers/).waitFor();
  const calls = world.inputs('suggestions.accept').length;
  assert.ok(many.left > 0 && many.left < 4000);
  await new Promise((resolve) => setTimeout(resolve, 500));
  assert.equal(world.inputs('suggestions.accept').length, calls);
});

test('accept all that breaks off keeps count of what it added', async () => {
  acceptingAll(4000, 3);
  const page = await world.open('/plugins/stash-sense');
  await page.getByRole('button', { name: 'Accept all above…' }).click();
  await page.getByRole('button', { name: 'Add 4,002' }).click();
  await page.getByText('78 performers added, then: The disk is full.').waitFor();
  const lists = world.inputs('suggestions.list').length;
  await page.getByRole('button', { name: 'Close', exact: true }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  // The list behind it is no longer what it was.
  await until(() => world.inputs('suggestions.list').length > lists, 'it was asked');
});

test('nothing to decide says what comes next, with its button; a filter that fits nothing says only that', async () => {
  world.begin({
    'suggestions.list': () => ({ total: 0, items: [] }),
    status: () => status({ people: { performers: 9, withReference: 0, references: {} } }),
    'runs.start': () => ({ jobId: '1', joined: false }),
  });
  const page = await world.open('/plugins/stash-sense');
  await page.getByText('Nothing to decide. Nobody can be recognised yet').waitFor();
  await page.getByRole('button', { name: 'Update people' }).click();
  await page.getByText("Update people is in Stash's queue.").waitFor();
  await page.getByLabel('Kind').selectOption('image');
  await page.getByText('Nothing fits this filter.').waitFor();
});

test('the empty list follows a run, and shows the first suggestions by itself', async () => {
  let runs: RunView[] = [];
  let found: SuggestionView[] = [];
  world.begin({
    'suggestions.list': () => ({ total: found.length, items: found }),
    status: () => status({ runs }),
    'runs.start': () => {
      runs = [run({ jobId: '7' })];
      return { jobId: '7', joined: false };
    },
  });
  const page = await world.open('/plugins/stash-sense');
  world.stash.job = { status: 'RUNNING', progress: 0.2 };
  await page.getByRole('button', { name: 'Scan library' }).click();
  await page.getByText('Nothing to decide. Scan library is under way.').waitFor();
  const lists = world.inputs('suggestions.list').length;
  await until(() => world.inputs('suggestions.list').length > lists, 'the list was asked again');
  found = [suggestion()];
  await page.getByRole('button', { name: 'Add Jane Doe' }).waitFor();
  assert.equal(await page.getByText('Nothing to decide.').count(), 0);

  // What is listed stays in its place.
  const asked = world.inputs('suggestions.list').length;
  found = [suggestion({ id: 's9' }), ...found];
  await page.waitForTimeout(3000);
  assert.equal(world.inputs('suggestions.list').length, asked);
  assert.deepEqual(world.complaints, []);
});

test('a list that is being read is told what a run has found since, and shows it when asked', async () => {
  let found: SuggestionView[] = [suggestion()];
  let open = 1;
  world.begin({
    'suggestions.list': () => ({ total: found.length, items: found }),
    status: () => status({ runs: [run({ jobId: '7' })], suggestions: { open, removed: 0 } }),
  });
  world.stash.job = { status: 'RUNNING', progress: 0.2 };
  const page = await world.open('/plugins/stash-sense');
  const jane = card(page, 'Jane Doe');
  await jane.waitFor();
  const place = await jane.boundingBox();
  found = [
    suggestion({ id: 's8', targetName: 'Ann Example' }),
    suggestion({ id: 's9', targetName: 'Bea Sample' }),
    ...found,
  ];
  open = 3;
  await page.getByText('2 new suggestions.').waitFor();
  assert.deepEqual(await jane.boundingBox(), place);
  assert.equal(world.inputs('suggestions.list').length, 1);
  await page.getByRole('button', { name: 'Show', exact: true }).click();
  await card(page, 'Bea Sample').waitFor();
  await until(
    async () => (await page.getByText('new suggestions.').count()) === 0,
    'nothing is new any more',
  );
  assert.deepEqual(world.complaints, []);
});

test('the empty list is asked for once more when a run ends, and not while none is under way', async () => {
  let runs = [run({ jobId: '7' })];
  let found: SuggestionView[] = [];
  world.begin({
    'suggestions.list': () => ({ total: found.length, items: found }),
    status: () => status({ runs }),
  });
  world.stash.job = { status: 'RUNNING', progress: 0.2 };
  const page = await world.open('/plugins/stash-sense?kind=scene');
  await page.getByText('Nothing fits this filter.').waitFor();
  await until(() => world.inputs('suggestions.list').length > 1, 'the list was asked again');
  runs = [run({ jobId: '7', state: 'finished', phase: 'ended', endedAt: Date.now() })];
  found = [suggestion()];
  world.stash.job = { status: 'FINISHED', progress: 1 };
  const began = Date.now();
  await page.getByRole('button', { name: 'Add Jane Doe' }).waitFor();
  assert.ok(Date.now() - began < 3000);

  found = [];
  await page.reload();
  await page.getByText('Nothing fits this filter.').waitFor();
  const asked = world.inputs('suggestions.list').length;
  await page.waitForTimeout(3000);
  assert.equal(world.inputs('suggestions.list').length, asked);
});

test('a time leads to its moment in the scene', async () => {
  scripted();
  const page = await world.open('/plugins/stash-sense');
  const time = card(page, 'Jane Doe').getByRole('link', { name: '1:03' });
  assert.equal(await time.getAttribute('href'), '/scenes/7?t=63.5');
});

test('decisions made quickly go one question at a time, together, once for each press', async () => {
  scripted();
  const accept = world.stash.answers['suggestions.accept']!;
  const gate = createGate();
  world.stash.answers['suggestions.accept'] = async (input) => {
    await gate.opened;
    return await accept(input);
  };
  const page = await world.open('/plugins/stash-sense');
  await card(page, 'Jane Doe').waitFor();
  // The cursor goes on by itself.
  for (let n = 0; n < 3; n++) await page.keyboard.press('a');
  await page.keyboard.press('u');
  // Held down on the last.
  await page.keyboard.down('r');
  for (let n = 0; n < 5; n++) await page.keyboard.down('r');
  await page.keyboard.up('r');
  gate.open();
  await card(page, 'Cleo Test').getByText('not this person', { exact: true }).waitFor();
  assert.deepEqual(world.inputs('suggestions.accept'), [
    { ids: ['s0'], dryRun: false },
    { ids: ['s1', 's2'], dryRun: false },
  ]);
  assert.deepEqual(world.inputs('suggestions.reject'), [{ ids: ['s3'] }]);
  // What u took back was decided before it, though it had no answer yet.
  await card(page, 'Ann Example').getByRole('button', { name: 'Add Ann Example' }).waitFor();
  await card(page, 'Jane Doe').getByText('added').waitFor();
});

test("keys are left to Stash's dialogs and menus, and Escape too while nothing is selected", async () => {
  scripted();
  const page = await world.open('/plugins/stash-sense');
  await card(page, 'Jane Doe').waitFor();
  await page.evaluate(() => {
    Object.assign(window, { escapes: 0 });
    addEventListener('keydown', ({ key }) => {
      if (key === 'Escape') (window as unknown as { escapes: number }).escapes++;
    });
    document.body.classList.add('modal-open');
  });
  await page.keyboard.press('a');
  await page.keyboard.press('Escape');
  await page.evaluate(() => {
    document.body.classList.remove('modal-open');
    const menu = Object.assign(document.createElement('div'), { className: 'dropdown-menu show' });
    menu.append(document.createElement('button'));
    document.body.append(menu);
    menu.querySelector('button')?.focus();
  });
  await page.keyboard.press('a');
  await page.evaluate(() => document.querySelector('.dropdown-menu')?.remove());
  await page.keyboard.press('Escape');
  assert.equal(await page.evaluate(() => (window as unknown as { escapes: number }).escapes), 2);
  assert.deepEqual(world.inputs('suggestions.accept'), []);
  await page.keyboard.press('x');
  await page.getByText('1 selected').waitFor();
  await page.keyboard.press('Escape');
  await page.getByText('Select all on page').waitFor();
  assert.equal(await page.evaluate(() => (window as unknown as { escapes: number }).escapes), 2);
});

test('Tab stops at the current card and what is in it, and after a press on Add the focus is on the card', async () => {
  scripted();
  const page = await world.open('/plugins/stash-sense');
  await card(page, 'Jane Doe').waitFor();
  assert.equal(await card(page, 'Ann Example').locator('[tabindex="0"]').count(), 0);
  await card(page, 'Jane Doe').getByRole('button', { name: 'Add Jane Doe' }).focus();
  await page.keyboard.press('Enter');
  await card(page, 'Jane Doe').getByText('added').waitFor();
  assert.equal(await focused(page), 'Jane Doe in Scene 0');
});

test('what was decided on a page that was left is not lost, and can still be taken back', async () => {
  scripted();
  world.stash.answers['suggestions.list'] = ({ offset }) => ({
    total: 8,
    items: offset === 0 ? items() : items().map((it) => ({ ...it, id: `t${it.id}`, targetName: 'Other' })),
  });
  const accept = world.stash.answers['suggestions.accept']!;
  const gate = createGate();
  world.stash.answers['suggestions.accept'] = async (input) => {
    await gate.opened;
    return await accept(input);
  };
  const page = await world.open('/plugins/stash-sense');
  await card(page, 'Jane Doe').getByRole('button', { name: 'Add Jane Doe' }).click();
  await page.getByRole('button', { name: 'Next' }).click();
  await card(page, 'Other').first().waitFor();
  gate.open();
  assert.match(await toastText(page), /Added Jane Doe\./);
  await page.goBack();
  await card(page, 'Jane Doe').waitFor();
  world.stash.answers['journal.undo'] = () => {
    throw new Error('Stash does not answer.');
  };
  await page.keyboard.press('u');
  await page.getByText('Stash does not answer.').waitFor();
  world.stash.answers['journal.undo'] = () => ({ undone: ['j-s0'], refused: [] });
  await page.keyboard.press('u');
  await until(() => world.inputs('journal.undo').length === 2, 'it was asked');
});

test('grouped by scene or by performer the cards stand under headings, which the keys pass over', async () => {
  scripted();
  const waiting: (() => void)[] = [];
  world.stash.answers['suggestions.list'] = async ({ order }) => {
    const [jane, ann, other] = [seenIn('s1', '9', 1), seenIn('s2', '9', 2), seenIn('s3', '8', 1)];
    if (order === 'performer') await new Promise<void>((done) => void waiting.push(done));
    return { total: 3, items: order === 'performer' ? [ann, other, jane] : [jane, ann, other] };
  };
  const page = await world.open('/plugins/stash-sense');
  const headings = page.locator('.stash-sense-group');
  await card(page, 'Ann Example').waitFor();
  assert.equal(await headings.count(), 0);
  await page.getByLabel('Order').selectOption({ label: 'By scene, newest first' });
  await headings.first().waitFor();
  assert.deepEqual(await headings.allInnerTexts(), ['Scene 9', 'Scene 8']);
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await page.locator('.stash-sense-current').filter({ hasText: 'Scene 8' }).waitFor();
  await page.keyboard.press('ArrowUp');
  await page.locator('.stash-sense-current').filter({ hasText: 'Scene 9' }).waitFor();
  await shot(page, 'suggestions-by-scene');
  await page.getByLabel('Order').selectOption({ label: 'By performer' });
  await page.locator('.stash-sense-loading').waitFor();
  assert.deepEqual(await headings.allInnerTexts(), ['Scene 9', 'Scene 8'], 'those of the list that is shown');
  for (const done of waiting.splice(0)) done();
  await headings.filter({ hasText: 'Ann Example' }).waitFor();
  assert.deepEqual(await headings.allInnerTexts(), ['Ann Example', 'Jane Doe']);
  assert.equal(await headings.last().getByRole('link').getAttribute('href'), '/performers/1');
  assert.match(page.url(), /order=performer/);
  assert.deepEqual(world.complaints, []);
});

test('the address keeps the filter, and the text is asked for when typing has paused', async () => {
  scripted();
  const page = await world.open('/plugins/stash-sense?state=rejected&min=75');
  await page.getByLabel('State').waitFor();
  assert.equal(await page.getByLabel('State').inputValue(), 'rejected');
  await page.getByRole('searchbox').pressSequentially('jane', { delay: 30 });
  await page.waitForURL(/q=jane/);
  await page.getByLabel('Kind').selectOption('image');
  await page.waitForURL(/kind=image/);
  await page.reload();
  await page.getByRole('searchbox').waitFor();
  assert.equal(await page.getByRole('searchbox').inputValue(), 'jane');
  const texts = world.inputs('suggestions.list').map((input) => (input as { text?: string }).text);
  assert.deepEqual([...new Set(texts)], [undefined, 'jane']);
});

test('the address of a performer’s suggestions lists them', async () => {
  scripted();
  const page = await world.open('/plugins/stash-sense?performer=12');
  await card(page, 'Jane Doe').waitFor();
  assert.equal((world.inputs('suggestions.list')[0] as { performerId?: string }).performerId, '12');
});

for (const width of [1400, 375])
  test(`a studio is picked by its name, and nothing sticks out, at a width of ${width}`, async () => {
    scripted();
    const page = await world.open('/plugins/stash-sense', { width });
    await card(page, 'Jane Doe').waitFor();
    await page.getByLabel('Studio', { exact: true }).fill('o');
    await page.getByRole('button', { name: /^Southern Cross/ }).waitFor();
    await shot(page, `suggestions-picker-${width}`);
    const { scrollWidth, clientWidth } = await page.evaluate(() => ({
      scrollWidth: document.documentElement.scrollWidth,
      clientWidth: document.documentElement.clientWidth,
    }));
    assert.ok(scrollWidth <= clientWidth, `${scrollWidth}`);
    await page.getByLabel('Studio', { exact: true }).press('Enter');
    await page.waitForURL(/studio=7/);
    await until(
      () =>
        world.inputs('suggestions.list').some((input) => (input as { studioId?: string }).studioId === '7'),
      'the studio is asked for',
    );
    // As from a link: the name is asked for.
    await page.reload();
    await page.getByRole('button', { name: 'Studio: Northern Lights' }).click();
    await page.waitForURL((url) => !url.search.includes('studio'));
    await page.getByLabel('Studio', { exact: true }).waitFor();
    assert.deepEqual(world.complaints, []);
  });

for (const way of ['the button', 'the key'])
  test(`a suggestion that rested on what was undone by ${way} says at once that nothing is left to decide`, async () => {
    scripted();
    world.stash.answers['journal.undo'] = () => ({ undone: ['j-s0'], refused: [], states: { s0: 'stale' } });
    const page = await world.open('/plugins/stash-sense');
    const jane = card(page, 'Jane Doe');
    await jane.getByRole('button', { name: 'Add Jane Doe' }).click();
    const undo = jane.getByRole('button', { name: 'Undo: Jane Doe' });
    await undo.waitFor();
    if (way === 'the button') await undo.click();
    else await page.keyboard.press('u');
    await jane.getByText('The last scan no longer says that this is Jane Doe').waitFor();
    await until(async () => (await jane.getByRole('button').count()) === 0, 'nothing can be pressed');
  });

test('what was refused long ago is opened again, what was added long ago is found in the journal', async () => {
  scripted();
  const journal = entry({ id: 'j77', suggestionId: 's0' });
  world.stash.answers['journal.list'] = () => journalOf([journal]);
  world.stash.answers['suggestions.list'] = ({ state }) => ({
    total: 1,
    items: [{ ...items()[0]!, state: [state].flat()[0]! }],
  });
  const page = await world.open('/plugins/stash-sense?state=accepted');
  await page.getByRole('button', { name: 'Undo: Jane Doe' }).click();
  await page.getByRole('button', { name: 'Add Jane Doe' }).waitFor();
  assert.deepEqual(world.inputs('journal.undo'), [{ ids: ['j77'] }]);
  await page.getByLabel('State').selectOption('rejected');
  await page.getByRole('button', { name: 'Undo: Jane Doe' }).click();
  await page.getByRole('button', { name: 'Add Jane Doe' }).waitFor();
  assert.deepEqual(world.inputs('suggestions.reopen'), [{ ids: ['s0'] }]);
});

test('an undo that is refused shows what holds by now', async () => {
  scripted();
  let state: 'accepted' | 'removed' = 'accepted';
  world.stash.answers['journal.list'] = () => journalOf([entry({ id: 'j77', suggestionId: 's0' })]);
  world.stash.answers['suggestions.list'] = () => ({ total: 1, items: [{ ...items()[0]!, state }] });
  world.stash.answers['journal.undo'] = () => {
    state = 'removed';
    return { undone: [], refused: [{ id: 'j77', reason: plain('Jane Doe is not on the scene any more.') }] };
  };
  const page = await world.open('/plugins/stash-sense?state=accepted');
  await page.getByRole('button', { name: 'Undo: Jane Doe' }).click();
  await page.getByText('Jane Doe is not on the scene any more.').waitFor();
  await page.getByRole('button', { name: 'Undo: Jane Doe' }).waitFor({ state: 'detached' });
  await card(page, 'Jane Doe').getByText('taken off since').waitFor();
});

test('pages: what was decided on this one moves the next one up', async () => {
  scripted();
  world.stash.answers['suggestions.list'] = () => ({ total: 100, items: items() });
  const page = await world.open('/plugins/stash-sense');
  await card(page, 'Jane Doe').getByRole('button', { name: 'Add Jane Doe' }).click();
  await card(page, 'Jane Doe').getByText('added').waitFor();
  await page.getByRole('button', { name: 'Next' }).click();
  await page.waitForURL(/from=3/);
  await page.getByText('4–7 of 100').waitFor();
  await page.keyboard.press('p');
  await page.waitForURL((url) => !url.search.includes('from'));
  await page.getByText('1–4 of 100').waitFor();
  const offsets = world.inputs('suggestions.list').map((input) => (input as { offset: number }).offset);
  assert.deepEqual(offsets, [0, 3, 0]);
  const places = world.inputs('suggestions.list').map((input) => (input as { place?: object }).place);
  const { state, confidence, id } = items().at(-1)!;
  assert.deepEqual(places, [undefined, { after: { state, confidence, id } }, undefined]);
});

test('Next pressed again before the page has come leaves no page out', async () => {
  scripted();
  const gate = createGate();
  world.stash.answers['suggestions.list'] = async ({ offset }) => {
    if (offset > 0) await gate.opened;
    return { total: 100, items: items() };
  };
  const page = await world.open('/plugins/stash-sense');
  await card(page, 'Jane Doe').waitFor();
  await page.getByRole('button', { name: 'Next' }).dblclick({ force: true });
  await page.keyboard.press('n');
  gate.open();
  await page.getByText('5–8 of 100').waitFor();
  const offsets = world.inputs('suggestions.list').map((input) => (input as { offset: number }).offset);
  assert.deepEqual(offsets, [0, 4]);
});

function items(): SuggestionView[] {
  return NAMES.map((targetName, i) =>
    suggestion({
      id: `s${i}`,
      target: { kind: 'performer', id: String(i + 1) },
      targetName,
      confidence: 0.99 - i * 0.05,
      entity: { kind: 'scene', id: String(7 + (i % 2)) },
      entityTitle: `Scene ${i}`,
      href: `/scenes/${7 + (i % 2)}`,
    }),
  );
}

/** Four suggestions; what is decided is no longer open when the list is asked for again. */
/** Of this scene and the performer of this number. */
function seenIn(id: string, scene: string, performer: number): SuggestionView {
  return suggestion({
    id,
    entity: { kind: 'scene', id: scene },
    entityTitle: `Scene ${scene}`,
    target: { kind: 'performer', id: String(performer) },
    targetName: NAMES[performer - 1] ?? '',
  });
}

function scripted(begin: Readonly<Record<string, SuggestionView['state']>> = {}): void {
  const states = new Map(Object.entries(begin));
  const put = (ids: readonly string[], state: SuggestionView['state']): void =>
    ids.forEach((id) => states.set(id, state));
  world.begin({
    'suggestions.list': ({ state }) => {
      const found = items()
        .map((item) => ({ ...item, state: states.get(item.id) ?? ('open' as const) }))
        .filter((item) => [state].flat().includes(item.state));
      return {
        total: found.length,
        removed: found.filter((item) => item.state === 'removed').length,
        items: found,
      };
    },
    'suggestions.accept': (input) => {
      const ids = 'ids' in input ? input.ids : [];
      put(ids, 'accepted');
      return {
        accepted: ids.map((id) => ({ id, journalId: `j-${id}` })),
        refused: [],
        dryRun: false,
        batchId: 'batch',
      };
    },
    'suggestions.reject': ({ ids }) => {
      put(ids, 'rejected');
      return { rejected: ids, refused: [] };
    },
    'suggestions.reopen': ({ ids }) => {
      put(ids, 'open');
      return { reopened: ids };
    },
    'journal.undo': (input) => ({ undone: 'ids' in input ? input.ids : [input.batchId], refused: [] }),
  });
}

/** So many that can be added, and two that cannot; the call of that number fails. */
function acceptingAll(many: number, failsAt = Infinity): { left: number } {
  scripted();
  const state = { left: many };
  let calls = 0;
  world.stash.answers['suggestions.list'] = ({ limit }) => ({
    total: state.left + 2,
    byKind: [{ kind: 'performer-seen', total: state.left + 2, oneByOne: 0 }],
    items: limit === 1 ? [] : items(),
  });
  world.stash.answers['suggestions.accept'] = async (input) => {
    if (!('all' in input)) throw new Error('asked by ids');
    if (++calls === failsAt) throw new Error('The disk is full.');
    await new Promise((resolve) => setTimeout(resolve, 100));
    const refused = ['y1', 'y2']
      .slice(input.offset)
      .map((id) => ({ id, reason: plain('The performer is gone.') }));
    const taken = Math.min(input.limit - refused.length, state.left);
    state.left -= taken;
    return {
      accepted: Array.from({ length: taken }, (_, i) => ({ id: `x${i}`, journalId: null })),
      refused,
      dryRun: false,
      batchId: 'b',
    };
  };
  return state;
}

function card(page: Page, name: string): Locator {
  return page.locator('.stash-sense-suggestion', { hasText: name });
}

async function focused(page: Page): Promise<string | null | undefined> {
  return await page.evaluate(() => document.activeElement?.getAttribute('aria-label'));
}
