/** The Faces tab of the scene page, in a real browser. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import type { FacesView, PersonView } from '../../core/contract/faces.ts';
import { ambiguous, candidate, faces, never, person, unknown } from './samples.ts';
import { toastText, uiWorld } from './world.ts';
import { until } from '../fixtures/wait.ts';
import { plain } from '../../core/messages/message.ts';

const world = uiWorld();

test('before the first look it says how many can be recognised; a look shows progress, then the people', async () => {
  let view: FacesView = never();
  world.begin({
    'scene.faces': () => view,
    'scene.identify': () => {
      view = never({
        state: 'working',
        progress: { fraction: 0.4, message: plain('Key frames, 4:00 of 10:00') },
      });
      return { via: 'task', faces: never({ state: 'waiting' }) };
    },
  });
  const page = await openFaces('/scenes/7');
  await page.getByText('Stash Sense can recognise 42 of your performers by face').waitFor();
  await tab(page).getByRole('button', { name: 'Identify performers' }).click();
  await page.getByText('Waiting to begin…').waitFor();
  await page.getByText('Key frames, 4:00 of 10:00').waitFor();
  assert.equal(await page.getByRole('progressbar').getAttribute('aria-valuenow'), '40');
  view = faces({ persons: [person(), unknown()] });
  await page.getByText('2 people in 126 frames').waitFor();
  assert.deepEqual(world.inputs('scene.identify'), [{ sceneId: '7', force: false }]);
  assert.deepEqual(world.complaints, []);
});

test('who was added and taken off since is marked, and is added again or refused by one click', async () => {
  const removed = person({ suggestion: { id: 's1', state: 'removed' } });
  world.begin({
    'scene.faces': () => faces({ persons: [removed] }),
    'entity.add': () => ({ journalId: 'j1', dryRun: false }),
    'suggestions.reject': () => ({ rejected: ['s1'], refused: [] }),
  });
  const page = await openFaces('/scenes/7');
  const jane = page.locator('.stash-sense-person-removed');
  await jane.getByText('taken off since', { exact: true }).waitFor();
  await jane.getByRole('button', { name: 'Not this person: Jane Doe' }).click();
  await jane.getByRole('button', { name: 'Add Jane Doe to this scene again' }).click();
  await until(() => world.inputs('entity.add').length > 0, 'it was asked');
  assert.deepEqual(world.inputs('suggestions.reject'), [{ ids: ['s1'] }]);
  assert.equal(await page.getByRole('button', { name: /^Add all/ }).count(), 0);
});

test('the button beside the tabs opens the tab and begins to look', async () => {
  world.begin({
    'scene.faces': () => never(),
    'scene.identify': () => ({ via: 'operation', faces: faces({ persons: [person()] }) }),
  });
  const page = await world.open('/scenes/7');
  await page.getByRole('button', { name: 'Identify performers' }).first().click();
  await card(page, 'Jane Doe').waitFor();
  assert.equal(await page.getByRole('tab', { name: 'Faces' }).getAttribute('aria-selected'), 'true');
  assert.equal(world.inputs('scene.identify').length, 1);
});

test('nothing is asked before the tab is opened', async () => {
  world.begin({ 'scene.faces': () => faces() });
  const page = await world.open('/scenes/7');
  await page.getByRole('tab', { name: 'Faces' }).waitFor();
  assert.deepEqual(world.stash.calls, []);
});

test("Add writes the performer, Stash's own part of the page shows it, Undo takes it off again", async () => {
  const scene = scriptedScene();
  const page = await openFaces('/scenes/7');
  await card(page, 'Jane Doe').getByRole('button', { name: 'Add Jane Doe to this scene' }).click();
  await card(page, 'Jane Doe').getByText('added').waitFor();
  assert.match(await toastText(page), /Added Jane Doe to this scene/);
  assert.deepEqual(world.inputs('suggestions.accept'), [{ ids: ['s1'], dryRun: false }]);
  await performersOfStash(page, ['Jane Doe']);

  await card(page, 'Jane Doe').getByRole('button', { name: /^Undo/ }).click();
  await card(page, 'Jane Doe').getByRole('button', { name: /^Add/ }).waitFor();
  assert.deepEqual(world.inputs('journal.undo'), [{ ids: ['j1'] }]);
  await performersOfStash(page, []);
  assert.deepEqual(scene.person, person());
  assert.deepEqual(world.complaints, []);
});

test('the toast of an Add undoes it too, without opening the toast', async () => {
  scriptedScene();
  const page = await openFaces('/scenes/7');
  await card(page, 'Jane Doe').getByRole('button', { name: /^Add/ }).click();
  await page.locator('.toast').getByRole('button', { name: 'Undo' }).click();
  await card(page, 'Jane Doe').getByRole('button', { name: /^Add/ }).waitFor();
  assert.deepEqual(world.inputs('journal.undo'), [{ ids: ['j1'] }]);
  assert.equal(await page.locator('.toast-in-full').count(), 0);
});

test("a page of Stash's that cannot be refreshed makes no error of what was written", async () => {
  scriptedScene();
  const page = await openFaces('/scenes/7');
  await page.route('**/graphql', async (route) => {
    if ((route.request().postData() ?? '').includes('query FindScene')) await route.abort();
    else await route.continue();
  });
  await card(page, 'Jane Doe').getByRole('button', { name: /^Add/ }).click();
  // Stash's page shows its own trouble.
  await page.getByText('Failed to fetch').waitFor();
  assert.match(await toastText(page), /Added Jane Doe to this scene/);
  assert.equal(await page.locator('.toast.danger').count(), 0);
});

