/** Published reference packs on the People tab, in a real browser. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ChannelView, PublishedPackView } from '../../core/contract/reference-packs/channel.ts';
import { message } from '../../core/messages/message.ts';
import { toastText, uiWorld } from './world.ts';

const world = uiWorld();
const PEOPLE = '/plugins/stash-sense?tab=people';

const ANSWERS: Parameters<typeof world.begin>[0] = {
  'people.info': () => ({
    performers: 3,
    withReference: 2,
    packs: [],
    references: {},
    without: { total: 0, items: [] },
  }),
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
    .getByText('https://packs.example/reference-packs.json could not be read (it broke off half-way).')
    .waitFor();
});
