/** The Stash IDs tab: a row a performer, decided by clicks and keys, looked up, filtered, paged, and opened from Stash's list. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import type { Input } from '../../core/contract/operations.ts';
import type { PerformerLinks } from '../../core/contract/stash-box.ts';
import type { SuggestionViewOf } from '../../core/contract/suggestions.ts';
import { plain } from '../../core/messages/message.ts';
import { until } from '../fixtures/wait.ts';
import { PIXEL, run, status } from './samples.ts';
import { shot, within } from './screen.ts';
import { BOX, linking } from './stash-id-samples.ts';
import { toastText, uiWorld } from './world.ts';

const world = uiWorld();
const OTHER = 'https://other.example/graphql';
const TAB = '/plugins/stash-sense?tab=stashIds';
const LIST = '0123456789abcdef';
const OTHER_LIST = 'fedcba9876543210';

for (const width of [1400, 375])
  test(`${width} wide: a row shows the ids, what is missing and who they may be; a click links, and undoes`, async () => {
    scripted();
    const page = await world.open(TAB, { width });
    const ada = row(page, 'Ada 1');
    const known = ada.getByRole('link', { name: 'Third' });
    assert.equal(await known.getAttribute('href'), 'https://third.example/performers/has-1');
    await ada.getByText('no ID of Box · never looked up').waitFor();
    await ada.getByRole('img', { name: 'Picture of Ada 1', exact: true }).first().waitFor();
    await ada.getByText('faces alike to 83 %').first().waitFor();
    await within(page, page.locator('.stash-sense-rows'));
    await shot(page, `many-${width}`);

    await found(ada, 'Lovelace 1')
      .getByRole('button', { name: /^Link with/ })
      .click();
    await found(ada, 'Lovelace 1').getByText('linked', { exact: true }).waitFor();
    assert.match(await toastText(page), /Linked Lovelace 1 to box\.example\./);
    assert.equal(await ada.getByRole('link', { name: 'Box' }).first().getAttribute('href'), `${PAGES}/s1`);
    assert.equal(await ada.getByText('no ID of Box').count(), 0);
    // The other one of that stash-box is no longer to be decided.
    await ada.getByText('Ada 1 was linked to Box otherwise just now.').waitFor();
    assert.equal(
      await found(ada, 'Byron 1')
        .getByRole('button', { name: /^Link with/ })
        .count(),
      0,
    );
    assert.equal(world.inputs('stashIds.performers').length, 1, 'nothing moves');

    await found(ada, 'Lovelace 1').getByRole('button', { name: /^Undo/ }).click();
    await found(ada, 'Byron 1')
      .getByRole('button', { name: /^Link with/ })
      .waitFor();
    await ada.getByText('no ID of Box · never looked up').waitFor();
    assert.deepEqual(world.complaints, []);
  });

test('keys walk from row to row, stay while there is something to decide in it, and take the last decision back', async () => {
  scripted();
  const page = await world.open(TAB);
  await row(page, 'Ada 3').waitFor();
  await page.keyboard.press('r');
  await until(() => world.inputs('suggestions.reject').length === 1, 'the surest was refused');
  await found(row(page, 'Ada 1'), 'Lovelace 1').getByRole('button', { name: /^Undo/ }).waitFor();
  await page.keyboard.press('a');
  await found(row(page, 'Ada 1'), 'Byron 1').getByText('linked', { exact: true }).waitFor();
  // The first row is decided: the key went on.
  await page.keyboard.press('j');
  await page.keyboard.press('a');
  await found(row(page, 'Ada 3'), 'Lovelace 3').getByText('linked', { exact: true }).waitFor();
  assert.deepEqual(world.inputs('suggestions.reject'), [{ ids: ['s1'] }]);
  assert.deepEqual(world.inputs('suggestions.accept'), [
    { ids: ['t1'], dryRun: false },
    { ids: ['s3'], dryRun: false },
  ]);
  await page.keyboard.press('u');
  await found(row(page, 'Ada 3'), 'Lovelace 3')
    .getByRole('button', { name: /^Link with/ })
    .waitFor();
  await page.keyboard.press('k');
  await page.keyboard.press('k');
  await page.keyboard.press('u');
  await page.keyboard.press('u');
  await found(row(page, 'Ada 1'), 'Lovelace 1')
    .getByRole('button', { name: /^Link with/ })
    .waitFor();
  // A number means the suggestion at that place.
  await page.keyboard.press('2');
  await found(row(page, 'Ada 1'), 'Byron 1').getByText('linked', { exact: true }).waitFor();
  assert.deepEqual(world.complaints, []);
});

test('a key that follows at once works on the row that has got the focus', async () => {
  scripted();
  const page = await world.open(TAB);
  await row(page, 'Ada 3').evaluate((group: HTMLElement) => {
    group.focus();
    group.dispatchEvent(new KeyboardEvent('keydown', { key: 'a', bubbles: true }));
  });
  await found(row(page, 'Ada 3'), 'Lovelace 3').getByText('linked', { exact: true }).waitFor();
  assert.deepEqual(world.inputs('suggestions.accept'), [{ ids: ['s3'], dryRun: false }]);
});

test('a number means the suggestion at that place on screen, also beside decided ones, and leaves what is ticked', async () => {
  scripted();
  world.stash.answers['stashIds.performers'] = (asked) => {
    const answer = performers(asked);
    const [first, ...others] = answer.items;
    const more = suggested('u1', '1', 'Clara', 0.6);
    return { ...answer, items: [{ ...first!, suggestions: [...first!.suggestions, more] }, ...others] };
  };
  const page = await world.open(TAB);
  await row(page, 'Ada 3').waitFor();
  await page.keyboard.press('j');
  await page.keyboard.press('x');
  await page.keyboard.press('k');
  await found(row(page, 'Ada 1'), 'Lovelace 1')
    .getByRole('button', { name: /^Not this person/ })
    .click();
  await found(row(page, 'Ada 1'), 'Lovelace 1').getByRole('button', { name: /^Undo/ }).waitFor();
  // It is decided.
  await page.keyboard.press('1');
  await page.keyboard.press('2');
  await found(row(page, 'Ada 1'), 'Byron 1').getByText('linked', { exact: true }).waitFor();
  assert.deepEqual(world.inputs('suggestions.accept'), [{ ids: ['t1'], dryRun: false }]);
  assert.ok(await row(page, 'Ada 2').getByRole('checkbox').isChecked());
  assert.deepEqual(world.complaints, []);
});

test('keys that are pressed before the last decision is answered are about the next suggestion', async () => {
  scripted();
  const answers: (() => void)[] = [];
  world.stash.answers['suggestions.reject'] = async ({ ids }) => {
    await new Promise<void>((resolve) => answers.push(resolve));
    return { rejected: ids, refused: [] };
  };
  const page = await world.open(TAB);
  await row(page, 'Ada 3').waitFor();
  for (const key of ['r', 'r', 'r']) await page.keyboard.press(key);
  const refused = async (): Promise<readonly string[]> => {
    for (const answer of answers.splice(0)) answer();
    await page.waitForTimeout(20);
    return (world.inputs('suggestions.reject') as { ids: string[] }[]).flatMap(({ ids }) => ids);
  };
  await until(async () => (await refused()).length === 3, 'each press refused one');
  assert.deepEqual(await refused(), ['s1', 't1', 's2']);
});

test('of the ticked rows the surest suggestion is linked, of all above a threshold what fits the filter', async () => {
  scripted();
  const page = await world.open(`${TAB}&box=${encodeURIComponent(BOX)}`);
  await row(page, 'Ada 1').waitFor();
  await page.keyboard.press('x');
  await page.keyboard.press('j');
  await page.keyboard.press('x');
  await page.getByRole('button', { name: 'Link (2)' }).click();
  await page.getByText('Linked 2 stash IDs.').waitFor();
  assert.deepEqual(world.inputs('suggestions.accept'), [{ ids: ['s1', 's2'], dryRun: false }]);

  await page.getByRole('button', { name: 'Accept all above…' }).click();
  await page.getByRole('spinbutton').fill('97');
  await page.getByText('3 stash IDs would be linked.').waitFor();
  await page.getByRole('button', { name: 'Link 3', exact: true }).click();
  await until(() => world.inputs('suggestions.accept').length === 2, 'all were accepted');
  const [, all] = world.inputs('suggestions.accept') as { all?: object }[];
  assert.deepEqual(all?.all, {
    state: 'open',
    entityKind: 'performer',
    endpoint: BOX,
    minConfidence: 0.97,
  });
});

test('who was never looked up is looked up, the run is shown, and what it found is there when it has ended', async () => {
  scripted();
  const page = await world.open(TAB);
  await row(page, 'Ada 1').waitFor();
  const endRun = startRun();
  await page.getByRole('button', { name: 'Look up 2 performers shown' }).click();
  await page.getByRole('button', { name: 'Stop', exact: true }).waitFor();
  assert.deepEqual(world.inputs('stashIds.find'), [{ performerIds: ['1', '3'], force: false }]);
  assert.match(await toastText(page), /Link stash-box IDs is in Stash's queue\./);
  const before = world.inputs('stashIds.performers').length;
  endRun();
  await until(() => world.inputs('stashIds.performers').length > before, 'the list was asked for again');
  assert.deepEqual(world.complaints, []);
});

for (const [what, touch] of [
  ['a row that is ticked', async (page) => await page.keyboard.press('x')],
  ['a row that the keys went to', async (page) => await page.keyboard.press('j')],
  [
    'what is compared',
    async (page) => {
      await page.getByRole('button', { name: 'What else is known of Lovelace 2 there' }).click();
      await page.getByRole('group', { name: 'What Box knows of Lovelace 2' }).waitFor();
      await row(page, 'Ada 1').focus();
    },
  ],
] satisfies [string, (page: Page) => Promise<void>][])
  test(`${what} stays where it is when a look-up ends`, async () => {
    scripted();
    const endRun = startRun();
    const page = await world.open(TAB);
    await page.getByRole('button', { name: 'Stop', exact: true }).waitFor();
    await row(page, 'Ada 3').waitFor();
    await touch(page);
    endRun();
    await page.getByText('The look-up has ended.').waitFor();
    assert.equal(world.inputs('stashIds.performers').length, 1);
  });

test('what is compared is closed by the button that opened it', async () => {
  scripted();
  const page = await world.open(TAB);
  const compare = page.getByRole('button', { name: 'What else is known of Lovelace 2 there' });
  const offers = page.getByRole('group', { name: 'What Box knows of Lovelace 2' });
  await compare.click();
  await offers.waitFor();
  assert.equal(await compare.getAttribute('aria-expanded'), 'true');
  await compare.click();
  await offers.waitFor({ state: 'detached' });
  assert.equal(await compare.getAttribute('aria-expanded'), 'false');
});

test('a list that is kept no longer leaves the choice of another one', async () => {
  scripted();
  const answers = world.stash.answers['stashIds.performers']!;
  world.stash.answers['stashIds.performers'] = async (asked) => {
    if (asked.performerList !== undefined) throw new Error('This list is kept no longer.');
    return await answers(asked);
  };
  const page = await world.open(`${TAB}&list=${LIST}`);
  await page.getByRole('combobox', { name: 'Whom' }).selectOption({ label: 'With suggestions' });
  await row(page, 'Ada 1').waitFor();
});

test('whoever goes elsewhere while a list is made stays there, and is told where nobody is in it', async () => {
  scripted();
  const answers: (() => void)[] = [];
  world.stash.answers['stashIds.list'] = async () => {
    await new Promise<void>((resolve) => answers.push(resolve));
    return { performerList: LIST };
  };
  const page = await world.open(TAB);
  await page.getByRole('combobox', { name: 'Whom' }).selectOption({ label: 'Everybody' });
  await until(() => answers.length > 0, 'the list is being made');
  await page.getByRole('tab', { name: 'Suggestions' }).click();
  await until(() => !page.url().includes('stashIds'), 'another tab is open');
  const elsewhere = page.url();
  for (const answer of answers) answer();
  await page.waitForTimeout(300);
  assert.equal(page.url(), elsewhere);

  world.stash.library.performers = [];
  const again = await world.open(TAB);
  await again.getByRole('combobox', { name: 'Whom' }).selectOption({ label: 'Everybody' });
  await again
    .locator('.toast.bg-warning, .toast.warning, .toast')
    .getByText('There is nobody of that kind.')
    .waitFor();
});

test('when all of a page are decided, Next shows what is left', async () => {
  scripted();
  world.stash.answers['stashIds.performers'] = (asked) => ({
    ...performers(asked),
    items: (asked.after === undefined ? ['1', '2'] : ['3']).map(linksOf),
    next: asked.after === undefined ? '0.98 2' : null,
  });
  const page = await world.open(TAB);
  await page.getByText('1–2 of 3').waitFor();
  await page.keyboard.press('r');
  await page.keyboard.press('r');
  await page.keyboard.press('r');
  await page.getByText('All of this page is decided.').waitFor();
  await page.getByRole('button', { name: 'Next' }).click();
  await row(page, 'Ada 3').waitFor();
  assert.deepEqual(world.inputs('stashIds.performers').at(-1), { limit: 20, after: '0.98 2' });
});

test('what was decided meanwhile stays where it is until the user asks for what was found', async () => {
  scripted();
  const endRun = startRun();
  const page = await world.open(TAB);
  await page.getByRole('button', { name: 'Stop', exact: true }).waitFor();
  await row(page, 'Ada 2')
    .getByRole('button', { name: /^Link with/ })
    .click();
  await row(page, 'Ada 2').getByText('linked', { exact: true }).waitFor();
  endRun();
  await page.getByText('The look-up has ended.').waitFor();
  assert.equal(world.inputs('stashIds.performers').length, 1);
  await page.getByRole('button', { name: 'Show what was found' }).click();
  await until(() => world.inputs('stashIds.performers').length === 2, 'the list was asked for again');
});

test('the list is made of those without an id of a stash-box, is filtered, and goes on behind its last row', async () => {
  scripted();
  world.stash.library.performers = Array.from({ length: 45 }, (_, n) => performerOf(String(n + 1)));
  const page = await world.open(TAB);
  await page.getByRole('combobox', { name: 'Whom' }).selectOption({ label: 'Without an ID of Box' });
  await page.getByText('1–20 of 45').waitFor();
  const [kept] = world.inputs('stashIds.list') as Input<'stashIds.list'>[];
  assert.equal(kept?.performerIds.length, 45);
  const last = (): unknown => world.inputs('stashIds.performers').at(-1);
  assert.deepEqual(last(), { performerList: LIST, limit: 20 });
  await page.getByText('Nobody is suggested.').first().waitFor();
  // Of those on the other pages somebody may be suggested, and the keys are as on any page.
  await page.getByRole('button', { name: 'Accept all above…' }).waitFor();
  await page.getByRole('button', { name: 'Keys' }).click();
  await page.getByRole('dialog').getByText('Go from performer to performer').waitFor();
  assert.equal(await page.getByRole('dialog').getByText('←').count(), 0);
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });

  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByText('21–40 of 45').waitFor();
  assert.deepEqual(last(), { performerList: LIST, limit: 20, after: '20' });
  // All of it are looked up, whoever of it is shown.
  await page.getByRole('button', { name: 'Look up all 45 of this list' }).waitFor();
  await page.keyboard.press('n');
  await page.getByText('41–45 of 45').waitFor();
  await page.keyboard.press('p');
  await page.getByText('21–40 of 45').waitFor();
  await page.reload();
  await page.getByText('21–40 of 45').waitFor();
  await page.getByRole('button', { name: 'Previous' }).click();
  await page.getByText('1–20 of 45').waitFor();

  await page.getByRole('combobox', { name: 'Lowest confidence' }).selectOption('90');
  await until(() => (last() as { minConfidence?: number }).minConfidence === 0.9, 'the least was asked for');
  await page.getByText('1–20 of 21').waitFor();
  await page.getByRole('button', { name: 'Look up all 45 of this list' }).waitFor();
  await page.getByRole('combobox', { name: 'Whom' }).selectOption({ label: 'With suggestions' });
  await until(() => JSON.stringify(last()) === '{"limit":20}', 'everybody with suggestions was asked for');
  await page.getByRole('searchbox').fill('Ada');
  await until(() => (last() as { text?: string }).text === 'Ada', 'the name was asked for');
  assert.deepEqual(world.complaints, []);
});

test("from Stash's list its filter, or who is ticked there, is taken along", async () => {
  scripted();
  const page = await world.open('/performers');
  await page.getByPlaceholder('Search…').fill('Ann');
  await page.getByRole('link', { name: 'Jane Doe' }).waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Find stash IDs of these performers' }).click();
  await page.getByRole('combobox', { name: 'Whom' }).waitFor();
  assert.equal(new URL(page.url()).search, `?tab=stashIds&list=${LIST}`);
  assert.deepEqual(world.inputs('stashIds.list'), [{ performerIds: ['2'] }]);
  await page.goBack();
  await page.getByRole('checkbox', { name: 'Cleo Test' }).click();
  await page.getByRole('checkbox', { name: 'Jane Doe' }).click();
  await page.getByTitle('Find stash IDs of these performers').click();
  await until(() => world.inputs('stashIds.list').length === 2, 'the ticked ones were sent');
  assert.deepEqual(world.inputs('stashIds.list')[1], { performerIds: ['4', '1'] });
  await page.getByRole('button', { name: /^Look up all/ }).click();
  await until(() => world.inputs('stashIds.find').length === 1, 'all of the list are looked up');
  assert.deepEqual(world.inputs('stashIds.find'), [{ performerList: LIST, force: false }]);
  assert.deepEqual(world.complaints, []);
});

test('a list that the page makes is made anew when it is opened; one that was sent stays', async () => {
  scripted();
  const lists = [LIST, OTHER_LIST];
  world.stash.answers['stashIds.list'] = () => ({ performerList: lists.shift() ?? OTHER_LIST });
  world.stash.library.performers = Array.from({ length: 45 }, (_, n) => performerOf(String(n + 1)));
  const page = await world.open(TAB);
  await page.getByRole('combobox', { name: 'Whom' }).selectOption({ label: 'Everybody' });
  await page.getByText('1–20 of 45').waitFor();
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByText('21–40 of 45').waitFor();
  world.stash.library.performers = world.stash.library.performers.slice(2);
  const asked = world.inputs('stashIds.performers').length;
  await page.reload();
  await page.getByText('1–20 of 43').waitFor();
  // The second page may still have been asked about before.
  const [first] = world
    .inputs('stashIds.performers')
    .slice(asked)
    .filter((input) => !('after' in (input as object)));
  assert.deepEqual(first, { performerList: OTHER_LIST, limit: 20 }, 'the old list is not asked for');
  await page.reload();
  await page.getByText('1–20 of 43').waitFor();
  assert.equal(world.inputs('stashIds.list').length, 3);

  await page.goto(`${new URL(page.url()).origin}${TAB}&list=${LIST}`);
  await page.getByText('1–20 of 43').waitFor();
  assert.equal(world.inputs('stashIds.list').length, 3);
  assert.deepEqual(world.complaints, []);
});

test('the keys stay with the performer where another one comes before them', async () => {
  scripted();
  const endRun = startRun();
  const page = await world.open(TAB);
  await row(page, 'Ada 3').waitFor();
  await page.keyboard.press('j');
  await page.locator('.stash-sense-current[aria-label="Ada 2"]').waitFor();
  world.stash.answers['stashIds.performers'] = (input) => ({
    ...performers(input),
    items: ['9', '1', '2', '3'].map(linksOf),
  });
  endRun();
  await page.getByRole('button', { name: 'Show what was found' }).click();
  await row(page, 'Ada 9').waitFor();
  await page.locator('.stash-sense-current[aria-label="Ada 2"]').waitFor();
  await page.keyboard.press('r');
  await until(() => world.inputs('suggestions.reject').length === 1, 'the one of the performer was decided');
  assert.deepEqual(world.inputs('suggestions.reject'), [{ ids: ['s2'] }]);
});

test('how the last look-up ended is said, and why it failed', async () => {
  scripted();
  const ended = { id: 'r9', task: 'link-stash-ids', phase: 'ended', endedAt: Date.now() } as const;
  const message = plain('Box refused the API key.');
  const runs = [run({ ...ended, state: 'failed', message })];
  world.stash.answers['status'] = () => status({ runs });
  const page = await world.open(TAB);
  await page.getByText(/The last look-up failed .*: Box refused the API key\./).waitFor();
  runs[0] = run({ ...ended, state: 'finished', message: plain('3 performers were looked up.') });
  await page.reload();
  await page.getByText(/^Last look-up, .*: 3 performers were looked up\./).waitFor();
});

test('without a stash-box it is said what to do', async () => {
  scripted();
  world.stash.answers['stashIds.performers'] = () => ({
    total: 0,
    listed: null,
    items: [],
    next: null,
    boxes: [],
  });
  const page = await world.open(TAB);
  await page.getByText(/Stash’s settings have no stash-box with an API key/).waitFor();
  await page.getByText('Nobody has a suggestion about stash IDs.', { exact: true }).waitFor();
  assert.equal(await page.getByText(/Look performers up|Look up/).count(), 0);
});

const PAGES = 'https://box.example/performers';

function scripted(): void {
  world.begin({
    'stashIds.performers': performers,
    'stashIds.list': () => ({ performerList: LIST }),
    'stashIds.find': () => ({ jobId: '4', joined: false }),
    'stashBoxes.pictures': ({ pictures }) => ({
      pictures: pictures.map(() => ({ url: PIXEL, problem: null })),
    }),
    'stashBoxes.profile': () => ({ name: 'Lovelace 2', disambiguation: '', imageId: null, offers: [] }),
    'suggestions.list': () => ({
      total: 3,
      byKind: [{ kind: 'performer-stash-id', total: 3, oneByOne: 0 }],
      items: [],
    }),
    'suggestions.accept': (input) => ({
      accepted: ('ids' in input ? input.ids : []).map((id) => ({ id, journalId: `j-${id}` })),
      refused: [],
      dryRun: false,
      batchId: 'b',
    }),
    'suggestions.reject': ({ ids }) => ({ rejected: ids, refused: [] }),
    'suggestions.reopen': ({ ids }) => ({ reopened: ids }),
    'journal.undo': (input) => ({ undone: 'ids' in input ? input.ids : ['j'], refused: [] }),
  });
  world.stash.stashBoxes = [
    { endpoint: BOX, name: 'Box' },
    { endpoint: 'https://third.example/graphql', name: 'Third' },
  ];
}

/** A look-up is under way. @returns ends it */
function startRun(): () => void {
  const runs = [run({ id: 'r9', task: 'link-stash-ids', jobId: '4' })];
  world.stash.answers['status'] = () => status({ runs });
  world.stash.job = { status: 'RUNNING', progress: 0.5 };
  return () => {
    runs[0] = run({ id: 'r9', task: 'link-stash-ids', state: 'finished', phase: 'ended' });
    world.stash.job = { status: 'FINISHED', progress: 1 };
  };
}