test('a toast is not lost to an error that is long gone, and its Undo is pressed once', async () => {
  scriptedScene();
  const accept = world.stash.answers['suggestions.accept']!;
  const held: (() => void)[] = [];
  let isFirst = true;
  world.stash.answers['suggestions.accept'] = async (input) => {
    if (isFirst) {
      isFirst = false;
      throw new Error('The disk is full.');
    }
    await new Promise<void>((resolve) => held.push(resolve));
    return await accept(input);
  };
  const page = await openFaces('/scenes/7');
  const add = card(page, 'Jane Doe').getByRole('button', { name: /^Add/ });
  await add.click();
  await page.locator('.toast', { hasText: 'The disk is full.' }).waitFor();
  // Asked while the error is on screen, answered when it is gone.
  await add.click();
  await page.locator('.toast').waitFor({ state: 'hidden' });
  held[0]?.();
  const undo = page.locator('.toast').getByRole('button', { name: 'Undo' });
  await undo.dblclick();
  await card(page, 'Jane Doe').getByRole('button', { name: /^Add/ }).waitFor();
  assert.equal(world.inputs('journal.undo').length, 1);
});

test('Not this person is remembered, and can be taken back', async () => {
  scriptedScene();
  const page = await openFaces('/scenes/7');
  await card(page, 'Jane Doe').getByRole('button', { name: 'Not this person: Jane Doe' }).click();
  await page.getByText('you said: not this person').waitFor();
  assert.deepEqual(world.inputs('suggestions.reject'), [{ ids: ['s1'] }]);
  await card(page, 'Jane Doe').getByRole('button', { name: /^Undo/ }).click();
  await card(page, 'Jane Doe').getByRole('button', { name: /^Add/ }).waitFor();
  assert.deepEqual(world.inputs('suggestions.reopen'), [{ ids: ['s1'] }]);
});

test('of several people it could be one is added, another refused', async () => {
  let view = faces({ persons: [ambiguous()] });
  world.begin({
    'scene.faces': () => view,
    'entity.add': () => ({ journalId: 'j2', dryRun: false }),
    'entity.reject': () => {
      const [ann, bea] = ambiguous().candidates;
      view = faces({
        persons: [
          ambiguous({ candidates: [ann ?? candidate(), { ...(bea ?? candidate()), rejected: true }] }),
        ],
      });
      return { rejected: true };
    },
  });
  const page = await openFaces('/scenes/7');
  await page.getByRole('button', { name: 'Not this person: Bea Sample' }).click();
  await page.getByRole('button', { name: 'Undo: it may be Bea Sample after all' }).waitFor();
  await page.getByRole('button', { name: 'Add Ann Example to this scene' }).click();
  await page.getByText('Added Ann Example to this scene.').waitFor();
  const entity = { kind: 'scene', id: '7' };
  assert.deepEqual(world.inputs('entity.reject'), [{ entity, performerId: '3', personKey: 1, undo: false }]);
  assert.deepEqual(world.inputs('entity.add'), [{ entity, performerId: '2', personKey: 1 }]);
});

