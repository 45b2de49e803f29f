/** The other tabs of our page, in a real browser. */
import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { test } from 'node:test';
import {
  ambiguous,
  entry,
  faces,
  journalOf,
  never,
  person,
  references,
  run,
  status,
  suggestion,
} from './samples.ts';
import { toastText, uiWorld } from './world.ts';
import { joined, plain, message } from '../../core/messages/message.ts';

const RESTARTED = joined([message('runs.cut.stashRestarted'), message('runs.cut.goesOn')])!;
const world = uiWorld();

test('the address keeps the tab, and the browser goes back to the one before', async () => {
  world.begin({
    'suggestions.list': () => ({ total: 0, items: [] }),
    'journal.list': () => journalOf([]),
  });
  const page = await world.open('/plugins/stash-sense');
  await page.getByText('Nothing to decide.').waitFor();
  await page.getByRole('tab', { name: 'History' }).click();
  await page.getByText('Nothing has been written to Stash yet.').waitFor();
  assert.match(page.url(), /\?tab=history$/);
  await page.reload();
  await page.getByText('Nothing has been written to Stash yet.').waitFor();
  await page.goBack();
  await page.getByText('Nothing to decide.').waitFor();
});

test('a run shows how far it is, how fast, and how long it takes; it can be stopped and started', async () => {
  let runs = [run()];
  world.begin({
    status: () => status({ runs }),
    'runs.failures': () => ({ total: 0, items: [] }),
    stop: () => {
      runs = [run({ state: 'stopped', phase: 'ended', endedAt: Date.now() })];
      return { stopping: ['r1'] };
    },
    'runs.start': () => ({ jobId: '5', joined: false }),
  });
  const page = await world.open('/plugins/stash-sense?tab=runs');
  await page.getByText('125 of 500 · 720 an hour · 31 min left · 1 failed').waitFor();
  assert.equal(await page.getByRole('progressbar').getAttribute('aria-valuenow'), '25');
  await page.getByRole('button', { name: 'Stop' }).click();
  await page.getByText('stopped', { exact: true }).first().waitFor();
  assert.deepEqual(world.inputs('stop'), [{ task: 'scan' }]);
  await page.getByRole('button', { name: 'Go on' }).click();
  await page.getByText("Scan library is in Stash's queue.").waitFor();
  assert.deepEqual(world.inputs('runs.start'), [{ task: 'scan' }]);
  assert.deepEqual(world.complaints, []);
});

test('stash IDs are looked for from the page too', async () => {
  world.begin({
    'runs.failures': () => ({ total: 0, items: [] }),
    'runs.start': () => ({ jobId: '5', joined: false }),
  });
  const page = await world.open('/plugins/stash-sense?tab=runs');
  const card = page.locator('.stash-sense-task').filter({ hasText: 'Link stash-box IDs' });
  await card.getByRole('button', { name: 'Start' }).click();
  await page.getByText("Link stash-box IDs is in Stash's queue.").waitFor();
  assert.deepEqual(world.inputs('runs.start'), [{ task: 'link-stash-ids' }]);
});

test('a run that Stash forgot is offered again', async () => {
  world.begin({
    status: () => status({ runs: [run({ phase: 'lost', message: RESTARTED })] }),
    'runs.failures': () => ({ total: 0, items: [] }),
    'runs.start': () => ({ jobId: null, joined: true }),
  });
  const page = await world.open('/plugins/stash-sense?tab=runs');
  await page
    .getByText('Stash was restarted. What was done is kept: "Go on" continues from there.')
    .first()
    .waitFor();
  await page.getByText('cut short').first().waitFor();
  await page.getByRole('button', { name: 'Go on' }).click();
  await page.getByText('Scan library is under way already.').waitFor();
});

test('how looks at single scenes and moves of the data ended is listed too', async () => {
  world.begin({
    status: () =>
      status({
        runs: [
          run({ id: '9', task: 'identify', phase: 'lost', message: RESTARTED }),
          run({
            id: '8',
            task: 'identify',
            state: 'failed',
            phase: 'ended',
            message: plain('The weights are missing.'),
          }),
          run({
            id: '7',
            task: 'move-data',
            state: 'finished',
            phase: 'ended',
            message: plain('It is in /data.'),
          }),
        ],
      }),
    'runs.failures': () => ({ total: 0, items: [] }),
  });
  const page = await world.open('/plugins/stash-sense?tab=runs');
  const rows = page.locator('.stash-sense-runs tbody tr');
  await rows.nth(2).waitFor();
  assert.match(await rows.nth(0).innerText(), /Identify scene\s+cut short Stash was restarted\./);
  assert.match(await rows.nth(1).innerText(), /Identify scene\s+failed The weights are missing\./);
  assert.match(await rows.nth(2).innerText(), /Move data\s+finished It is in \/data\./);
});

