/** Suggestions for which one of several performers has to be chosen, in a real browser. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import type { SuggestionView, SuggestionViewOf } from '../../core/contract/suggestions.ts';
import { suggestion } from './samples.ts';
import { toastText, uiWorld } from './world.ts';

const world = uiWorld();

for (const width of [1400, 375])
  test(`${width} wide: the card shows the face beside each candidate, with a button for each`, async () => {
    scripted();
    const page = await world.open('/plugins/stash-sense', { width });
    const asked = card(page);
    await asked.getByRole('heading', { name: 'One of these' }).waitFor();
    assert.equal(await asked.getByRole('img').count(), 3);
    assert.equal(await asked.getByRole('link', { name: 'Bea Sample' }).getAttribute('href'), '/performers/3');
    const box = (await asked.boundingBox())!;
    for (const button of await asked.getByRole('button').all()) {
      const inside = (await button.boundingBox())!;
      assert.ok(inside.x >= box.x && inside.x + inside.width <= box.x + box.width, 'a button is cut off');
    }
    await asked.getByRole('button', { name: 'This one: Bea Sample' }).click();
    await asked.getByText('Added Bea Sample.').waitFor();
    assert.match(await toastText(page), /Added Bea Sample/);
    assert.deepEqual(world.inputs('suggestions.accept'), [
      { ids: ['q1'], choices: { q1: { performerId: '3' } }, dryRun: false },
    ]);
    await asked.getByRole('button', { name: /^Undo/ }).click();
    await asked.getByRole('button', { name: 'This one: Bea Sample' }).waitFor();
    assert.deepEqual(world.inputs('journal.undo'), [{ ids: ['j-q1'] }]);
    assert.deepEqual(world.complaints, []);
  });

test('its number chooses a candidate, and the key that adds only says so', async () => {
  scripted();
  const page = await world.open('/plugins/stash-sense');
  await card(page).waitFor();
  await page.keyboard.press('j');
  await page.keyboard.press('a');
  assert.match(await toastText(page), /choose one with its number/);
  assert.deepEqual(world.inputs('suggestions.accept'), []);
  await page.keyboard.press('3');
  await page.keyboard.press('1');
  await card(page).getByText('Added Ann Example.').waitFor();
  assert.deepEqual(world.inputs('suggestions.accept'), [
    { ids: ['q1'], choices: { q1: { performerId: '2' } }, dryRun: false },
  ]);
});

test('"None of them" is kept in its place, with its way back', async () => {
  scripted();
  const page = await world.open('/plugins/stash-sense');
  await card(page).getByRole('button', { name: 'None of them: Ann Example or Bea Sample' }).click();
  await card(page).getByRole('button', { name: /^Undo/ }).click();
  await card(page).getByRole('button', { name: 'This one: Ann Example' }).waitFor();
  assert.deepEqual(world.inputs('suggestions.reject'), [{ ids: ['q1'] }]);
  assert.deepEqual(world.inputs('suggestions.reopen'), [{ ids: ['q1'] }]);
});

test('"Not this person" of one of them asks for the list anew, in which the other is suggested', async () => {
  scripted();
  const page = await world.open('/plugins/stash-sense');
  world.stash.answers['suggestions.reject'] = ({ ids }) => {
    world.stash.answers['suggestions.list'] = () => ({
      total: 1,
      items: [suggestion({ targetName: 'Bea Sample', target: { kind: 'performer', id: '3' } })],
    });
    return { rejected: ids, refused: [] };
  };
  await card(page).getByRole('button', { name: 'Not this person: Ann Example' }).click();
  await page.getByRole('button', { name: 'Add Bea Sample' }).waitFor();
  assert.match(await toastText(page), /not Ann Example/i);
  const what = { ids: ['q1'], choices: { q1: { performerId: '2' } } };
  assert.deepEqual(world.inputs('suggestions.reject'), [what]);
  await page.locator('.toast').getByRole('button', { name: 'Undo' }).click();
  await page.waitForFunction(() => document.querySelectorAll('.toast').length > 0);
  assert.deepEqual(world.inputs('suggestions.reopen'), [what]);
});

test('many at once leave out what has to be chosen', async () => {
  scripted();
  const page = await world.open('/plugins/stash-sense');
  await page.locator('.stash-sense-select-all input').click();
  await page.getByText('2 selected').waitFor();
  await page.getByRole('button', { name: 'Add (1)' }).click();
  await page.getByText('Added Jane Doe.').waitFor();
  assert.deepEqual(world.inputs('suggestions.accept'), [{ ids: ['s1'], dryRun: false }]);
  await page.locator('.stash-sense-tick').nth(1).click();
  await page.getByRole('button', { name: 'Not this person (1)' }).waitFor();
  assert.equal(await page.getByRole('button', { name: /^Add \(/ }).count(), 0);
  await page.getByRole('button', { name: 'Accept all above…' }).click();
  await page.getByRole('dialog').waitFor();
  await page.getByText('performer would be added').waitFor();
  await page
    .getByText('1 face that several performers fit, or that only a cover shows, is decided on its own.')
    .waitFor();
  const counted = world.inputs('suggestions.list').at(-1) as { withoutChoice?: boolean };
  assert.equal(counted.withoutChoice, true);
});

test('an answered question says who was chosen', async () => {
  scripted();
  world.stash.answers['suggestions.list'] = () => ({
    total: 1,
    items: [question({ state: 'accepted', view: { ...question().view, chosen: '3' } })],
  });
  const page = await world.open('/plugins/stash-sense?state=accepted');
  await card(page).getByText('Added Bea Sample.').waitFor();
});

test('whom only the cover shows has a card that says so, one yes, one no, and no part in what is added together', async () => {
  scripted();
  const items = [suggestion({ id: 's1' }), onCover()];
  world.stash.answers['suggestions.list'] = () => ({ total: 2, items });
  const page = await world.open('/plugins/stash-sense');
  await card(page).getByRole('heading', { name: 'Only the cover shows Bea Sample' }).waitFor();
  await card(page).getByText('seen on the cover only, not in the film').waitFor();
  assert.equal(
    await card(page)
      .getByRole('button', { name: /^Not this person/ })
      .count(),
    1,
  );
  await page.keyboard.press('j');
  await page.keyboard.press('a');
  assert.match(await toastText(page), /Only the cover shows Bea Sample/);
  await page.locator('.stash-sense-select-all input').click();
  await page.getByRole('button', { name: 'Add (1)' }).waitFor();
  await page.locator('.stash-sense-select-all input').click();
  await card(page).getByRole('button', { name: 'Add Bea Sample' }).click();
  await card(page).getByText('Added Bea Sample.').waitFor();
  assert.deepEqual(world.inputs('suggestions.accept'), [
    { ids: ['q1'], choices: { q1: { performerId: '3' } }, dryRun: false },
  ]);
  await card(page).getByRole('button', { name: /^Undo/ }).click();
  await card(page).getByRole('button', { name: 'Not this person: Bea Sample' }).click();
  await card(page).getByText('not this person').waitFor();
  assert.deepEqual(world.inputs('suggestions.reject'), [{ ids: ['q1'] }]);
  assert.deepEqual(world.complaints, []);
});

test('whom the user tagged and nobody knows is asked about with a yes and a no', async () => {
  scripted();
  const { payload, evidence, ...asked } = onCover();
  const { onlyCover: _, ...seen } = evidence;
  const tagged = { ...asked, payload, evidence: { ...seen, tagged: true } };
  world.stash.answers['suggestions.list'] = () => ({ total: 1, items: [tagged] });
  const page = await world.open('/plugins/stash-sense');
  await card(page).getByRole('heading', { name: 'Is this Bea Sample?' }).waitFor();
  await card(page).getByText('on the scene in Stash').waitFor();
  assert.equal(await card(page).getByText('%').count(), 0, 'nothing was measured');
  await card(page).getByRole('button', { name: 'Not this person: Bea Sample' }).waitFor();
  await card(page).getByRole('button', { name: 'It is Bea Sample' }).click();
  await card(page).getByText('It is Bea Sample').waitFor();
  assert.deepEqual(world.inputs('suggestions.accept'), [
    { ids: ['q1'], choices: { q1: { performerId: '3' } }, dryRun: false },
  ]);
  assert.deepEqual(world.complaints, []);
});

/** Jane Doe, and a question about two others. */
function scripted(): void {
  const items: SuggestionView[] = [suggestion({ id: 's1' }), question()];
  world.begin({
    'suggestions.list': ({ limit, withoutChoice }) =>
      limit === 1 && withoutChoice === true
        ? {
            total: 1,
            byKind: [
              { kind: 'performer-seen', total: 1, oneByOne: 0 },
              { kind: 'performer-ambiguous', total: 0, oneByOne: 1 },
            ],
            items: [],
          }
        : { total: 2, items },
    'suggestions.accept': (input) => {
      const ids = 'ids' in input ? input.ids : [];
      const accepted = ids.map((id) => ({ id, journalId: `j-${id}` }));
      return { accepted, refused: [], dryRun: false, batchId: 'batch' };
    },
    'suggestions.reject': ({ ids }) => ({ rejected: ids, refused: [] }),
    'suggestions.reopen': ({ ids }) => ({ reopened: ids }),
    'journal.undo': (input) => ({ undone: 'ids' in input ? input.ids : [input.batchId], refused: [] }),
  });
}