test('Add all above a bar takes what is above it, and remembers the bar', async () => {
  const second = { key: 1, performerId: '2', name: 'Ann Example', confidence: 0.8 } as const;
  const persons = [person(), person({ ...second, suggestion: { id: 's2', state: 'open' } })];
  world.begin({
    'scene.faces': () => faces({ persons }),
    'suggestions.accept': (input) => ({
      accepted: 'ids' in input ? input.ids.map((id) => ({ id, journalId: `j${id}` })) : [],
      refused: [],
      dryRun: false,
      batchId: 'b1',
    }),
  });
  const page = await openFaces('/scenes/7');
  await page.getByRole('button', { name: 'Add all (1) above' }).waitFor();
  await page.getByLabel('Lowest confidence in percent').fill('75');
  await page.getByRole('button', { name: 'Add all (2) above' }).click();
  await page.getByText('Added 2 performers to this scene.').waitFor();
  assert.deepEqual(world.inputs('suggestions.accept'), [{ ids: ['s1', 's2'], dryRun: false }]);
  await page.reload();
  await page.getByRole('tab', { name: 'Faces' }).click();
  assert.equal(await page.getByLabel('Lowest confidence in percent').inputValue(), '75');
});

test('a time and a face go to their moment, and the player stays as still as it was', async () => {
  world.begin({ 'scene.faces': () => faces({ persons: [person()] }) });
  const page = await openFaces('/scenes/7');
  const at = async (): Promise<unknown> =>
    await page.locator('video').evaluate((it: HTMLVideoElement) => it.currentTime);
  await page.getByRole('button', { name: 'Go to 1:03, Jane Doe' }).click();
  assert.equal(await at(), 63.5);
  await page.getByRole('button', { name: 'Face of Jane Doe at 0:12' }).click();
  assert.equal(await at(), 12);
  assert.equal(await page.locator('video').evaluate((it: HTMLVideoElement) => it.paused), true);
});

test('on a phone a time brings the player into sight', async () => {
  world.begin({
    'scene.faces': () =>
      faces({ persons: [person(), ...Array.from({ length: 4 }, (_, n) => unknown({ key: n + 5 }))] }),
  });
  const page = await world.open('/scenes/7', { width: 375 });
  await page.getByRole('tab', { name: 'Faces' }).click();
  const time = card(page, 'Jane Doe').getByRole('button', { name: 'Go to 1:03, Jane Doe' });
  await time.waitFor();
  await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
  await time.dispatchEvent('click');
  await page.waitForFunction(() => {
    const { top, bottom } = document.querySelector('.video-js')!.getBoundingClientRect();
    return bottom > 0 && top < innerHeight;
  });
});

test('a card stays in its place when it is decided, and the others too', async () => {
  const second = person({ key: 1, performerId: '2', name: 'Ann Example', suggestion: null, candidates: [] });
  let persons = [person(), second];
  world.begin({
    'scene.faces': () => faces({ observedAt: 5, persons }),
    'suggestions.accept': () => {
      persons = [person({ journalId: 'j1', present: true }), second];
      return { accepted: [{ id: 's1', journalId: 'j1' }], refused: [], dryRun: false, batchId: 'b1' };
    },
  });
  const page = await openFaces('/scenes/7');
  const names = async (): Promise<string[]> => await page.locator('.stash-sense-person h5').allInnerTexts();
  await card(page, 'Ann Example').waitFor();
  await card(page, 'Jane Doe').getByRole('button', { name: /^Add/ }).click();
  await card(page, 'Jane Doe').getByText('added').waitFor();
  assert.deepEqual(await names(), ['Jane Doe', 'Ann Example']);
});