/** Three performers with suggestions, or a list of as many as the library has. */
function performers({ performerList, minConfidence, limit, after }: Input<'stashIds.performers'>) {
  const boxes = [
    { endpoint: BOX, name: 'Box' },
    { endpoint: OTHER, name: 'Other' },
  ];
  if (performerList === undefined)
    return { total: 3, listed: null, items: ['1', '2', '3'].map(linksOf), next: null, boxes };
  const all = world.stash.library.performers.map(({ id }) => ({ ...linksOf(id), suggestions: [] }));
  const start = after === undefined ? 0 : all.findIndex(({ performerId }) => performerId === after) + 1;
  const items = all.slice(start, start + limit);
  const next = start + limit < all.length ? (items.at(-1)?.performerId ?? null) : null;
  const total = minConfidence === undefined ? all.length : 21;
  return { total, listed: all.length, items, next, boxes };
}

/** The first has two suggestions, the second was looked up everywhere. */
function linksOf(performerId: string): PerformerLinks {
  return {
    performerId,
    name: `Ada ${performerId}`,
    disambiguation: '',
    stashIds: [{ endpoint: 'https://third.example/graphql', stashId: `has-${performerId}` }],
    missing: [{ endpoint: BOX, lookedUpAt: performerId === '2' ? Date.now() : null, isWaiting: false }],
    suggestions: [
      suggested(`s${performerId}`, performerId, 'Lovelace', 0.98),
      ...(performerId === '1' ? [suggested('t1', performerId, 'Byron', 0.7)] : []),
    ],
  };
}

function suggested(
  id: string,
  performerId: string,
  name: string,
  confidence: number,
): SuggestionViewOf<'performer-stash-id'> {
  const signs = [{ sign: 'face', weight: 10, mine: '0.831', theirs: '' } as const];
  return {
    ...linking(performerId, { name: `${name} ${performerId}`, disambiguation: '', signs }),
    id,
    entityTitle: `Ada ${performerId}`,
    confidence,
    payload: { stashId: { endpoint: BOX, stashId: id } },
  };
}

function performerOf(id: string) {
  return { id, name: `Ada ${id}`, disambiguation: '', image_path: `/performer/${id}/image` };
}

function row(page: Page, name: string): Locator {
  return page.getByRole('group', { name, exact: true });
}

function found(performer: Locator, name: string): Locator {
  return performer.getByRole('group', { name: new RegExp(`^${name} for`) });
}
