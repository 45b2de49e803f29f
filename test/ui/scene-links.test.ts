/** Scenes that may be one of a stash-box, on the page: both covers, what both sides say, which fingerprint agrees; the yes and its undo. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import type { SuggestionViewOf } from '../../core/contract/suggestions.ts';
import { until } from '../fixtures/wait.ts';
import { PIXEL } from './samples.ts';
import { shot } from './screen.ts';
import { BOX } from './stash-id-samples.ts';
import { toastText, uiWorld } from './world.ts';

const world = uiWorld();

for (const width of [1400, 375])
  test(`${width} wide: both sides, the fingerprint that agrees, the way to its page; it is linked, and undone`, async () => {
    scripted([found()]);
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

test('it is refused as another scene, and one without a title there is called by its id', async () => {
  const item = found();
  scripted([{ ...item, evidence: { ...item.evidence, title: '', imageId: null } }]);
  const page = await world.open('/plugins/stash-sense');
  await card(page).getByText('Notes, my copy → known-1').waitFor();
  await card(page).getByText('No picture: the stash-box has none.').waitFor();
  await card(page).getByRole('button', { name: 'Notes, my copy is another scene' }).click();
  await card(page).getByText('Another scene', { exact: true }).waitFor();
  assert.deepEqual(world.inputs('suggestions.reject'), [{ ids: ['s1'] }]);
});

function scripted(items: SuggestionViewOf<'scene-stash-id'>[]): void {
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
    'stashBoxes.pictures': () => ({ pictures: [{ url: PIXEL, problem: null }] }),
  });
}

function card(page: Page) {
  return page.locator('.stash-sense-suggestion').first();
}

function found(): SuggestionViewOf<'scene-stash-id'> {
  return {
    id: 's1',
    key: `scene-stash-id:scene:7:${BOX} known-1`,
    kind: 'scene-stash-id',
    entity: { kind: 'scene', id: '7' },
    entityTitle: 'Notes, my copy',
    target: null,
    targetName: '',
    severity: 'info',
    confidence: 0.97,
    state: 'open',
    payload: { stashId: { endpoint: BOX, stashId: 'known-1' }, contentIds: [] },
    evidence: {
      hits: [
        {
          algorithm: 'PHASH',
          mine: 'a116edcbfff90200',
          theirs: 'a116edcbfff90203',
          apart: 2,
          mySeconds: 1831,
          theirSeconds: 1830,
          submissions: 4,
          isOurs: true,
        },
      ],
      isStrong: true,
      title: 'Notes on the Engine',
      date: '2021-03-04',
      studio: 'Archive Reels',
      seconds: 1830,
      cast: ['Ada Byron', 'Mark Twain'],
      imageId: 'picture-1',
      mine: { date: '2021-03-01', studio: null, seconds: 1831 },
    },
    analyzer: `stash-box-scene ${BOX}`,
    analyzerVersion: 1,
    createdAt: 1,
    updatedAt: 1,
    href: '/scenes/7',
    view: { picture: { url: PIXEL } },
  };
}