test('what Stash refuses is said, and a dry run says that nothing was written', async () => {
  world.begin({
    'scene.faces': () => faces({ persons: [person()] }),
    'suggestions.accept': () => ({
      accepted: [],
      refused: [{ id: 's1', reason: plain('The performer is gone from Stash.') }],
      dryRun: false,
      batchId: 'b',
    }),
  });
  const page = await openFaces('/scenes/7');
  const add = card(page, 'Jane Doe').getByRole('button', { name: /^Add/ });
  await add.click();
  await page.getByText('Jane Doe was not added: The performer is gone from Stash.').waitFor();
  world.stash.answers['suggestions.accept'] = () => ({
    accepted: [{ id: 's1', journalId: null }],
    refused: [],
    dryRun: true,
    batchId: 'b',
  });
  await add.click();
  await page.getByText('Dry run: Jane Doe would be added. Nothing was written.').waitFor();
});

test('an error is a sentence with a way on; what was shown stays', async () => {
  world.begin({});
  const page = await openFaces('/scenes/7');
  await page.getByText('the test has no answer to scene.faces').waitFor();
  world.stash.answers['scene.faces'] = () =>
    faces({
      lastFailure: { at: Date.now() - 300_000, message: plain('ffmpeg could not read the file.') },
      persons: [person()],
    });
  await page.getByRole('button', { name: 'Try again' }).click();
  await page
    .getByText('The last search for faces failed (5 minutes ago): ffmpeg could not read the file.')
    .waitFor();
  await card(page, 'Jane Doe').waitFor();

  world.stash.isLoaded = false;
  await page.getByRole('button', { name: 'Search again' }).click();
  await page.getByText('Stash has not loaded the plugin Stash Sense').waitFor();
});

test('a look that failed before anybody was seen is told, and not that nobody has looked', async () => {
  world.begin({
    'scene.faces': () =>
      never({ state: 'failed', lastFailure: { at: Date.now(), message: plain('The weights are missing.') } }),
  });
  const page = await openFaces('/scenes/7');
  await page.getByText('The last search for faces failed (just now): The weights are missing.').waitFor();
  assert.equal(await page.getByText('This scene has not been searched for faces yet').count(), 0);
  await tab(page).getByRole('button', { name: 'Identify performers' }).waitFor();
});

test('whoever was taken off in Stash since can be added again, and a "no" is kept without the suggestion', async () => {
  const gone = person({ suggestion: { id: 's1', state: 'accepted' } });
  world.begin({
    'scene.faces': () => faces({ persons: [gone] }),
    'entity.add': () => ({ journalId: 'j2', dryRun: false }),
    'entity.reject': () => ({ rejected: true }),
  });
  const page = await openFaces('/scenes/7');
  const said = { entity: { kind: 'scene', id: '7' }, performerId: '1', personKey: 0 };
  await card(page, 'Jane Doe').getByRole('button', { name: 'Not this person: Jane Doe' }).click();
  await page.getByText('Noted: not Jane Doe.').waitFor();
  assert.deepEqual(world.inputs('entity.reject'), [{ ...said, undo: false }]);
  await card(page, 'Jane Doe').getByRole('button', { name: 'Add Jane Doe to this scene' }).click();
  await page.getByText('Added Jane Doe to this scene.').waitFor();
  assert.deepEqual(world.inputs('entity.add'), [said]);
});