test('a double click starts a task once', async () => {
  world.begin({
    'runs.failures': () => ({ total: 0, items: [] }),
    'people.info': () => ({
      performers: 1,
      withReference: 1,
      packs: [],
      references: {},
      without: { total: 0, items: [] },
    }),
    'runs.start': async () => {
      await new Promise((resolve) => setTimeout(resolve, 500));
      return { jobId: '5', joined: false };
    },
  });
  for (const [tab, name] of [
    ['runs', 'Start'],
    ['people', 'Update people'],
    ['status', 'Set up'],
  ] as const) {
    const before = world.inputs('runs.start').length;
    const page = await world.open(`/plugins/stash-sense?tab=${tab}`);
    await page.getByRole('button', { name }).first().dblclick();
    await page.getByText("is in Stash's queue.").waitFor();
    assert.equal(world.inputs('runs.start').length - before, 1, tab);
  }
});

test('a look at single scenes that Stash forgot is offered again too, where it is listed', async () => {
  world.begin({
    status: () => status({ runs: [run({ task: 'identify', phase: 'lost', message: RESTARTED })] }),
    'runs.failures': () => ({ total: 0, items: [] }),
    'runs.start': () => ({ jobId: '3', joined: false }),
  });
  const page = await world.open('/plugins/stash-sense?tab=runs');
  await page
    .getByRole('row', { name: /Identify scene/ })
    .getByRole('button', { name: 'Go on' })
    .click();
  assert.match(await toastText(page), /Identify scene is in Stash's queue\./);
  assert.deepEqual(world.inputs('runs.start'), [{ task: 'identify' }]);
});

test('the status is asked again while a run is under way, and not when none is', async () => {
  let runs = [run()];
  world.begin({ status: () => status({ runs }), 'runs.failures': () => ({ total: 0, items: [] }) });
  const page = await world.open('/plugins/stash-sense?tab=runs', { hasClock: true });
  await page.getByText('125 of 500', { exact: false }).waitFor();
  await page.clock.pauseAt(Date.now() + 60_000);
  const asked = async (ms: number): Promise<number> => {
    await page.clock.runFor(ms);
    await new Promise((resolve) => setTimeout(resolve, 1000));
    return world.inputs('status').length;
  };
  const begun = await asked(0);
  assert.ok((await asked(5000)) > begun);
  runs = [];
  await asked(10_000);
  const ended = await asked(10_000);
  assert.equal(await asked(60_000), ended);
});

test('what failed is listed with its reason and can all be tried again', async () => {
  const item = {
    kind: 'scene',
    id: '8',
    title: 'broken.mp4',
    state: 'failed',
    error: plain('ffmpeg could not read the file.'),
    attempts: 3,
    at: Date.now(),
  };
  world.begin({ 'runs.failures': () => ({ total: 1, items: [item] }), 'runs.retry': () => ({ count: 1 }) });
  const page = await world.open('/plugins/stash-sense?tab=runs');
  await page.getByText('ffmpeg could not read the file.').waitFor();
  assert.equal(await page.getByRole('link', { name: 'broken.mp4' }).getAttribute('href'), '/scenes/8');
  await page.getByRole('button', { name: 'Try all failed ones again' }).click();
  await page.getByText('1 failed item will be tried again, at the latest by the next scan.').waitFor();
});

test('people: how many, who not and why, and which pictures somebody is known by', async () => {
  world.begin({
    'people.info': () => ({
      performers: 50,
      withReference: 42,
      packs: [],
      references: { used: 55, 'no-face': 2 },
      without: {
        total: 1,
        items: [{ performerId: '4', name: 'Cleo Test', reason: plain('No picture in Stash.') }],
      },
    }),
    'people.references': () => references(),
    'runs.start': () => ({ jobId: '1', joined: false }),
  });
  const page = await world.open('/plugins/stash-sense?tab=people');
  await page.getByText('42 of 50 performers').waitFor();
  await page.getByText('Pictures: 55 used, 2 without a face').waitFor();
  await page.getByText('No picture in Stash.').waitFor();
  await page.getByRole('searchbox').fill('jan');
  await page.getByRole('button', { name: 'Jane Doe' }).click();
  await page.getByText('looks like somebody else').waitFor();
  await page.getByText('quality 80 %').waitFor();
  assert.deepEqual(world.inputs('people.references').at(-1), { performerId: '1', limit: 30, offset: 0 });
  await page.getByRole('button', { name: 'Update people' }).click();
  await page.getByText("Update people is in Stash's queue.").waitFor();
});

test('people: while they are updated it is said how far that is, and the numbers follow', async () => {
  let isRunning = true;
  world.begin({
    status: () =>
      status({ runs: isRunning ? [run({ task: 'people', message: plain('Learning Jane') })] : [] }),
    'people.info': () => ({
      performers: 50,
      withReference: isRunning ? 41 : 42,
      packs: [],
      references: {},
      without: { total: 0, items: [] },
    }),
  });
  const page = await world.open('/plugins/stash-sense?tab=people');
  await page.getByText('41 of 50 performers').waitFor();
  await page.getByText('Learning Jane').waitFor();
  assert.equal(await page.getByRole('button', { name: 'Update people' }).isDisabled(), true);
  isRunning = false;
  await page.getByText('42 of 50 performers').waitFor();
});

test('what was shown stays when the next question fails, and why is said beside it', async () => {
  const people = {
    performers: 500,
    withReference: 42,
    packs: [],
    references: {},
    without: { total: 90, items: [{ performerId: '4', name: 'Cleo Test', reason: plain('No picture.') }] },
  };
  world.begin({ 'people.info': ({ offset }) => (offset === 0 ? people : failing()) });
  const page = await world.open('/plugins/stash-sense?tab=people');
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByText('Stash does not answer.').waitFor();
  await page.getByText('Cleo Test').waitFor();

  let isFirst = true;
  world.begin({
    'settings.get': () => (isFirst ? { settings: { scanScope: 'all' }, problems: [] } : failing()),
    'settings.set': () => {
      isFirst = false;
      return { problems: [], saved: ['dryRun'] };
    },
  });
  const settings = await world.open('/plugins/stash-sense?tab=settings');
  await settings.getByLabel('Dry run').check();
  await settings.getByRole('button', { name: 'Save' }).click();
  await settings.getByText('Stash does not answer.').waitFor();
  await settings.getByLabel('Scan - which scenes').waitFor();
});

test('history: what is more than performers and tags is said field by field, with a link to what it is of', async () => {
  const jane = { kind: 'performer', id: '9' } as const;
  const items = [
    entry({ id: 'j1', entityTitle: 'A day out' }),
    entry({
      id: 'j2',
      batchId: 'b2',
      entity: jane,
      entityTitle: 'Jane Doe',
      summary: plain('linked Jane Doe'),
      changes: [
        { op: 'set', entity: jane, field: 'birthdate', before: null, after: '1990-01-02' },
        { op: 'set', entity: jane, field: 'favorite', before: false, after: true },
        {
          op: 'add',
          entity: jane,
          field: 'stashIds',
          values: [{ endpoint: 'https://box.example', stashId: 'abc' }],
        },
        { op: 'remove', entity: jane, field: 'aliases', values: ['Jo', 'J.'] },
        { op: 'add', entity: jane, field: 'tags', values: ['4'] },
      ],
    }),
  ];
  world.begin({ 'journal.list': () => journalOf(items) });
  const page = await world.open('/plugins/stash-sense?tab=history');
  await page.getByText('birthdate: nothing → 1990-01-02').waitFor();
  await page.getByText('favorite: no → yes').waitFor();
  await page.getByText('stash IDs: + abc').waitFor();
  await page.getByText('aliases: − Jo, J.').waitFor();
  assert.equal(await page.getByText(/^tags|^performers/).count(), 0);
  assert.match(
    (await page.getByRole('link', { name: 'Jane Doe' }).getAttribute('href')) ?? '',
    /\/performers\/9$/,
  );
});

test('history: each write can be undone, and those of one go together', async () => {
  let items = [
    entry({ id: 'j1', batchId: 'b1' }),
    entry({
      id: 'j2',
      batchId: 'b2',
      summary: message('history.added', { name: 'Ann Example' }),
      by: 'scan',
    }),
    entry({ id: 'j3', batchId: 'b2', summary: message('history.added', { name: 'Bea Sample' }), by: 'scan' }),
  ];
  world.begin({
    'journal.list': () => journalOf(items),
    'journal.batch': ({ batchId }) => ({
      ...journalOf(items).batches.find((batch) => batch.batchId === batchId)!,
      gone: 0,
      changes: [{ op: 'add', what: 'performers', count: 2 }],
    }),
    'journal.undo': (input) => {
      const isMeant = (it: (typeof items)[number]): boolean =>
        'ids' in input ? input.ids.includes(it.id) : it.batchId === input.batchId;
      const undone = items.filter(isMeant).map(({ id }) => id);
      items = items.map((it) => (isMeant(it) ? { ...it, state: 'undone', undoneAt: Date.now() } : it));
      return { undone, refused: [] };
    },
  });
  const page = await world.open('/plugins/stash-sense?tab=history');
  await page.getByText('2 changes together').waitFor();
  await page.getByRole('button', { name: 'Undo: added Jane Doe' }).click();
  await page.getByText('1 change undone.').waitFor();
  await page.getByRole('button', { name: 'Undo all together' }).click();
  await page.getByText('Undo 2 changes: 2 performers added.').waitFor();
  assert.equal(world.inputs('journal.undo').length, 1);
  await page.getByRole('button', { name: 'Undo 2 changes' }).click();
  await page.getByText('2 changes undone.').waitFor();
  assert.deepEqual(world.inputs('journal.undo'), [{ ids: ['j1'] }, { batchId: 'b2', limit: 40 }]);
  await page.getByRole('button', { name: /^Undo/ }).first().waitFor({ state: 'detached' });
});

test('an undo that is refused says why', async () => {
  world.begin({
    'journal.list': () => journalOf([entry()]),
    'journal.undo': () => ({ undone: [], refused: [{ id: 'j1', reason: plain('The scene is gone.') }] }),
  });
  const page = await world.open('/plugins/stash-sense?tab=history');
  await page.getByRole('button', { name: 'Undo: added Jane Doe' }).click();
  await page.getByText('0 undone, 1 not: The scene is gone.').waitFor();
});

test('status says what works and what to do about the rest', async () => {
  world.begin({
    status: () =>
      status({
        checks: [{ id: 'weights', ok: false, message: plain('Install the package stash-sense-faces.') }],
      }),
  });
  const page = await world.open('/plugins/stash-sense?tab=status');
  await page.getByText('Needs attention: Install the package stash-sense-faces.').waitFor();
  await page.getByText('4.2 MB database, 18 MB face pictures').waitFor();
});

test('a plugin that was updated under an open page says: reload', async () => {
  world.begin({ status: () => status({ version: '0.2.0' }), 'scene.faces': () => faces() });
  const page = await world.open('/plugins/stash-sense?tab=status');
  await page.getByText('Stash Sense is now version 0.2.0, this page still runs 0.1.0').waitFor();
  await page.getByRole('link', { name: 'Scenes' }).click();
  await page.getByRole('link', { name: 'A day out' }).click();
  await page.getByRole('tab', { name: 'Faces' }).click();
  await page.getByText('this page still runs 0.1.0').waitFor();
  await page.getByRole('button', { name: 'Reload' }).click();
  await page.getByRole('tab', { name: 'Faces' }).waitFor();
});

test('settings: only what was changed is sent, and what is wrong is said', async () => {
  world.begin({
    'settings.get': () => ({ settings: { scanScope: 'all', sliceMinutes: 10, dryRun: false }, problems: [] }),
    'settings.set': ({ changes }) => ({
      problems: changes['sliceMinutes'] === 500 ? [plain('Minutes per turn must be 1 to 240.')] : [],
      saved: Object.keys(changes).filter((name) => changes[name] !== 500),
    }),
  });
  const page = await world.open('/plugins/stash-sense?tab=settings');
  await page.getByLabel('Scan - minutes per turn').fill('500');
  await page.getByLabel('Speed - CPU threads').fill('3');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Minutes per turn must be 1 to 240.').waitFor();
  await page.getByText('Saved, except: Scan - minutes per turn.').waitFor();
  await page.getByLabel('Scan - minutes per turn').fill('5');
  await page.getByLabel('Dry run').check();
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Saved.', { exact: true }).waitFor();
  assert.deepEqual(world.inputs('settings.set'), [
    { changes: { sliceMinutes: 500, threads: 3 } },
    { changes: { sliceMinutes: 5, dryRun: true } },
  ]);
});

test('settings that were changed and not saved are still there after a look at another tab', async () => {
  world.begin({
    'settings.get': () => ({ settings: { sliceMinutes: 10 }, problems: [] }),
    'journal.list': () => journalOf([]),
  });
  const page = await world.open('/plugins/stash-sense?tab=settings');
  await page.getByLabel('Scan - minutes per turn').fill('25');
  await page.getByRole('tab', { name: 'History' }).click();
  await page.getByText('Nothing has been written to Stash yet.').waitFor();
  await page.getByRole('tab', { name: 'Settings' }).click();
  await page.getByLabel('Scan - minutes per turn').waitFor();
  assert.equal(await page.getByLabel('Scan - minutes per turn').inputValue(), '25');
});

test('an image: its faces on our page, found by number, by address, and from suggestions', async () => {
  const entity = { kind: 'image', id: '5' } as const;
  world.begin({
    'entity.faces': ({ entity: { kind } }) =>
      kind === 'image' ? faces({ persons: [person({ timesMs: [] }), ambiguous()] }) : never(),
    'gallery.identify': () => faces(),
    'suggestions.list': ({ entityKind }) =>
      entityKind === 'image'
        ? { total: 1, items: [suggestion({ entity, entityTitle: 'On the beach', href: '/images/5' })] }
        : { total: 0, items: [] },
    'suggestions.accept': () => ({
      accepted: [{ id: 's1', journalId: 'j1' }],
      refused: [],
      dryRun: false,
      batchId: 'b',
    }),
  });
  const page = await world.open('/plugins/stash-sense?tab=pictures');
  await page.getByText('Images with suggestions').waitFor();
  await page.getByLabel('Number, or address of its page').fill(`${world.stash.url}/images/5`);
  await page.getByRole('button', { name: 'Show faces' }).click();
  await page.waitForURL(/\?image=5$/);
  await page.getByRole('link', { name: 'On the beach' }).waitFor();
  await page.getByRole('button', { name: 'Add Jane Doe to this image' }).click();
  await page.getByText('Added Jane Doe to this image.').waitFor();
  await page.getByRole('button', { name: 'Another image or gallery' }).click();
  await page.getByLabel('Image or gallery').selectOption('gallery');
  await page.getByLabel('Number, or address of its page').fill('6');
  await page.getByRole('button', { name: 'Show faces' }).click();
  await page.getByText('Holidays').waitFor();
  await page.getByText('No face was found').waitFor();
});

test('a gallery shows how far its look is, and a proxy that gives up is explained', async () => {
  let view = never();
  const proxy = new EventEmitter();
  world.begin({
    'entity.faces': () => view,
    'gallery.identify': async () => {
      view = never({
        state: 'working',
        progress: { fraction: 0.06, message: message('observe.pictureOf', { number: 12, count: 200 }) },
      });
      await once(proxy, 'gives up');
      throw new Error('Response not successful: Received status code 504');
    },
  });
  const page = await world.open('/plugins/stash-sense?gallery=6');
  await page.getByText('Picture 12 of 200').waitFor();
  view = never({
    state: 'failed',
    lastFailure: { at: Date.now(), message: plain('it was ended before it was done.') },
  });
  proxy.emit('gives up');
  await page.getByText('gave up waiting for an answer (504)').waitFor();
  assert.equal(world.inputs('gallery.identify').length, 1);
  await page.getByRole('button', { name: 'Identify performers' }).waitFor();
});

test('a gallery without a title has the name of its file', async () => {
  world.begin({ 'entity.faces': () => faces({ persons: [] }) });
  const page = await world.open('/plugins/stash-sense?gallery=7');
  await page.getByRole('link', { name: '7.zip' }).waitFor();
});

test("an image's own page has the button below its details; nothing is asked before it is pressed", async () => {
  world.begin({
    'entity.faces': () => never(),
    'image.identify': () => faces({ persons: [person({ timesMs: [] })] }),
  });
  const page = await world.open('/images/5');
  const button = page.getByRole('button', { name: 'Identify performers' });
  await button.waitFor();
  assert.deepEqual(world.stash.calls, []);
  await button.click();
  await page.getByRole('button', { name: 'Add Jane Doe to this image' }).waitFor();
  assert.deepEqual(world.complaints, []);
});

function failing(): never {
  throw new Error('Stash does not answer.');
}
