/** The page of a performer: the stash IDs box by box, who they may be there, and what the stash-boxes know of them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Locator } from 'playwright-core';
import type { Output } from '../../core/contract/operations.ts';
import type { SuggestionViewOf } from '../../core/contract/suggestions.ts';
import { message, plain } from '../../core/messages/message.ts';
import { until } from '../fixtures/wait.ts';
import { PIXEL } from './samples.ts';
import { shot, within } from './screen.ts';
import { BOX, boxView, linking } from './stash-id-samples.ts';
import { toastText, uiWorld } from './world.ts';

const world = uiWorld();
const OTHER = 'https://other.example/graphql';

for (const width of [1400, 375])
  test(`${width} wide: what is missing is looked for box by box, and linked with what was ticked, and undone`, async () => {
    scripted();
    const page = await world.open('/performers/1', { width });
    assert.deepEqual(world.inputs('stashIds.ofPerformer'), [], 'nothing is asked before it is opened');
    await page.getByRole('button', { name: 'Find on stash-boxes' }).click();
    const panel = page.locator('.stash-sense-on-boxes');
    await panel.getByText('no ID').first().waitFor();
    const link = panel.getByRole('link', { name: 'former.example' });
    assert.equal(await link.getAttribute('href'), 'https://former.example/performers/old-1');
    await panel.getByText('Stash’s settings have no API key for it').waitFor();

    await panel.getByRole('button', { name: 'Find by face and name' }).click();
    const found = panel.getByRole('group', { name: /Ada Lovelace/ });
    await found.getByRole('img', { name: 'Picture of Ada Lovelace (the first)', exact: true }).waitFor();
    await found.getByText('faces alike to 83 %').waitFor();
    await panel.getByText('it is down').waitFor();
    assert.deepEqual(world.inputs('stashIds.findOne'), [
      { performerId: '1', endpoint: BOX },
      { performerId: '1', endpoint: OTHER },
    ]);

    await found.getByRole('button', { name: 'What else is known of Ada Lovelace (the first) there' }).click();
    const offers = found.getByRole('group', { name: /^What .* knows of Ada Lovelace$/ });
    assert.equal(await tick(offers, 'birthdate').isChecked(), true);
    assert.equal(await tick(offers, 'country').isChecked(), false);
    assert.deepEqual(await cells(offers, 'country'), ['IE', 'GB']);
    await within(page, panel);
    await shot(page, `performer-${width}`);
    await tick(offers, 'aliases').click();
    await offers.getByRole('button', { name: 'Link, and take over 1 field' }).click();
    await until(() => world.inputs('suggestions.accept').length === 1, 'it was linked');
    assert.deepEqual(world.inputs('suggestions.accept'), [
      { ids: ['s1'], choices: { s1: { take: { birthdate: 'rev-birthdate' } } }, dryRun: false },
    ]);
    assert.match(await toastText(page), /Linked Ada Lovelace \(the first\) to box\.example\./);
    await page.locator('.toast').getByRole('button', { name: 'Undo' }).click();
    await until(() => world.inputs('journal.undo').length === 1, 'it was undone');
    assert.deepEqual(world.inputs('journal.undo'), [{ batchId: 'b' }]);
    await readAgain();
    assert.deepEqual(world.complaints, []);
  });

test('why a stash-box is not asked stands in place of "never", also after the page was left', async () => {
  scripted();
  const views = world.stash.answers['stashIds.ofPerformer']!;
  world.stash.answers['stashIds.ofPerformer'] = async (input) => {
    const view = await views(input);
    const trouble = plain('It did not answer five times in a row (it answered 502).');
    return { ...view, boxes: view.boxes.map((one, n) => (n === 1 ? { ...one, trouble } : one)) };
  };
  const page = await world.open('/performers/1');
  await page.getByRole('button', { name: 'Find on stash-boxes' }).click();
  const rows = page.locator('.stash-sense-on-boxes .stash-sense-box-row');
  await rows.nth(1).getByText('it answered 502').waitFor();
  assert.equal(await rows.nth(0).getByText('never looked up here').count(), 1);
  assert.equal(await rows.nth(1).getByText('never looked up here').count(), 0);
  assert.deepEqual(world.complaints, []);
});

test('where Stash has no stash-box nothing is offered to be found', async () => {
  scripted();
  world.stash.stashBoxes = [];
  const page = await world.open('/performers/1');
  const answered = page.waitForResponse(
    (answer) =>
      answer.url().endsWith('/graphql') && (answer.request().postData() ?? '').includes('stashBoxes'),
  );
  await page.reload();
  await (await answered).finished();
  // Drawn with what it says.
  await page.evaluate(
    async () => await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
  );
  assert.equal(await page.getByRole('button', { name: 'Find on stash-boxes' }).count(), 0);
});

test('by keys alone: opened, found, refused; no box asks the browser', async () => {
  scripted();
  const page = await world.open('/performers/1');
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).host));
  await page.getByRole('button', { name: 'Find on stash-boxes' }).focus();
  await page.keyboard.press('Enter');
  const panel = page.locator('.stash-sense-on-boxes');
  await panel.getByRole('button', { name: 'Find by face and name' }).focus();
  await page.keyboard.press('Enter');
  const found = panel.getByRole('group', { name: /Ada Lovelace/ });
  await found.getByRole('button', { name: /^Link with/ }).focus();
  await page.keyboard.press('Tab');
  assert.equal(
    await page.evaluate(() => document.activeElement?.getAttribute('aria-label')),
    'Not this person: Ada Lovelace (the first)',
  );
  await page.keyboard.press('Enter');
  await until(() => world.inputs('suggestions.reject').length === 1, 'it was refused');
  assert.deepEqual(world.inputs('suggestions.reject'), [{ ids: ['s1'] }]);
  assert.match(await toastText(page), /Noted: not Ada Lovelace \(the first\)\./);
  const undo = page.locator('.toast').getByRole('button', { name: 'Undo' });
  await undo.focus();
  await undo.press('Enter');
  await until(() => world.inputs('suggestions.reopen').length === 1, 'it was taken back');
  assert.deepEqual(world.inputs('suggestions.reopen'), [{ ids: ['s1'] }]);
  await readAgain();
  assert.deepEqual(
    asked.filter((host) => host.includes('example')),
    [],
  );
  assert.deepEqual(world.complaints, []);
});

test('who is linked is compared, and what is ticked taken over', async () => {
  scripted(true);
  world.stash.answers['stashBoxes.take'] = () => ({
    journalId: 'j2',
    dryRun: false,
    note: plain('The picture stays.'),
  });
  const page = await world.open('/performers/1');
  await page.getByRole('button', { name: 'Find on stash-boxes' }).click();
  const panel = page.locator('.stash-sense-on-boxes');
  await panel.getByRole('button', { name: /^Compare Ada with what Box knows/ }).click();
  const offers = panel.getByRole('group', { name: /^What .* knows of Ada Lovelace$/ });
  await tick(offers, 'country').click();
  await offers.getByRole('button', { name: 'Take over 3 fields' }).click();
  await until(() => world.inputs('stashBoxes.take').length === 1, 'it was taken over');
  assert.deepEqual(world.inputs('stashBoxes.take'), [
    {
      performerId: '1',
      stashId: { endpoint: BOX, stashId: 'known-1' },
      imageId: null,
      taken: { birthdate: 'rev-birthdate', aliases: 'rev-aliases', country: 'rev-country' },
    },
  ]);
  assert.match(await toastText(page), /Took over 3 fields of Ada from Box\. The picture stays\.\s*Undo/);
  assert.deepEqual(world.complaints, []);
});

for (const width of [1400, 375])
  test(`${width} wide: who is somebody else is made a performer; of a name that is taken it is chosen who is meant`, async () => {
    scripted();
    const nothing = { journalId: null, performerId: null, dryRun: false, note: null, refused: null };
    world.stash.answers['stashIds.create'] = ({ disambiguation }) =>
      disambiguation === undefined
        ? {
            ...nothing,
            refused: {
              reason: message('packPeople.nameTaken', { name: 'Ada Lovelace' }),
              nameTaken: {
                personId: 'x',
                name: 'Ada Lovelace',
                disambiguation: '',
                performers: [{ performerId: '7', name: 'Ada Lovelace' }],
              },
            },
          }
        : { ...nothing, journalId: 'j9', performerId: '9' };
    const page = await world.open('/performers/1', { width });
    await page.getByRole('button', { name: 'Find on stash-boxes' }).click();
    await page.getByRole('button', { name: 'Find by face and name' }).click();
    const found = page
      .locator('.stash-sense-on-boxes')
      .getByRole('group', { name: /Ada Lovelace.* for Ada/ });
    await found
      .getByRole('button', { name: 'Ada Lovelace (the first) is somebody else: create a performer' })
      .click();
    const offers = found.getByRole('group', { name: /^What .* knows of Ada Lovelace$/ });
    assert.equal(await offers.getByRole('columnheader', { name: 'yours' }).count(), 0);
    await tick(offers, 'aliases').click();
    await offers.getByRole('button', { name: 'Create with the name and 1 field' }).click();
    const question = found.getByRole('group', { name: /^Stash has a performer called Ada Lovelace already/ });
    await question.getByRole('link', { name: 'Ada Lovelace' }).waitFor();
    await within(page, found);
    await shot(page, `performer-create-${width}`);
    await question.getByRole('textbox').fill('the second');
    await question.getByRole('button', { name: 'Create another one' }).click();
    await until(() => world.inputs('stashIds.create').length === 2, 'another one was made');
    const asked = { suggestionId: 's1', taken: { birthdate: 'rev-birthdate' }, addStashId: true };
    assert.deepEqual(world.inputs('stashIds.create'), [asked, { ...asked, disambiguation: 'the second' }]);
    const toast = page.locator('.toast').filter({ hasText: 'Created the performer Ada Lovelace' });
    await toast.getByRole('button', { name: 'Undo' }).click();
    await until(() => world.inputs('suggestions.reopen').length === 1, 'it may be them again');
    assert.deepEqual(world.inputs('journal.undo'), [{ ids: ['j9'] }]);
    assert.deepEqual(world.complaints, []);
  });

test('what was refused since it has changed is offered as it is now', async () => {
  scripted(true);
  let country = 'GB';
  const profile = world.stash.answers['stashBoxes.profile']!;
  world.stash.answers['stashBoxes.profile'] = async (input) => ({
    ...(await profile(input)),
    offers: [{ ...offer('country', 'IE', country, false), revision: country }],
  });
  world.stash.answers['stashBoxes.take'] = () => {
    country = 'FR';
    throw Object.assign(new Error('it has changed'), { said: plain('it has changed') });
  };
  const page = await world.open('/performers/1');
  await page.getByRole('button', { name: 'Find on stash-boxes' }).click();
  await page.getByRole('button', { name: /^Compare Ada with what Box knows/ }).click();
  const offers = page.getByRole('group', { name: /^What .* knows of Ada Lovelace$/ });
  await tick(offers, 'country').click();
  await offers.getByRole('button', { name: 'Take over 1 field' }).click();
  await offers.getByRole('cell', { name: 'FR' }).waitFor();
  assert.equal(await tick(offers, 'country').isChecked(), false, 'nobody has ticked this one');
});

test('why nothing was written is said', async () => {
  scripted();
  const reason = message('boxOffers.changed', { name: 'Ada', box: 'box.example', fields: 'country' });
  world.stash.answers['suggestions.accept'] = () => ({
    accepted: [],
    refused: [{ id: 's1', reason, state: 'open' as const }],
    dryRun: false,
    batchId: 'b',
  });
  const page = await world.open('/performers/1');
  await page.getByRole('button', { name: 'Find on stash-boxes' }).click();
  await page.getByRole('button', { name: 'Find by face and name' }).click();
  await page.getByRole('button', { name: /^Link with/ }).click();
  assert.match(await toastText(page), /has changed since \(country\): look once more/);
});

test('the card of a suggestion offers the same', async () => {
  scripted();
  const page = await world.open('/plugins/stash-sense');
  const card = page.locator('.stash-sense-suggestion').first();
  await card.getByRole('button', { name: /^What else is known of/ }).click();
  await card.getByRole('button', { name: 'Link, and take over 2 fields' }).click();
  await card.getByText('linked', { exact: true }).waitFor();
  assert.match(await toastText(page), /Linked Ada Lovelace \(the first\) to box\.example\./);
  const [sent] = world.inputs('suggestions.accept') as { choices: unknown }[];
  assert.deepEqual(sent?.choices, {
    s1: { take: { birthdate: 'rev-birthdate', aliases: 'rev-aliases' } },
  });
  assert.deepEqual(world.complaints, []);
});

/** When opened, after each of the two stash-boxes, after the decision, and after its undo. */
async function readAgain(): Promise<void> {
  await until(() => world.inputs('stashIds.ofPerformer').length === 5, 'the panel was read again');
}