test('while it works it is asked after 2 s, ever more slowly, and not at all while another tab is open', async () => {
  world.begin({ 'scene.faces': () => never({ state: 'working' }) });
  const page = await world.open('/scenes/7', { hasClock: true });
  await page.getByRole('tab', { name: 'Faces' }).waitFor();
  await page.clock.pauseAt(Date.now() + 60_000);
  await page.getByRole('tab', { name: 'Faces' }).click();
  await page.getByText('Searching this scene for faces…').waitFor();
  const asked = async (ms: number): Promise<number> => {
    await page.clock.runFor(ms);
    // Answers come over HTTP, which no fake clock moves: they have this long to come and be shown.
    await new Promise((resolve) => setTimeout(resolve, 1000));
    return world.inputs('scene.faces').length;
  };
  const begun = await asked(0);
  assert.equal((await asked(1900)) - begun, 0);
  assert.equal((await asked(200)) - begun, 1);
  assert.equal((await asked(2300)) - begun, 1);
  assert.equal((await asked(300)) - begun, 2);
  await page.getByRole('tab', { name: 'Details' }).click();
  await asked(200);
  const hidden = await asked(0);
  assert.equal(await asked(60_000), hidden);
  await page.getByRole('tab', { name: 'Faces' }).click();
  assert.equal(await asked(200), hidden + 1);
});

test('another scene is another state', async () => {
  world.begin({
    'scene.faces': ({ sceneId }) => (sceneId === '7' ? faces({ persons: [person()] }) : never()),
  });
  const page = await openFaces('/scenes/7');
  await card(page, 'Jane Doe').waitFor();
  await page.evaluate(() => {
    history.pushState({}, '', '/scenes/8');
    dispatchEvent(new PopStateEvent('popstate'));
  });
  // Stash keeps the page for another scene of its queue; ours may be closed then.
  await page.getByRole('tab', { name: 'Faces' }).click();
  await page.getByText('This scene has not been searched for faces yet').waitFor();
  assert.equal(await card(page, 'Jane Doe').count(), 0);
});

function tab(page: Page): Locator {
  return page.locator('.stash-sense-faces');
}

function card(page: Page, name: string): Locator {
  return page.locator('.stash-sense-person', { hasText: name });
}

async function openFaces(path: string): Promise<Page> {
  const page = await world.open(path);
  await page.getByRole('tab', { name: 'Faces' }).click();
  return page;
}

/** Who Stash's own details tab says is on the scene, sooner or later. */
async function performersOfStash(page: Page, names: readonly string[]): Promise<void> {
  await page.waitForFunction(
    (wanted) =>
      [...document.querySelectorAll('.performers li')].map((it) => it.textContent?.trim()).join() === wanted,
    names.join(),
  );
}

/** Scene 7 with Jane Doe in it: decisions change what the next question shows, and who is on the scene in Stash. */
function scriptedScene(): { person: PersonView } {
  const scene = { person: person() };
  const set = (change: Partial<PersonView>, isOnScene: boolean): void => {
    scene.person = person(change);
    const { scenes, performers } = world.stash.library;
    scenes[0]!.performers = isOnScene ? performers.slice(0, 1) : [];
  };
  world.begin({
    'scene.faces': () => faces({ persons: [scene.person] }),
    'suggestions.accept': () => {
      set({ journalId: 'j1', present: true, suggestion: { id: 's1', state: 'accepted' } }, true);
      return { accepted: [{ id: 's1', journalId: 'j1' }], refused: [], dryRun: false, batchId: 'b1' };
    },
    'journal.undo': () => {
      set({}, false);
      return { undone: ['j1'], refused: [] };
    },
    'suggestions.reject': ({ ids }) => {
      set({ suggestion: { id: 's1', state: 'rejected' } }, false);
      return { rejected: ids, refused: [] };
    },
    'suggestions.reopen': ({ ids }) => {
      set({}, false);
      return { reopened: ids };
    },
  });
  return scene;
}

test('names that may be old are said to be, with the task that brings them up to date', async () => {
  world.begin({
    'scene.faces': () => faces({ persons: [person()], peopleCount: 2000, isOutdated: true }),
    'runs.start': () => ({ jobId: '3', joined: false }),
  });
  const page = await world.open('/scenes/7');
  await page.getByRole('tab', { name: 'Faces' }).click();
  await page.getByText('names below may be old').waitFor();
  await page.getByRole('button', { name: 'Update people' }).click();
  await page.getByText("Update people is in Stash's queue.").waitFor();
  assert.deepEqual(world.inputs('runs.start'), [{ task: 'people' }]);
});
