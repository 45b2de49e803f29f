/** The stash-boxes of a scene in the Faces tab of its page: what is missing, what is found, and what is taken over. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { plain } from '../../core/messages/message.ts';
import { until } from '../fixtures/wait.ts';
import { never, PIXEL } from './samples.ts';
import { shot, within } from './screen.ts';
import { BOX, boxView, sceneLinking, SCENE_OFFERS } from './stash-id-samples.ts';
import { toastText, uiWorld } from './world.ts';

const world = uiWorld();
const OTHER = 'https://other.example/graphql';
const REFUSES = 'https://refuses.example/graphql';
const FORMER = 'https://former.example/graphql';
const THEIRS = 'Notes on the Engine';

for (const width of [1400, 375])
  test(`${width} wide: a scene is looked up box by box, each says what became of it, and it is linked and undone`, async () => {
    scripted();
    const page = await openFaces({ width });
    await page.getByRole('button', { name: 'Find on stash-boxes' }).waitFor();
    assert.deepEqual(world.inputs('sceneBoxes.ofScene'), [], 'nothing is asked before it is opened');
    const panel = await openPanel(page);
    await panel.getByText('no ID').first().waitFor();
    assert.equal(
      await panel.getByRole('link', { name: 'former.example' }).getAttribute('href'),
      'https://former.example/scenes/old-1',
    );
    await panel.getByText('Stash’s settings have no API key for it').waitFor();
    await panel.getByRole('button', { name: 'Find by fingerprints' }).click();
    const found = panel.getByRole('group', { name: `${THEIRS} for Notes, my copy` });
    await found.getByRole('img', { name: 'Cover of Notes, my copy', exact: true }).waitFor();
    await found.getByRole('img', { name: `Picture of ${THEIRS}` }).waitFor();
    await found.getByText(/^perceptual hashes 2 bits apart/).waitFor();
    assert.equal(
      await found.getByRole('link', { name: 'Box', exact: true }).getAttribute('href'),
      'https://box.example/scenes/known-1',
    );
    await panel.getByRole('status').filter({ hasText: 'Nothing found: no scene there' }).waitFor();
    await panel.getByText('Refuses does not take the API key').waitFor();
    await panel.getByRole('button', { name: 'Find by fingerprints', disabled: false }).waitFor();
    assert.deepEqual(
      world.inputs('sceneBoxes.findOne'),
      [BOX, OTHER, REFUSES].map((endpoint) => ({ sceneId: '7', endpoint })),
    );
    await within(page, panel);
    await shot(page, `scene-page-${width}`);

    await found.getByRole('button', { name: `Link with ${THEIRS} of box.example` }).click();
    await until(() => world.inputs('suggestions.accept').length === 1, 'it was linked');
    assert.match(await toastText(page), /Linked Notes, my copy to box\.example\./);
    await page.locator('.toast').getByRole('button', { name: 'Undo' }).click();
    await until(() => world.inputs('journal.undo').length === 1, 'it was undone');
    assert.deepEqual(world.inputs('journal.undo'), [{ batchId: 'b' }]);
    assert.deepEqual(world.complaints, []);
  });

test('it says how far it is while a stash-box is asked, and cannot be started twice', async () => {
  scripted();
  const waiting: (() => void)[] = [];
  const answer = async (count: number): Promise<void> => {
    await until(
      () => world.inputs('sceneBoxes.findOne').length === count && waiting.length === 1,
      'it was asked',
    );
    waiting.pop()?.();
  };
  world.stash.answers['sceneBoxes.findOne'] = async () => {
    await new Promise<void>((done) => void waiting.push(done));
    return { outcome: 'nothing', problem: null };
  };
  const page = await openFaces();
  const panel = await openPanel(page);
  await panel.getByRole('button', { name: 'Find by fingerprints' }).click();
  await panel.getByText('Looking on Box (1 of 3)').waitFor();
  assert.equal(await panel.getByRole('button', { name: 'Find by fingerprints' }).isDisabled(), true);
  for (const [n, of] of ['Other (2 of 3)', 'Refuses (3 of 3)'].entries()) {
    await answer(n + 1);
    await panel.getByText(`Looking on ${of}`).waitFor();
  }
  await answer(3);
  await panel.getByRole('button', { name: 'Find by fingerprints', disabled: false }).waitFor();
  assert.equal(await panel.getByText(/^Nothing found/).count(), 3);
  assert.deepEqual(world.complaints, []);
});

test('why nothing could be asked is said: no fingerprint, no ffmpeg, a box that left it open', async () => {
  scripted();
  world.stash.answers['sceneBoxes.findOne'] = ({ endpoint }) =>
    endpoint === BOX
      ? { outcome: 'unhashed', problem: plain('There is no ffmpeg.') }
      : { outcome: 'unanswered', problem: null };
  const panel = await openPanel(await openFaces());
  await panel.getByRole('button', { name: 'Find by fingerprints' }).click();
  await panel.getByText(/Stash has no fingerprint of its files yet.*There is no ffmpeg\.$/).waitFor();
  await panel
    .getByText(/^It could not answer of this scene/)
    .first()
    .waitFor();
});

test('by keys alone: opened, found, refused, taken back; no box asks the browser', async () => {
  scripted();
  const page = await openFaces();
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).host));
  await page.getByRole('button', { name: 'Find on stash-boxes' }).focus();
  await page.keyboard.press('Enter');
  const panel = panelOf(page);
  await panel.getByRole('button', { name: 'Find by fingerprints' }).focus();
  await page.keyboard.press('Enter');
  const found = panel.getByRole('group', { name: `${THEIRS} for Notes, my copy` });
  await found.getByRole('button', { name: /^Link with/ }).focus();
  await page.keyboard.press('Tab');
  assert.equal(
    await page.evaluate(() => document.activeElement?.getAttribute('aria-label')),
    `Not this scene: ${THEIRS}`,
  );
  await page.keyboard.press('Enter');
  await until(() => world.inputs('suggestions.reject').length === 1, 'it was refused');
  assert.deepEqual(world.inputs('suggestions.reject'), [{ ids: ['s1'] }]);
  assert.match(await toastText(page), /Noted: not Notes on the Engine\./);
  const undo = page.locator('.toast').getByRole('button', { name: 'Undo' });
  await undo.focus();
  await undo.press('Enter');
  await until(() => world.inputs('suggestions.reopen').length === 1, 'it was taken back');
  assert.deepEqual(
    asked.filter((host) => host.includes('example')),
    [],
  );
  assert.deepEqual(world.complaints, []);
});

for (const width of [1400, 375])
  test(`${width} wide: of a scene that is linked already what is ticked is taken over, and undone as one`, async () => {
    scripted(true);
    const page = await openFaces({ width });
    const panel = await openPanel(page);
    await panel.getByRole('button', { name: 'Compare Notes, my copy with what Box knows' }).click();
    const offers = panel.getByRole('group', { name: /^What .* knows of Notes on the Engine$/ });
    const tick = (name: string): Locator => offers.getByRole('checkbox', { name, exact: true });
    assert.equal(await tick('title').isChecked(), false, 'what the user wrote stays');
    await tick('title').click();
    await tick('date').click();
    await within(page, panel);
    await shot(page, `scene-page-offers-${width}`);
    await offers.getByRole('button', { name: 'Take over what is ticked (3)' }).click();
    await until(() => world.inputs('sceneBoxes.take').length === 1, 'it was taken over');
    assert.deepEqual(world.inputs('sceneBoxes.take'), [
      {
        sceneId: '7',
        stashId: { endpoint: BOX, stashId: 'known-1' },
        taken: { title: 'r-title', 'performer:1': 'r-performer:1', 'tag:1': 'r-tag:1' },
      },
    ]);
    assert.match(
      await toastText(page),
      /Notes, my copy got what was ticked of Box \(3\)\. The cover stays\.\s*Undo/,
    );
    assert.equal(await page.locator('.toast').count(), 1, 'nothing covers the button');
    await page.locator('.toast').getByRole('button', { name: 'Undo' }).click();
    await until(() => world.inputs('journal.undo').length === 2, 'all of it was undone');
    assert.deepEqual(world.inputs('journal.undo'), [
      { batchId: 'b2', limit: 40 },
      { batchId: 'b2', limit: 40, before: '41' },
    ]);
    await page
      .locator('.toast')
      .getByText(/Undone\./)
      .waitFor();
    assert.deepEqual(world.complaints, []);
  });

test('in a dry run it is said that nothing was taken over; a box where it is linked is asked whether the ID is right', async () => {
  scripted(true);
  world.stash.answers['sceneBoxes.take'] = () => ({ batchId: null, dryRun: true, note: null });
  const page = await openFaces();
  const panel = await openPanel(page);
  await panel.getByRole('button', { name: 'Find by fingerprints' }).click();
  await panel.getByRole('button', { name: 'Find by fingerprints', disabled: false }).waitFor();
  await until(() => world.inputs('sceneBoxes.findOne').length === 3, 'all were asked');
  assert.deepEqual(
    world.inputs('sceneBoxes.findOne'),
    [BOX, OTHER, REFUSES].map((endpoint) => ({ sceneId: '7', endpoint })),
  );
  await panel.getByRole('button', { name: /^Compare/ }).click();
  await panel.getByRole('button', { name: /^Take over what is ticked/ }).click();
  await until(() => world.inputs('sceneBoxes.take').length === 1, 'it was asked');
  assert.match(await toastText(page), /Dry run: Notes, my copy would get what is ticked\./);
});

async function openFaces(options: { width?: number } = {}): Promise<Page> {
  const page = await world.open('/scenes/7', options);
  await page.getByRole('tab', { name: 'Faces', exact: true }).click();
  return page;
}

function panelOf(page: Page): Locator {
  return page.locator('.stash-sense-on-boxes');
}

async function openPanel(page: Page): Promise<Locator> {
  await page.getByRole('button', { name: 'Find on stash-boxes' }).click();
  return panelOf(page);
}

function scripted(isLinked = false): void {
  let wasFound = false;
  world.begin({
    'scene.faces': () => never(),
    'sceneBoxes.ofScene': () => ({
      title: 'Notes, my copy',
      boxes: [
        boxView(
          BOX,
          'Box',
          isLinked ? { ids: ['known-1'] } : { suggestions: wasFound ? [sceneLinking()] : [] },
        ),
        boxView(OTHER, 'Other'),
        boxView(REFUSES, 'Refuses'),
        boxView(FORMER, 'former.example', { hasKey: false, ids: ['old-1'] }),
      ],
    }),
    'sceneBoxes.findOne': ({ endpoint }) => {
      const said = plain('Refuses does not take the API key');
      if (endpoint === REFUSES) throw Object.assign(new Error('Refuses does not take the API key'), { said });
      if (endpoint === BOX) wasFound = true;
      return { outcome: endpoint === BOX ? 'found' : 'nothing', problem: null };
    },
    'sceneBoxes.profile': () => ({
      title: THEIRS,
      offers: SCENE_OFFERS,
      undecided: [],
      nameTaken: [],
      notListed: [],
    }),
    'sceneBoxes.take': () => ({ batchId: 'b2', dryRun: false, note: plain('The cover stays.') }),
    'stashBoxes.pictures': () => ({ pictures: [{ url: PIXEL, problem: null }] }),
    'suggestions.accept': () => ({
      accepted: [{ id: 's1', journalId: 'j1' }],
      refused: [],
      dryRun: false,
      batchId: 'b',
    }),
    'suggestions.reject': () => ({ rejected: ['s1'], refused: [] }),
    'suggestions.reopen': () => ({ reopened: ['s1'] }),
    'journal.undo': (input) => ({
      undone: ['j1'],
      refused: [],
      ...('limit' in input && input.before === undefined && { next: '41' }),
    }),
  });
  world.stash.stashBoxes = [{ endpoint: BOX, name: 'Box' }];
}
