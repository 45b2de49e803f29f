/** Stash IDs on the page: both pictures side by side, what speaks for it, the yes and its undo. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import type { Output } from '../../core/contract/operations.ts';
import type { SuggestionView, SuggestionViewOf } from '../../core/contract/suggestions.ts';
import { message } from '../../core/messages/message.ts';
import { until } from '../fixtures/wait.ts';
import { PIXEL } from './samples.ts';
import { BOX, linking } from './stash-id-samples.ts';
import { toastText, uiWorld } from './world.ts';

const world = uiWorld();
const STASH_ID = { endpoint: BOX, stashId: 'known-1' };
const PICTURE = { endpoint: STASH_ID.endpoint, imageId: 'picture-1' };

for (const width of [1400, 375])
  test(`${width} wide: the card shows both, what speaks for it and against it; it is linked, and undone`, async () => {
    scripted();
    const page = await world.open('/plugins/stash-sense', { width });
    const asked = card(page);
    assert.equal(
      await asked.getByRole('link', { name: 'Ada' }).first().getAttribute('href'),
      '/performers/7',
    );
    const there = asked.getByRole('link', { name: 'box.example' });
    assert.equal(await there.getAttribute('href'), 'https://box.example/performers/known-1');
    await asked.getByRole('img', { name: 'Picture of Ada', exact: true }).waitFor();
    await asked.getByRole('img', { name: 'Picture of Ada Lovelace (the first)', exact: true }).waitFor();
    // The plugin fetches it, and the browser asks no stash-box.
    await until(() => world.inputs('stashBoxes.pictures').length > 0, 'the picture was asked for');
    assert.deepEqual(world.inputs('stashBoxes.pictures'), [{ pictures: [PICTURE], size: 300 }]);
    const signs = await asked.getByRole('listitem').allTextContents();
    assert.deepEqual(
      signs.map((text) => text.replace(/\s/g, ' ')),
      ['faces alike to 83 %', 'both are called Ada', 'country US there, GB here'],
    );
    const box = (await asked.boundingBox())!;
    for (const button of await asked.getByRole('button').all()) {
      const inside = (await button.boundingBox())!;
      assert.ok(inside.x >= box.x && inside.x + inside.width <= box.x + box.width, 'a button is cut off');
    }
    await asked.getByRole('button', { name: 'Link with Ada Lovelace (the first) of box.example' }).click();
    await asked.getByText('linked', { exact: true }).waitFor();
    assert.match(await toastText(page), /Linked Ada Lovelace \(the first\) to box\.example\./);
    assert.deepEqual(world.inputs('suggestions.accept'), [{ ids: ['s1'], dryRun: false }]);
    await asked.getByRole('button', { name: /^Undo/ }).click();
    await asked.getByRole('button', { name: /^Link with/ }).waitFor();
    assert.deepEqual(world.inputs('journal.undo'), [{ ids: ['j-s1'] }]);
    assert.deepEqual(world.complaints, []);
  });

test('a number stands beside it only where it is sure', async () => {
  for (const [confidence, says] of [
    [0.98, /^almost certain · 98\s%$/],
    [0.94, /^not sure$/],
  ] as const) {
    scripted({ ...linked(), confidence });
    const page = await world.open('/plugins/stash-sense');
    assert.match(await card(page).locator('.stash-sense-confidence').innerText(), says);
  }
});

test('the keys are the same, and the filter leaves the stash IDs alone', async () => {
  scripted();
  const page = await world.open('/plugins/stash-sense?kind=performer');
  await card(page).waitFor();
  const [asked] = world.inputs('suggestions.list');
  assert.equal((asked as { entityKind?: string }).entityKind, 'performer');
  await page.keyboard.press('r');
  await until(() => world.inputs('suggestions.reject').length === 1, 'it was refused');
  assert.deepEqual(world.inputs('suggestions.reject'), [{ ids: ['s1'] }]);
});

test('why it was refused is said on the card', async () => {
  scripted();
  const reason = message('stashIds.isOfAnother', { name: 'Ada', other: 'Grace', box: 'box.example' });
  world.stash.answers['suggestions.accept'] = () => ({
    accepted: [],
    refused: [{ id: 's1', reason, state: 'open' as const }],
    dryRun: false,
    batchId: 'b',
  });
  const page = await world.open('/plugins/stash-sense');
  await card(page)
    .getByRole('button', { name: /^Link with/ })
    .click();
  await card(page).getByText('Grace has this stash ID of box.example already').waitFor();
});

test('a wrong id says why, whom the right one means, and is corrected', async () => {
  scripted(wrong());
  const page = await world.open('/plugins/stash-sense');
  const asked = card(page);
  await asked.getByText('box.example has merged old-1 into this one').waitFor();
  await asked.getByRole('img', { name: 'Picture of Ada Lovelace', exact: true }).waitFor();
  await asked.getByRole('button', { name: 'Correct the stash ID of Ada' }).click();
  await asked.getByText('corrected', { exact: true }).waitFor();
  assert.match(await toastText(page), /Corrected the stash ID of Ada\./);
  assert.deepEqual(world.inputs('suggestions.accept'), [{ ids: ['s1'], dryRun: false }]);
  assert.deepEqual(world.complaints, []);
});

for (const [what, item, button, said] of [
  ['a link', linked, /^Link with/, 'This stash ID is no longer suggested for Ada'],
  ['a correction', wrong, /^Correct/, 'The stash ID of Ada no longer counts as wrong'],
] as const)
  test(`${what} that nothing supports any more after its undo says so in its own words`, async () => {
    scripted(item());
    world.stash.answers['journal.undo'] = () => ({ undone: ['j-s1'], refused: [], states: { s1: 'stale' } });
    const page = await world.open('/plugins/stash-sense');
    const asked = card(page);
    await asked.getByRole('button', { name: button }).click();
    await asked.getByRole('button', { name: /^Undo/ }).click();
    await asked.getByText(said).waitFor();
  });

test('where there is no picture of theirs the card says why', async () => {
  const item = linked();
  scripted();
  const problem = message('packPeople.noKeyForPicture', { box: 'box.example' });
  world.stash.answers['stashBoxes.pictures'] = () => ({ pictures: [{ url: null, problem }] });
  world.stash.answers['suggestions.list'] = () => ({
    total: 2,
    items: [item, { ...item, id: 's2', evidence: { ...item.evidence, imageId: null } }],
  });
  const page = await world.open('/plugins/stash-sense');
  await card(page).getByText('No picture: Stash has no API key for box.example').waitFor();
  await page.getByText('No picture: the stash-box has none.').waitFor();
});

type ByKind = NonNullable<Output<'suggestions.list'>['byKind']>;

for (const { name, byKind, forecast, button, toast } of [
  {
    name: 'of stash IDs that are linked',
    byKind: [{ kind: 'performer-stash-id', total: 3, oneByOne: 2 }],
    forecast: ['3 stash IDs would be linked.', '2 less certain stash IDs are decided one by one.'],
    button: 'Link 3',
    toast: 'Linked 3 stash IDs. The History tab undoes it.',
  },
  {
    name: 'of wrong ones that are corrected',
    byKind: [{ kind: 'stash-id-repair', total: 1, oneByOne: 0 }],
    forecast: ['1 stash ID would be corrected.'],
    button: 'Correct 1',
    toast: 'Corrected 1 stash ID. The History tab undoes it.',
  },
  {
    name: 'of several kinds',
    byKind: [
      { kind: 'performer-seen', total: 3, oneByOne: 0 },
      { kind: 'pack-person-seen', total: 0, oneByOne: 2 },
      { kind: 'performer-stash-id', total: 2, oneByOne: 0 },
    ],
    forecast: [
      '3 performers would be added to scenes, images and galleries, 2 stash IDs linked.',
      '2 people of reference packs are decided one by one.',
    ],
    button: 'Accept 5',
    toast: 'Accepted 5 suggestions. The History tab undoes it.',
  },
] satisfies { name: string; byKind: ByKind; forecast: string[]; button: string; toast: string }[])
  test(`accept all says ${name} what it does, and who is left out`, async () => {
    scripted();
    const total = byKind.reduce((sum, one) => sum + one.total, 0);
    world.stash.answers['suggestions.list'] = () => ({ total, byKind, items: [linked()] });
    world.stash.answers['suggestions.accept'] = () => ({
      accepted: Array.from({ length: total }, (_, n) => ({ id: `s${n}`, journalId: null })),
      refused: [],
      dryRun: false,
      batchId: 'b',
    });
    const page = await world.open('/plugins/stash-sense');
    await page.getByRole('button', { name: 'Accept all above…' }).click();
    for (const text of forecast) await page.getByText(text).waitFor();
    await page.getByRole('button', { name: button, exact: true }).click();
    await page.getByText(toast).waitFor();
    assert.deepEqual(world.complaints, []);
  });

function scripted(item: SuggestionView = linked()): void {
  world.begin({
    'suggestions.list': () => ({ total: 1, items: [item] }),
    'suggestions.accept': () => ({
      accepted: [{ id: 's1', journalId: 'j-s1' }],
      refused: [],
      dryRun: false,
      batchId: 'b',
    }),
    'suggestions.reject': () => ({ rejected: ['s1'], refused: [] }),
    'journal.undo': (input) => ({ undone: 'ids' in input ? input.ids : [], refused: [] }),
    'stashBoxes.pictures': () => ({ pictures: [{ url: PIXEL, problem: null }] }),
  });
}

function card(page: Page) {
  return page.locator('.stash-sense-suggestion').first();
}

function linked(): SuggestionViewOf<'performer-stash-id'> {
  return linking('7', {
    country: 'US',
    imageId: PICTURE.imageId,
    signs: [
      { sign: 'alias', weight: 5, mine: 'Ada', theirs: 'Ada' },
      { sign: 'face', weight: 10, mine: '0.831', theirs: '' },
      { sign: 'country', weight: -1.2, mine: 'GB', theirs: 'US' },
    ],
  });
}

function wrong(): SuggestionViewOf<'stash-id-repair'> {
  const { payload: _, evidence: __, ...common } = linked();
  return {
    ...common,
    kind: 'stash-id-repair',
    payload: { wrong: { ...STASH_ID, stashId: 'old-1' }, right: STASH_ID },
    evidence: { reason: 'merged', name: 'Ada Lovelace', disambiguation: '', imageId: PICTURE.imageId },
    severity: 'warning',
  };
}