function card(page: Page): Locator {
  return page.locator('.stash-sense-suggestion', { hasText: 'Bea Sample' });
}

/** Two performers who cannot be told apart. */
function question(
  change: Partial<SuggestionViewOf<'performer-ambiguous'>> = {},
): SuggestionViewOf<'performer-ambiguous'> {
  const { payload, evidence, view, ...common } = suggestion();
  const { timesMs, faceCount, similarity } = evidence;
  return {
    ...common,
    id: 'q1',
    kind: 'performer-ambiguous',
    key: 'performer-ambiguous:scene:7:2:3',
    target: null,
    targetName: '',
    confidence: 0.5,
    payload: {
      ...payload,
      candidates: [
        { performerId: '2', name: 'Ann Example', confidence: 0.5, similarity: 0.7, referenceId: 'r2' },
        { performerId: '3', name: 'Bea Sample', confidence: 0.48, similarity: 0.69, referenceId: 'r3' },
      ],
    },
    evidence: { timesMs, faceCount, similarity, margin: 0.01 },
    view: { crop: view.crop, references: { '2': view.reference, '3': view.reference }, chosen: null },
    ...change,
  };
}

/** The one of these whom only the cover shows. */
function onCover(): SuggestionViewOf<'performer-ambiguous'> {
  const { payload, evidence, ...asked } = question();
  return {
    ...asked,
    payload: { ...payload, candidates: payload.candidates.slice(1) },
    evidence: { ...evidence, timesMs: [], faceCount: 1, onlyCover: true },
  };
}
