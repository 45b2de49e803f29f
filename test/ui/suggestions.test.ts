/** The suggestions over the whole library, in a real browser. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import type { SuggestionView } from '../../core/contract.ts';
import { entry, suggestion } from './samples.ts';
import { toastText, uiWorld } from './world.ts';

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
  await page.getByText('Added 3 suggestions.').waitFor();
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

test('what Stash refuses is said on its card', async () => {
  scripted();
  world.stash.answers['suggestions.accept'] = () => ({
    accepted: [],
    refused: [{ id: 's0', reason: 'The scene is gone from Stash.' }],
    dryRun: false,
    batchId: 'b',
  });
  const page = await world.open('/plugins/stash-sense');
  await card(page, 'Jane Doe').getByRole('button', { name: 'Add Jane Doe' }).click();
  await card(page, 'Jane Doe').getByText('The scene is gone from Stash.').waitFor();
  await card(page, 'Jane Doe').getByRole('button', { name: 'Add Jane Doe' }).waitFor();
});

test('accept all says how many first, then asks until nothing more can be added', async () => {
  scripted();
  const calls: boolean[] = [];
  let left = 700;
  world.stash.answers['suggestions.list'] = ({ limit }) => ({
    total: 702,
    items: limit === 1 ? [] : items(),
  });
  world.stash.answers['suggestions.accept'] = (input) => {
    calls.push(input.dryRun);
    const many = Math.min(498, left);
    if (!input.dryRun) left -= many;
    return {
      accepted: Array.from({ length: many }, (_, i) => ({ id: `x${i}`, journalId: null })),
      refused: ['y1', 'y2'].map((id) => ({ id, reason: 'The performer is gone.' })),
      dryRun: input.dryRun,
      batchId: 'b',
    };
  };
  const page = await world.open('/plugins/stash-sense?kind=scene');
  await page.getByRole('button', { name: 'Accept all above…' }).click();
  await page.getByText('700 performers would be added').waitFor();
  await page.getByText('2 could not be added: The performer is gone.').waitFor();
  assert.deepEqual(calls, [true]);
  await page.getByRole('button', { name: 'Add 700' }).click();
  await page.getByText(/Added 700 performers, 2 could not be added/).waitFor();
  assert.deepEqual(calls, [true, false, false, false]);
  assert.deepEqual(world.inputs('suggestions.accept').at(-1), {
    all: { state: 'open', subjectKind: 'scene', minConfidence: 0.9 },
    dryRun: false,
  });
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

test('what was refused long ago is opened again, what was added long ago is found in the journal', async () => {
  scripted();
  const journal = entry({ id: 'j77', suggestionId: 's0' });
  world.stash.answers['journal.list'] = () => ({ total: 1, items: [journal] });
  world.stash.answers['suggestions.list'] = ({ state }) => ({ total: 1, items: [{ ...items()[0]!, state }] });
  const page = await world.open('/plugins/stash-sense?state=accepted');
  await page.getByRole('button', { name: 'Undo: Jane Doe' }).click();
  await page.getByRole('button', { name: 'Add Jane Doe' }).waitFor();
  assert.deepEqual(world.inputs('journal.undo'), [{ ids: ['j77'] }]);
  await page.getByLabel('State').selectOption('rejected');
  await page.getByRole('button', { name: 'Undo: Jane Doe' }).click();
  await page.getByRole('button', { name: 'Add Jane Doe' }).waitFor();
  assert.deepEqual(world.inputs('suggestions.reopen'), [{ ids: ['s0'] }]);
});

test('pages: what was decided on this one moves the next one up', async () => {
  scripted();
  world.stash.answers['suggestions.list'] = () => ({ total: 100, items: items() });
  const page = await world.open('/plugins/stash-sense');
  await card(page, 'Jane Doe').getByRole('button', { name: 'Add Jane Doe' }).click();
  await card(page, 'Jane Doe').getByText('added').waitFor();
  await page.getByRole('button', { name: 'Next' }).click();
  await page.waitForURL(/from=3/);
  await page.keyboard.press('p');
  await page.waitForURL((url) => !url.search.includes('from'));
  const offsets = world.inputs('suggestions.list').map((input) => (input as { offset: number }).offset);
  assert.deepEqual(offsets, [0, 3, 0]);
});

function items(): SuggestionView[] {
  return NAMES.map((performerName, i) =>
    suggestion({
      id: `s${i}`,
      performerId: String(i + 1),
      performerName,
      confidence: 0.99 - i * 0.05,
      subject: { kind: 'scene', id: String(7 + (i % 2)) },
      subjectTitle: `Scene ${i}`,
      href: `/scenes/${7 + (i % 2)}`,
    }),
  );
}

/** Four suggestions; what is decided is no longer open when the list is asked for again. */
function scripted(): void {
  const states = new Map<string, SuggestionView['state']>();
  const put = (ids: readonly string[], state: SuggestionView['state']): void =>
    ids.forEach((id) => states.set(id, state));
  world.begin({
    'suggestions.list': ({ state }) => {
      const found = items().filter(({ id }) => (states.get(id) ?? 'open') === state);
      return { total: found.length, items: found };
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

function card(page: Page, name: string): Locator {
  return page.locator('.stash-sense-suggestion', { hasText: name });
}

async function focused(page: Page): Promise<string | null | undefined> {
  return await page.evaluate(() => document.activeElement?.getAttribute('aria-label'));
}
