/** People of reference packs on the page: their cards, what is asked where a name is taken, packs, and a picture that is asked about. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import type { Output } from '../../core/contract/operations.ts';
import type { SuggestionView, SuggestionViewOf } from '../../core/contract/suggestions.ts';
import { message, plain } from '../../core/messages/message.ts';
import { until } from '../fixtures/wait.ts';
import { candidate, faces, person, PIXEL, run, status, suggestion } from './samples.ts';
import { toastText, uiWorld } from './world.ts';

type Estimate = NonNullable<Output<'referencePacks.estimate'>['estimate']>;

const world = uiWorld();
const STASH_ID = { endpoint: 'https://box.example/graphql', stashId: 'known-1' };
const PERSON = 'pack:sample/p1';
const PNG =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

for (const width of [1400, 375])
  test(`${width} wide: the card names the person, the box, and shows its picture; the performer is made, added, and undone`, async () => {
    scripted();
    const page = await world.open('/plugins/stash-sense', { width });
    const asked = card(page, 'Nora Known');
    const link = asked.getByRole('link', { name: 'box.example' });
    assert.equal(await link.getAttribute('href'), 'https://box.example/performers/known-1');
    assert.equal(await link.getAttribute('rel'), 'noreferrer');
    await asked.getByRole('img', { name: 'Picture of Nora Known', exact: true }).waitFor();
    const box = (await asked.boundingBox())!;
    for (const button of await asked.getByRole('button').all()) {
      const inside = (await button.boundingBox())!;
      assert.ok(inside.x >= box.x && inside.x + inside.width <= box.x + box.width, 'a button is cut off');
    }
    await asked.getByRole('button', { name: 'Create the performer Nora Known and add them' }).click();
    await asked.getByText('created and added').waitFor();
    assert.match(await toastText(page), /Added Nora Known/);
    assert.deepEqual(world.inputs('suggestions.accept'), [{ ids: ['p1'], dryRun: false }]);
    await asked.getByRole('button', { name: /^Undo/ }).click();
    await asked.getByRole('button', { name: /^Create the performer/ }).waitFor();
    assert.deepEqual(world.inputs('journal.undo'), [{ ids: ['j-p1'] }]);
    assert.deepEqual(world.complaints, []);
  });

test("a box of Stash's settings is called as there, with the same address", async () => {
  scripted();
  world.stash.stashBoxes = [{ endpoint: STASH_ID.endpoint, name: 'The Box' }];
  const page = await world.open('/plugins/stash-sense');
  const link = card(page, 'Nora Known').getByRole('link', { name: 'The Box' });
  assert.equal(await link.getAttribute('href'), 'https://box.example/performers/known-1');
  assert.equal(await link.getAttribute('title'), 'Open Nora Known on The Box');
  assert.equal(await card(page, 'Nora Known').getByRole('link', { name: 'box.example' }).count(), 0);
});

test('the keys are the same: a makes and adds, r refuses, and the number chooses of several', async () => {
  scripted([packPerson(), tie()]);
  const page = await world.open('/plugins/stash-sense');
  await card(page, 'Nora Known').first().waitFor();
  await page.keyboard.press('a');
  await until(() => world.inputs('suggestions.accept').length === 1, 'it was accepted');
  await page.keyboard.press('2');
  await until(() => world.inputs('suggestions.accept').length === 2, 'one was chosen');
  assert.deepEqual(world.inputs('suggestions.accept'), [
    { ids: ['p1'], dryRun: false },
    { ids: ['t1'], choices: { t1: { performerId: '3' } }, dryRun: false },
  ]);
});

test('where a name is taken the card asks, and sends what was answered', async () => {
  scripted();
  const nameTaken = {
    personId: PERSON,
    name: 'Nora Known',
    disambiguation: '',
    performers: [{ performerId: '4', name: 'Nora Known' }],
  };
  const refused = [
    {
      id: 'p1',
      reason: message('packPeople.nameTaken', { name: 'Nora Known' }),
      state: 'open' as const,
      nameTaken,
    },
  ];
  world.stash.answers['suggestions.accept'] = () => ({ accepted: [], refused, dryRun: false, batchId: 'b' });
  const page = await world.open('/plugins/stash-sense');
  const asked = card(page, 'Nora Known');
  await asked.getByRole('button', { name: /^Create the performer/ }).click();
  await asked.getByText('Stash has a performer called Nora Known already').waitFor();
  await asked.getByRole('textbox', { name: 'Disambiguation' }).fill('the second');
  await asked.getByRole('button', { name: 'Create another one' }).click();
  await until(() => world.inputs('suggestions.accept').length === 2, 'it was asked once more');
  await asked.getByRole('button', { name: 'It is Nora Known' }).click();
  await until(() => world.inputs('suggestions.accept').length === 3, 'it was asked a third time');
  assert.deepEqual(
    world.inputs('suggestions.accept').map((input) => (input as { choices?: unknown }).choices),
    [undefined, { p1: { disambiguation: 'the second' } }, { p1: { performerId: '4', addStashId: true } }],
  );
});

test('"Add as…" finds a performer of the user, who gets the stash ID unless the tick is taken off', async () => {
  scripted();
  const page = await world.open('/plugins/stash-sense');
  const asked = card(page, 'Nora Known');
  await asked.getByRole('button', { name: 'Add Nora Known as a performer of yours' }).click();
  await asked.getByRole('searchbox', { name: 'Look up a performer' }).fill('bea');
  await asked.getByRole('checkbox', { name: 'Give them the stash ID' }).click();
  await asked.getByRole('button', { name: 'Bea Sample' }).click();
  await asked.getByText('Added Bea Sample.').waitFor();
  assert.deepEqual(world.inputs('suggestions.accept'), [
    { ids: ['p1'], choices: { p1: { performerId: '3', addStashId: false } }, dryRun: false },
  ]);
});

test('without a picture it is said why, and a whole list asks for its pictures in few questions', async () => {
  scripted(Array.from({ length: 14 }, (_, n) => packPerson({ id: `p${n}` }, `pack:sample/q${n}`)));
  world.stash.answers['referencePacks.pictures'] = ({ personIds }) => ({
    pictures: Object.fromEntries(
      personIds.map((id) => [id, { url: null, problem: message('packPeople.noPicture') }]),
    ),
  });
  const page = await world.open('/plugins/stash-sense');
  await card(page, 'Nora Known').first().getByText('No picture: the stash-box has none.').waitFor();
  await page.mouse.wheel(0, 4000);
  await until(
    () =>
      world.inputs('referencePacks.pictures').flatMap((input) => (input as { personIds: string[] }).personIds)
        .length === 14,
    'all were asked for',
  );
  const questions = world.inputs('referencePacks.pictures') as { personIds: string[] }[];
  assert.ok(questions.length <= 6, `${questions.length} questions`);
  assert.ok(questions.every(({ personIds }) => personIds.length <= 12));
});

for (const width of [1400, 375])
  test(`${width} wide, on the Faces tab: refused, then made a performer and added`, async () => {
    const added: Output<'packPeople.add'> = {
      journalId: 'j1',
      performerId: '9',
      dryRun: false,
      note: plain('It was made without a picture.'),
      refused: null,
    };
    let view = faces({ persons: [known()] });
    world.begin({
      'scene.faces': () => view,
      'referencePacks.pictures': pictures,
      'packPeople.reject': ({ undo }) => ({ rejected: !undo }),
      'packPeople.add': () => {
        view = faces({
          persons: [
            known(
              { performerId: '9', present: true, journalId: 'j1' },
              { performerId: '9', present: true, journalId: 'j1' },
            ),
          ],
        });
        return added;
      },
    });
    const page = await world.open('/scenes/7', { width });
    await page.getByRole('tab', { name: 'Faces' }).click();
    const asked = page.locator('.stash-sense-person', { hasText: 'Nora Known' });
    await asked.getByRole('link', { name: 'box.example' }).waitFor();
    await asked.getByRole('button', { name: 'Not this person: Nora Known' }).click();
    await until(() => world.inputs('packPeople.reject').length === 1, 'it was refused');
    await asked.getByRole('button', { name: 'Create the performer Nora Known and add them' }).click();
    await asked
      .getByRole('button', { name: 'Undo' })
      .or(asked.getByRole('button', { name: /^Take/ }))
      .first()
      .waitFor();
    assert.match(await toastText(page), /It was made without a picture/);
    const about = { entity: { kind: 'scene', id: '7' }, personKey: 0, personId: PERSON };
    assert.deepEqual(world.inputs('packPeople.add'), [{ ...about, choices: {} }]);
    assert.deepEqual(world.inputs('packPeople.reject'), [{ ...about, undo: false }]);
    assert.deepEqual(world.complaints, []);
  });

for (const width of [1400, 375])
  test(`${width} wide: the People tab says which packs there are, removes one after asking, and installs another`, async () => {
    world.begin({
      'people.info': () => ({
        performers: 3,
        withReference: 2,
        packs: [],
        references: {},
        without: { total: 0, items: [] },
      }),
      'people.lookAlikes': () => ({ total: 0, told: 0, items: [] }),
      'referencePacks.list': () => ({
        packs: [
          {
            id: 'sample',
            isBuiltHere: true,
            name: 'Public figures',
            version: '3',
            builtAt: '2026-11-01T00:00:00.000Z',
            people: 2600,
            references: 9000,
            facePack: 'portable-1',
            embedders: ['portable-1'],
            sources: ['box.example'],
            licenseNote: 'Pictures in the public domain.',
            bytes: 3_000_000,
            before: { version: '2', builtAt: '2026-10-01T00:00:00.000Z' },
            problem: plain('It is of another face pack.'),
          },
          {
            id: 'sample--by-01234567',
            isBuiltHere: false,
            name: 'Politicians',
            version: '3',
            builtAt: '2026-11-01T00:00:00.000Z',
            people: 12,
            references: 30,
            facePack: 'portable-1',
            embedders: ['portable-1'],
            sources: ['box.example'],
            licenseNote: '',
            bytes: 9000,
            before: null,
            problem: null,
          },
        ],
        offered: [],
      }),
      'referencePacks.remove': () => ({}),
      'referencePacks.goBack': () => ({ name: 'Public figures', version: '2' }),
      'referencePacks.install': () => ({ id: 'b', name: 'Another', people: 12 }),
    });
    const page = await world.open('/plugins/stash-sense?tab=people', { width });
    const part = page.getByRole('region', { name: 'Reference packs' });
    await part.getByText('2,600 people, from box.example, built ').waitFor();
    await part.getByText('12 people, from box.example, by somebody else, built ').waitFor();
    await part.getByText('It is of another face pack.').waitFor();
    await part.getByRole('button', { name: 'Go back to version 2 of Public figures' }).click();
    assert.match(await toastText(page), /Public figures: version 2 is in use/);
    assert.deepEqual(world.inputs('referencePacks.goBack'), [{ id: 'sample' }]);
    await part.getByRole('button', { name: 'Remove Public figures' }).click();
    await part.getByText('Remove Public figures? Its people are no longer suggested').waitFor();
    assert.deepEqual(world.inputs('referencePacks.remove'), []);
    await part.getByRole('button', { name: 'Remove', exact: true }).click();
    await until(() => world.inputs('referencePacks.remove').length === 1, 'it was removed');
    await part.getByRole('textbox').fill(' /packs/another.zip ');
    await part.getByRole('button', { name: 'Install' }).click();
    assert.match(await toastText(page), /Installed Another: 12 people|Removed Public figures/);
    assert.deepEqual(world.inputs('referencePacks.install'), [{ place: '/packs/another.zip' }]);
    assert.deepEqual(world.complaints, []);
  });

test('a pack is built only once it was measured what that takes, and what became of the pictures can be read', async () => {
  let isMeasured = false;
  const packId = 'mine-box-example';
  const started = { packId, jobId: '1', joined: false };
  world.begin({
    'people.info': () => ({
      performers: 3,
      withReference: 2,
      packs: [],
      references: {},
      without: { total: 0, items: [] },
    }),
    'people.lookAlikes': () => ({ total: 0, told: 0, items: [] }),
    'referencePacks.boxes': () => ({
      boxes: [
        { endpoint: 'https://none.example/graphql', name: 'No key', hasKey: false },
        { endpoint: STASH_ID.endpoint, name: 'The Box', hasKey: true },
      ],
    }),
    'referencePacks.estimate': ({ scope, endpoint = '' }) => ({
      packId,
      isMeasuring: false,
      problem: null,
      estimate: isMeasured ? estimateOf({ packId, endpoint, scope }) : null,
    }),
    'referencePacks.measure': () => {
      isMeasured = true;
      return started;
    },
    'referencePacks.build': () => started,
  });
  const page = await world.open('/plugins/stash-sense?tab=people');
  const part = page.getByRole('region', { name: 'Build a pack' });
  await part.getByText('See first what it takes').waitFor();
  assert.equal(await part.getByRole('button', { name: 'Build', exact: true }).count(), 0);
  assert.equal(await part.getByRole('option', { name: 'No key' }).count(), 0);
  await part.getByRole('button', { name: 'See what it takes' }).click();
  await part.getByRole('combobox', { name: 'Whom' }).selectOption('box');
  await part.getByText('About 40 people.').waitFor();
  await part.getByRole('button', { name: 'Build', exact: true }).click();
  await until(() => world.inputs('referencePacks.build').length === 1, 'it was started');
  const which = { endpoint: STASH_ID.endpoint };
  assert.deepEqual(world.inputs('referencePacks.measure'), [{ scope: 'mine', ...which }]);
  assert.deepEqual(world.inputs('referencePacks.build'), [{ scope: 'box', ...which, keepCrops: false }]);
  assert.deepEqual(world.complaints, []);
});

test('a pack that a package of Stash brings is offered, and installed without naming where it lies', async () => {
  const place = '/config/plugins/stash-sense-sample-people';
  let isInstalled = false;
  world.begin({
    'people.info': () => ({
      performers: 0,
      withReference: 0,
      references: {},
      packs: [],
      without: { total: 0, items: [] },
    }),
    'referencePacks.list': () => ({
      packs: [],
      offered: isInstalled ? [] : [{ place, name: 'Sample', people: 6 }],
    }),
    'referencePacks.install': () => {
      isInstalled = true;
      return { id: 'sample', name: 'Sample', people: 6 };
    },
  });
  const page = await world.open('/plugins/stash-sense?tab=people');
  await page.getByText('Sample (6 people) is there as a package of Stash, and not installed.').waitFor();
  const install = page.getByRole('button', { name: 'Install Sample' });
  await install.click();
  assert.match(await toastText(page), /Installed Sample: 6 people/);
  await install.waitFor({ state: 'detached' });
  assert.deepEqual(world.inputs('referencePacks.install'), [{ place }]);
  assert.deepEqual(world.complaints, []);
});

test('a pack that was started cannot be started once more before its run is seen; why a measurement failed is said', async () => {
  const packId = 'mine-box';
  const started = { packId, jobId: '7', joined: false };
  let runs: ReturnType<typeof run>[] = [];
  world.begin({
    'people.info': () => ({
      performers: 0,
      withReference: 0,
      references: {},
      packs: [],
      without: { total: 0, items: [] },
    }),
    status: () => status({ runs }),
    'referencePacks.boxes': () => ({
      boxes: [{ endpoint: STASH_ID.endpoint, name: 'The Box', hasKey: true }],
    }),
    'referencePacks.estimate': ({ scope, endpoint = '' }) => ({
      packId,
      isMeasuring: false,
      problem: plain('The Box does not answer.'),
      estimate: estimateOf({ packId, endpoint, scope }),
    }),
    'referencePacks.build': () => started,
  });
  const page = await world.open('/plugins/stash-sense?tab=people');
  const part = page.getByRole('region', { name: 'Build a pack' });
  await part.getByText('The Box does not answer.').waitFor();
  const build = part.getByRole('button', { name: 'Build', exact: true });
  await build.click();
  await page.getByText('Build reference pack is in Stash').first().waitFor();
  assert.equal(await build.isDisabled(), true);
  // Its process has begun the run; when that has ended, another may be started.
  runs = [run({ task: 'build-reference-pack', phase: 'working', state: 'running' })];
  await part.getByRole('button', { name: 'Stop' }).waitFor();
  assert.equal(await build.isDisabled(), true);
  runs = [];
  await part.getByRole('button', { name: 'Stop' }).waitFor({ state: 'detached' });
  await until(() => build.isEnabled(), 'it can be started once more');
  assert.equal(world.inputs('referencePacks.build').length, 1);
  assert.deepEqual(world.complaints, []);
});

for (const [width, place] of [
  [1400, '?tab=pictures'],
  [375, '?tab=pictures'],
  [1400, ''],
  [375, ''],
] as const)
  test(`${width} wide, ${place}: a picture that is chosen is asked about; who is in it stands beside it`, async () => {
    world.begin({
      'suggestions.list': () => ({ total: 0, items: [] }),
      'referencePacks.pictures': pictures,
      'pictures.ask': () => ({
        peopleCount: 2642,
        faces: [
          {
            key: 0,
            box: { x: 0.1, y: 0.2, width: 0.3, height: 0.4 },
            crop: PIXEL,
            decision: 'match',
            candidates: [
              {
                performerId: null,
                name: 'Nora Known',
                confidence: 0.96,
                reference: null,
                pack: { personId: PERSON, disambiguation: '', stashIds: [STASH_ID] },
              },
              { performerId: '3', name: 'Bea Sample', confidence: 0.02, reference: null },
            ],
          },
        ],
      }),
    });
    const page = await world.open(`/plugins/stash-sense${place}`, { width });
    if (place !== '?tab=pictures') await page.getByRole('button', { name: 'Who is it?' }).click();
    await page.locator('.stash-sense-ask input[type=file]').setInputFiles({
      name: 'a.png',
      mimeType: 'image/png',
      buffer: Buffer.from(PNG, 'base64'),
    });
    const part = page.getByRole('region', { name: 'Who is it?' });
    await part.getByText('1 face, searched among 2,642 people.').waitFor();
    await part.getByText('Nora Known').waitFor();
    assert.equal(await part.getByRole('link', { name: 'Bea Sample' }).getAttribute('href'), '/performers/3');
    const [sent] = world.inputs('pictures.ask') as { base64: string }[];
    assert.deepEqual([...Buffer.from(sent!.base64, 'base64').subarray(0, 3)], [255, 216, 255]);
    await part.getByRole('img', { name: /asked about/ }).waitFor();
    assert.match((await part.locator('.stash-sense-box').getAttribute('style'))!, /left: 10%.*width: 30%/);
    assert.deepEqual(world.complaints, []);
  });

function estimateOf(of: Pick<Estimate, 'packId' | 'endpoint' | 'scope'>): Estimate {
  return {
    ...of,
    at: 1,
    people: 40,
    pictures: 120,
    bytes: 1e9,
    hours: 2,
    sampled: 9,
    text: plain('About 40 people.'),
  };
}

function pictures({ personIds }: { personIds: string[] }): Output<'referencePacks.pictures'> {
  return { pictures: Object.fromEntries(personIds.map((id) => [id, { url: PIXEL, problem: null }])) };
}

function scripted(items: SuggestionView[] = [packPerson()]): void {
  world.begin({
    'suggestions.list': () => ({ total: items.length, items }),
    'suggestions.accept': (input) => {
      const ids = 'ids' in input ? input.ids : [];
      return {
        accepted: ids.map((id) => ({ id, journalId: `j-${id}` })),
        refused: [],
        dryRun: false,
        batchId: 'batch',
      };
    },
    'suggestions.reject': ({ ids }) => ({ rejected: ids, refused: [] }),
    'journal.undo': (input) => ({ undone: 'ids' in input ? input.ids : [input.batchId], refused: [] }),
    'referencePacks.pictures': pictures,
  });
}

function card(page: Page, name: string): Locator {
  return page.locator('.stash-sense-suggestion', { hasText: name });
}

function packPerson(
  change: Partial<SuggestionViewOf<'pack-person-seen'>> = {},
  personId = PERSON,
): SuggestionViewOf<'pack-person-seen'> {
  const { payload, evidence, view, ...common } = suggestion();
  const { timesMs, faceCount, similarity } = evidence;
  return {
    ...common,
    id: 'p1',
    kind: 'pack-person-seen',
    key: `pack-person-seen:scene:7:${personId}`,
    target: null,
    targetName: '',
    payload: {
      ...payload,
      people: [
        {
          personId,
          name: 'Nora Known',
          disambiguation: '',
          stashIds: [STASH_ID],
          confidence: 0.97,
          similarity,
        },
      ],
      performers: [],
    },
    evidence: { timesMs, faceCount, similarity, margin: 0.3 },
    view: { crop: view.crop, references: {}, chosen: null },
    ...change,
  };
}

function tie(): SuggestionViewOf<'pack-person-seen'> {
  const { payload, ...common } = packPerson({ id: 't1' });
  const performer = {
    performerId: '3',
    name: 'Bea Sample',
    confidence: 0.4,
    similarity: 0.6,
    referenceId: 'r',
  };
  return { ...common, payload: { ...payload, performers: [performer] } };
}

function known(
  change: Partial<ReturnType<typeof person>> = {},
  ofCandidate: Partial<ReturnType<typeof candidate>> = {},
): ReturnType<typeof person> {
  return person({
    performerId: null,
    name: 'Nora Known',
    candidates: [
      candidate({
        performerId: null,
        name: 'Nora Known',
        reference: null,
        pack: { personId: PERSON, disambiguation: '', stashIds: [STASH_ID] },
        ...ofCandidate,
      }),
    ],
    ...change,
  });
}
