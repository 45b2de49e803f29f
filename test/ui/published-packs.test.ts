/** Published reference packs on the People tab, in a real browser. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Output } from '../../core/contract/operations.ts';
import type { InstalledPackView } from '../../core/contract/reference-packs.ts';
import type { ChannelView, PublishedPackView } from '../../core/contract/reference-packs/channel.ts';
import { message, plain } from '../../core/messages/message.ts';
import { until } from '../fixtures/wait.ts';
import { run, status } from './samples.ts';
import { shot, within } from './screen.ts';
import { toastText, uiWorld } from './world.ts';

const world = uiWorld();
const PEOPLE = '/plugins/stash-sense?tab=people';

const NOBODY = {
  performers: 3,
  withReference: 2,
  packs: [],
  references: {},
  without: { total: 0, items: [] },
};

const ANSWERS: Parameters<typeof world.begin>[0] = {
  'people.info': () => NOBODY,
  'people.lookAlikes': () => ({ total: 0, told: 0, items: [] }),
};

const pack = (overrides: Partial<PublishedPackView> = {}): PublishedPackView => ({
  id: 'box--by-01234567',
  name: 'People of a box',
  version: '2',
  builtAt: '2026-01-02T03:04:05.000Z',
  people: 1200,
  licenseNote: 'CC0',
  state: 'new',
  bytes: 12_300_000,
  news: null,
  problem: null,
  ...overrides,
});

const channel = (overrides: Partial<ChannelView> = {}): ChannelView => ({
  address: 'https://packs.example/',
  checkedAt: null,
  problem: null,
  packs: [],
  untold: [],
  ...overrides,
});

test('the publisher is asked at a click, and a pack is fetched at another one', async () => {
  let now = channel();
  world.begin({
    ...ANSWERS,
    'packChannel.view': () => now,
    'packChannel.check': () => (now = channel({ checkedAt: Date.now(), packs: [pack()] })),
    'packChannel.fetch': () => ({ jobId: '1', joined: false }),
  });
  const page = await world.open(PEOPLE);
  const section = page.getByRole('region', { name: 'Published packs' });
  await section.getByText('From https://packs.example/.').waitFor();
  assert.match(await section.innerText(), /Not asked yet/);
  assert.equal(world.inputs('packChannel.check').length, 0);
  await section.getByRole('button', { name: 'Look for packs' }).click();
  await section.getByText('People of a box').waitFor();
  assert.match(await section.innerText(), /1,200 people.*version 2/s);
  assert.match(await section.innerText(), /Fetch \(12\.3 MB\)/);
  await section.getByRole('button', { name: 'Fetch People of a box' }).click();
  assert.match(await toastText(page), /Fetch reference packs/);
  assert.deepEqual(world.inputs('packChannel.fetch'), [{ id: 'box--by-01234567' }]);
});

const INSTALLED: InstalledPackView = {
  id: 'box--by-01234567',
  isBuiltHere: false,
  name: 'People of a box',
  version: '2',
  builtAt: '2026-01-02T03:04:05.000Z',
  people: 1200,
  references: 2400,
  facePack: 'portable-1',
  embedders: ['portable-1'],
  sources: ['box.example'],
  licenseNote: 'CC0',
  bytes: 12_300_000,
  before: { version: '1', builtAt: '2026-01-01T03:04:05.000Z' },
  problem: null,
};

test('what is installed is shown alike everywhere, also where the fetch has ended before it was seen', async () => {
  let packs: InstalledPackView[] = [];
  let runs: ReturnType<typeof run>[] = [];
  world.begin({
    status: () => status({ runs }),
    'people.info': () => ({ ...NOBODY, packs }),
    'people.lookAlikes': () => ({ total: 0, told: 0, items: [] }),
    'referencePacks.list': () => ({ packs, offered: [] }),
    'packChannel.view': () =>
      channel({ checkedAt: Date.now(), packs: [pack({ state: packs.length > 0 ? 'current' : 'new' })] }),
    'packChannel.fetch': () => {
      packs = [INSTALLED];
      runs = [
        run({ id: '9', task: 'fetch-reference-packs', state: 'finished', phase: 'ended', fraction: 1 }),
      ];
      return { jobId: '1', joined: false };
    },
    'referencePacks.goBack': () => {
      packs = [{ ...INSTALLED, version: '1', people: 1100 }];
      return { name: INSTALLED.name!, version: '1' };
    },
  });
  const page = await world.open(PEOPLE);
  const none = page.getByText('None is installed.');
  await none.waitFor();
  await page.getByRole('button', { name: 'Fetch People of a box' }).click();
  const line = page.getByText(/^Reference packs: /);
  await line.filter({ hasText: '1,200 people' }).waitFor();
  await none.waitFor({ state: 'detached' });
  await page.getByRole('region', { name: 'Published packs' }).getByText('Installed').waitFor();
  await page.getByRole('button', { name: 'Go back to version 1 of People of a box' }).click();
  await line.filter({ hasText: '1,100 people' }).waitFor();
});

test('what is new is no check: Status shows it with a sign of its own, and leads to where it is fetched', async () => {
  const news = message('referencePacks.channel.isNewer', { name: 'People of a box', version: '2' });
  world.begin({
    status: () => status({ checks: [{ id: 'reference-packs', ok: true, isNews: true, message: news }] }),
  });
  const page = await world.open('/plugins/stash-sense?tab=status');
  const row = page.getByRole('listitem').filter({ hasText: 'Version 2 of the reference pack' });
  assert.match(await row.innerText(), /^New:\s+Version 2/);
  assert.match((await row.getAttribute('class'))!, /text-info/);
  assert.equal(await row.getByRole('link', { name: 'People' }).count(), 1);
});

test('a newer version says what it changes, in a toast once; one that cannot be used has no button', async () => {
  let untold = [message('referencePacks.channel.isNewer', { name: 'People of a box', version: '2' })];
  world.begin({
    ...ANSWERS,
    'packChannel.view': () =>
      channel({
        checkedAt: Date.now(),
        untold,
        packs: [
          pack({
            state: 'newer',
            news: message('referencePacks.channel.changes', { added: 12, changed: 3, removed: 1 }),
          }),
          pack({
            id: 'other',
            name: 'Other',
            problem: message('referencePacks.channel.otherFacePack', {
              name: 'Other',
              pack: 'portable-2',
              inUse: 'portable-1',
            }),
          }),
          pack({ id: 'third', name: 'Third', state: 'current' }),
        ],
      }),
    'packChannel.told': () => {
      untold = [];
      return {};
    },
  });
  const page = await world.open(PEOPLE);
  assert.match(await toastText(page), /Version 2 of the reference pack People of a box is published/);
  const section = page.getByRole('region', { name: 'Published packs' });
  await section.getByText('12 people more, 3 changed, 1 removed').waitFor();
  assert.equal(await section.getByRole('button', { name: 'Update People of a box' }).count(), 1);
  assert.deepEqual(await section.getByRole('button').allInnerTexts(), ['Look for packs', 'Update (12.3 MB)']);
  await section.getByText('change to portable-2 on the Status tab').waitFor();
  assert.equal(world.inputs('packChannel.told').length, 1);
});

test('without an address nobody can be asked, and why the last time failed is said', async () => {
  world.begin({ ...ANSWERS, 'packChannel.view': () => channel({ address: null }) });
  const page = await world.open(PEOPLE);
  const section = page.getByRole('region', { name: 'Published packs' });
  await section.getByText('No address is known: name one in the setting').waitFor();
  assert.ok(await section.getByRole('button', { name: 'Look for packs' }).isDisabled());
  world.begin({
    ...ANSWERS,
    'packChannel.view': () =>
      channel({
        checkedAt: Date.now(),
        problem: message('referencePacks.channel.notRead', {
          address: 'https://packs.example/reference-packs.json',
          reason: message('fetch.brokeOff'),
        }),
      }),
  });
  const again = await world.open(PEOPLE);
  await again
    .getByText(
      'https://packs.example/reference-packs.json could not be read (it broke off half-way): try again later',
    )
    .waitFor();
});

test('the part is there while its answer is waited for, and says why where none comes', async () => {
  const waiting: ((view: ChannelView) => void)[] = [];
  world.begin({
    ...ANSWERS,
    'packChannel.view': () => new Promise<ChannelView>((resolve) => waiting.push(resolve)),
  });
  const page = await world.open(PEOPLE);
  const section = page.getByRole('region', { name: 'Published packs' });
  await section.getByRole('status', { name: 'Loading' }).waitFor();
  for (const answer of waiting) answer(channel({ checkedAt: Date.now(), packs: [pack()] }));
  await section.getByText('People of a box').waitFor();

  world.begin({
    ...ANSWERS,
    'packChannel.view': () => {
      throw new Error('The database is locked.');
    },
  });
  const again = await world.open(PEOPLE);
  await again.getByRole('region', { name: 'Published packs' }).getByText('The database is locked.').waitFor();
});

test('a setting that is refused is said alone: no other sentence says that there is no address, or that nobody publishes there', async () => {
  const problem = message('fetch.badChannel', {
    setting: message('settings.label.packChannel'),
    problem: message('fetch.channelHoldsPassword'),
  });
  world.begin({
    ...ANSWERS,
    'packChannel.view': () => channel({ address: null, checkedAt: Date.now(), problem }),
  });
  const page = await world.open(PEOPLE);
  const section = page.getByRole('region', { name: 'Published packs' });
  await section.getByText('holds a user name or a password').waitFor();
  assert.doesNotMatch(await section.innerText(), /No address is known|Not asked|Asked|Nobody publishes/);
});

test('a pack is fetched once: its button waits until the run that was started is seen to have ended', async () => {
  let runs: ReturnType<typeof run>[] = [];
  world.begin({
    ...ANSWERS,
    status: () => status({ runs }),
    'packChannel.view': () => channel({ checkedAt: Date.now(), packs: [pack({ bytes: 21_000_000 })] }),
    'packChannel.fetch': () => ({ jobId: '1', joined: false }),
  });
  const page = await world.open(PEOPLE);
  const fetch = page.getByRole('button', { name: 'Fetch People of a box' });
  await fetch.waitFor();
  assert.equal(await fetch.innerText(), 'Fetch (21 MB)');
  await fetch.click();
  await toastText(page);
  assert.ok(await fetch.isDisabled());
  runs = [run({ id: '9', task: 'fetch-reference-packs', phase: 'working', state: 'running' })];
  const section = page.getByRole('region', { name: 'Published packs' });
  await section.getByRole('button', { name: 'Stop' }).waitFor();
  assert.ok(await fetch.isDisabled());
  runs = [];
  await section.getByRole('button', { name: 'Stop' }).waitFor({ state: 'detached' });
  await until(() => fetch.isEnabled(), 'it can be fetched once more');
  assert.equal(world.inputs('packChannel.fetch').length, 1);
});

test('references are exported at a click, and where they are and what is in them stays on the page', async () => {
  const values = { people: 2, confirmed: 3, pictures: 1, file: '/data/confirmed-references.jsonl' };
  world.begin({
    ...ANSWERS,
    'referencePacks.export': () => ({
      people: 2,
      said: [message('export.isDone', values), message('export.what')],
    }),
  });
  for (const width of [1400, 375]) {
    const page = await world.open(PEOPLE, { width });
    const section = page.getByRole('region', { name: 'Give references away' });
    assert.match(await section.innerText(), /nothing is sent/);
    await section.getByRole('button', { name: 'Export references' }).click();
    const said = section.getByRole('status');
    await said.getByText('of 2 performers, stand as numbers in /data/confirmed-references.jsonl.').waitFor();
    assert.match(
      await said.innerText(),
      /3 faces that you confirmed and 1 profile picture,.*Nothing was sent/s,
    );
    await within(page, section);
    await shot(page, `export-references-${width}`);
  }
  assert.equal(world.inputs('referencePacks.export').length, 2);
  assert.deepEqual(world.complaints, []);
});

test('an install that fails says why, and leaves no trace of a fault in the console', async () => {
  const said = plain('/nowhere was not installed as a reference pack.');
  // The plugin answers so in place of what the contract names.
  const failure = {
    operationError: { code: 'bad-input', said },
  } as unknown as Output<'referencePacks.install'>;
  world.begin({
    ...ANSWERS,
    'packChannel.view': () => channel(),
    'referencePacks.install': () => failure,
  });
  const page = await world.open(PEOPLE);
  await page.getByLabel('Whole path of a pack').fill('/nowhere');
  await page.getByRole('button', { name: 'Install', exact: true }).click();
  assert.match(await toastText(page), /nowhere was not installed/);
  assert.deepEqual(world.complaints, []);
});