function scripted(isLinked = false): void {
  let wasFound = false;
  world.begin({
    'stashIds.ofPerformer': () => ({
      name: 'Ada',
      disambiguation: '',
      boxes: [
        boxView(BOX, 'Box', isLinked ? { ids: ['known-1'] } : { suggestions: wasFound ? [suggested()] : [] }),
        boxView(OTHER, 'Other'),
        boxView('https://former.example/graphql', 'former.example', { hasKey: false, ids: ['old-1'] }),
      ],
    }),
    'stashIds.findOne': ({ endpoint }) => {
      if (endpoint === OTHER) throw Object.assign(new Error('it is down'), { said: plain('it is down') });
      wasFound = true;
      return { isWhole: true };
    },
    'stashBoxes.profile': () => ({
      name: 'Ada Lovelace',
      disambiguation: 'the first',
      imageId: 'picture-1',
      offers: [
        offer('birthdate', null, '1815-12-10', true),
        offer('aliases', [], ['Countess', 'Augusta'], true),
        offer('country', 'IE', 'GB', false),
      ],
    }),
    'stashBoxes.pictures': () => ({ pictures: [{ url: PIXEL, problem: null }] }),
    'suggestions.list': () => ({ total: 1, items: [suggested()] }),
    'suggestions.accept': () => ({
      accepted: [{ id: 's1', journalId: 'j1' }],
      refused: [],
      dryRun: false,
      batchId: 'b',
    }),
    'suggestions.reject': () => ({ rejected: ['s1'], refused: [] }),
    'suggestions.reopen': () => ({ reopened: ['s1'] }),
    'journal.undo': () => ({ undone: ['j1'], refused: [] }),
  });
  world.stash.stashBoxes = [{ endpoint: BOX, name: 'Box' }];
}

type Offer = Output<'stashBoxes.profile'>['offers'][number];

function offer(
  field: Offer['field'],
  mine: Offer['mine'],
  theirs: Offer['theirs'],
  isProposed: boolean,
): Offer {
  return { field, mine, theirs, isProposed, revision: `rev-${field}` };
}

function tick(offers: Locator, field: string): Locator {
  return offers.getByRole('checkbox', { name: field });
}

async function cells(offers: Locator, field: string): Promise<string[]> {
  return await offers
    .getByRole('row', { name: new RegExp(`^${field}`) })
    .getByRole('cell')
    .allTextContents();
}

function suggested(): SuggestionViewOf<'performer-stash-id'> {
  return linking('1', {
    country: 'GB',
    signs: [
      { sign: 'face', weight: 10, mine: '0.831', theirs: '' },
      { sign: 'country', weight: -1.2, mine: 'IE', theirs: 'GB' },
    ],
  });
}
