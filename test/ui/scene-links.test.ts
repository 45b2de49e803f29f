/** Scenes that may be one of a stash-box, on the page: both covers, what both sides say, which fingerprint agrees; the yes and its undo. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import type { SuggestionViewOf } from '../../core/contract/suggestions.ts';
import { until } from '../fixtures/wait.ts';
import { PIXEL } from './samples.ts';
import { shot, within } from './screen.ts';
import { BOX, sceneLinking, SCENE_OFFERS } from './stash-id-samples.ts';
import { toastText, uiWorld } from './world.ts';

const world = uiWorld();

for (const width of [1400, 375])
  test(`${width} wide: both sides, the fingerprint that agrees, the way to its page; it is linked, and undone`, async () => {
    scripted([sceneLinking()]);
    const page = await world.open('/plugins/stash-sense', { width });
    const asked = card(page);
    assert.equal(
      await asked.getByRole('link', { name: 'Notes, my copy' }).first().getAttribute('href'),
      '/scenes/7',
    );
    const there = asked.getByRole('link', { name: 'box.example' });
    assert.equal(await there.getAttribute('href'), 'https://box.example/scenes/known-1');
    await asked.getByRole('img', { name: 'Cover of Notes, my copy', exact: true }).waitFor();
    await asked.getByRole('img', { name: 'Picture of Notes on the Engine' }).waitFor();
    // It is an image before its picture is there.
    await until(() => world.inputs('stashBoxes.pictures').length > 0, 'the picture was asked for');
    assert.deepEqual(world.inputs('stashBoxes.pictures'), [
      { pictures: [{ endpoint: BOX, imageId: 'picture-1' }], size: 300 },
    ]);
    const captions = await asked.locator('figcaption').allInnerTexts();
    assert.deepEqual(
      captions.map((text) => text.split('\n')),
      [
        ['yours', '–', '2021-03-01', '30:31'],
        ['box.example', 'Archive Reels', '2021-03-04', '30:30'],
      ],
    );
    assert.deepEqual(await asked.getByRole('listitem').allTextContents(), [
      'perceptual hashes 2 bits apart, computed here since Stash has none, 30:31 here and 30:30 there, given by 4 users',
      're-cut: perceptual hashes 4 bits apart, offset −8 s, behind a cut +12 s, 30:31 here and 30:30 there, given by 4 users',
      'with Ada Byron, Mark Twain',
    ]);
    await shot(page, `scene-${width}`);
    const box = (await asked.boundingBox())!;
    for (const part of [
      ...(await asked.getByRole('button').all()),
      ...(await asked.getByRole('img').all()),
    ]) {
      const inside = (await part.boundingBox())!;
      assert.ok(inside.x >= box.x && inside.x + inside.width <= box.x + box.width, 'something is cut off');
    }
    await asked.getByRole('button', { name: 'Link with Notes on the Engine of box.example' }).click();
    await asked.getByText('linked', { exact: true }).waitFor();
    assert.match(await toastText(page), /Linked Notes, my copy to box\.example\./);
    await asked.getByRole('button', { name: /^Undo/ }).click();
    await asked.getByRole('button', { name: /^Link with/ }).waitFor();
    assert.deepEqual(world.inputs('journal.undo'), [{ ids: ['j-s1'] }]);
    assert.deepEqual(world.complaints, []);
  });

for (const width of [1400, 375])
  test(`${width} wide: what else is known there is ticked one by one, who was seen stands beside, and it is linked with what is ticked`, async () => {
    scripted([sceneLinking()]);
    const page = await world.open('/plugins/stash-sense', { width });
    const asked = card(page);
    await asked.getByRole('button', { name: 'What else is known of Notes on the Engine there' }).click();
    const offers = asked.getByRole('group', { name: /^What .* knows of Notes on the Engine$/ });
    const tick = (name: RegExp) => offers.getByRole('checkbox', { name });
    assert.equal(await tick(/^title$/).isChecked(), false);
    assert.equal(await tick(/^date$/).isChecked(), true);
    assert.equal(await tick(/^Ada Byron$/).isChecked(), true);
    assert.equal(await tick(/^Mark Twain$/).isChecked(), false);
    await offers.getByText('listed there, face not seen').waitFor();
    await offers.getByText('Seen in the scene and not listed there: Charles Babbage.').waitFor();
    assert.equal(await offers.getByText('new in Stash').count(), 2);
    await shot(page, `scene-offers-${width}`);
    const box = (await asked.boundingBox())!;
    const inside = (await offers.boundingBox())!;
    assert.ok(inside.x >= box.x && inside.x + inside.width <= box.x + box.width, 'something is cut off');
    await tick(/^studio$/).click();
    await tick(/^date$/).click();
    await offers.getByRole('button', { name: 'Link, and take over what is ticked (3)' }).click();
    await until(() => world.inputs('suggestions.accept').length === 1, 'it was linked');
    assert.deepEqual(world.inputs('suggestions.accept'), [
      {
        ids: ['s1'],
        choices: { s1: { take: { studio: 'r-studio', 'performer:1': 'r-performer:1', 'tag:1': 'r-tag:1' } } },
        dryRun: false,
      },
    ]);
    assert.deepEqual(world.complaints, []);
  });

test('it is refused as another scene, and one without a title there is called by its id', async () => {
  const item = sceneLinking();
  scripted([{ ...item, evidence: { ...item.evidence, title: '', imageId: null } }]);
  const page = await world.open('/plugins/stash-sense');
  await card(page).getByText('Notes, my copy → known-1').waitFor();
  await card(page).getByText('No picture: the stash-box has none.').waitFor();
  await card(page).getByRole('button', { name: 'Not this scene: known-1' }).click();
  await card(page).getByText('Not this scene', { exact: true }).waitFor();
  assert.deepEqual(world.inputs('suggestions.reject'), [{ ids: ['s1'] }]);
});

for (const width of [1400, 375])
  test(`${width} wide: a stash ID that is wrong, why, what is right, and who else has it`, async () => {
    scripted([
      repair(1, { reason: 'merged', wrong: WRONG, right: RIGHT }),
      repair(2, { reason: 'deleted', wrong: WRONG, right: null }),
      repair(3, { reason: 'malformed', wrong: `https://box.example/scenes/${RIGHT}`, right: RIGHT }),
      repair(4, { reason: 'malformed', wrong: 'notes', right: null }),
      repair(5, { reason: 'shared', wrong: RIGHT, right: null }),
    ]);
    const page = await world.open('/plugins/stash-sense', { width });
    const cards = page.locator('.stash-sense-suggestion');
    await cards.nth(4).getByRole('link', { name: 'also has it: Another copy' }).waitFor();
    assert.deepEqual(await cards.getByRole('listitem').allTextContents(), [
      `box.example has merged ${WRONG} into this one`,
      `box.example has no scene ${WRONG} any more`,
      `https://box.example/scenes/${RIGHT} is not how box.example writes an ID`,
      'notes is not how box.example writes an ID',
      `several scenes of yours have ${RIGHT} of box.example, and the fingerprints do not say which one it is: take it off the one that is another scene`,
      'also has it: Another copy',
    ]);
    await cards.nth(0).getByRole('img', { name: 'Picture of Notes on the Engine' }).waitFor();
    await shot(page, `scene-repairs-${width}`);
    await within(page, page.locator('.stash-sense-suggestion'));
    const scrollWidth = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(scrollWidth <= width, `${scrollWidth} wide`);
    await cards.nth(1).getByRole('button', { name: 'Take the stash ID off Notes, copy 2' }).click();
    await until(() => world.inputs('suggestions.accept').length === 1, 'it was taken off');
    assert.deepEqual(world.complaints, []);
  });

const RIGHT = '12345678-0000-4000-8000-000000000001';
const WRONG = '12345678-0000-4000-8000-000000000002';

type Wrong = { reason: Repair['evidence']['reason']; wrong: string; right: string | null };
type Repair = SuggestionViewOf<'scene-id-repair'>;

const at = (stashId: string) => ({ endpoint: BOX, stashId });

function repair(n: number, { reason, wrong, right }: Wrong): Repair {
  const { evidence, ...common } = sceneLinking();
  const { title, date, studio, imageId } = evidence;
  const isShown = right !== null || reason === 'shared';
  return {
    ...common,
    id: `s${n}`,
    key: `scene-id-repair:scene:${n}:${wrong}`,
    kind: 'scene-id-repair',
    entity: { kind: 'scene', id: String(n) },
    entityTitle: `Notes, copy ${n}`,
    severity: 'warning',
    payload: { wrong: at(wrong), right: right === null ? null : at(right), contentIds: [] },
    evidence: {
      reason,
      ...(isShown
        ? { title, date, studio, imageId }
        : { title: '', date: null, studio: null, imageId: null }),
      others: reason === 'shared' ? [{ id: '9', title: 'Another copy' }] : [],
      isTold: false,
    },
  };
}

function scripted(items: (SuggestionViewOf<'scene-stash-id'> | Repair)[]): void {
  world.begin({
    'suggestions.list': () => ({ total: items.length, items }),
    'suggestions.accept': () => ({
      accepted: [{ id: 's1', journalId: 'j-s1' }],
      refused: [],
      dryRun: false,
      batchId: 'b',
    }),
    'suggestions.reject': () => ({ rejected: ['s1'], refused: [] }),
    'journal.undo': (input) => ({ undone: 'ids' in input ? input.ids : [], refused: [] }),
    'sceneBoxes.profile': () => ({
      title: 'Notes on the Engine',
      offers: SCENE_OFFERS,
      undecided: ['Joan Clarke'],
      nameTaken: ['Analytical Films'],
      notListed: ['Charles Babbage'],
    }),
    'stashBoxes.pictures': () => ({ pictures: [{ url: PIXEL, problem: null }] }),
  });
}

function card(page: Page) {
  return page.locator('.stash-sense-suggestion').first();
}
