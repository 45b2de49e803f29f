/** "Who is it?" on the card of somebody whom nobody knows, in a real browser. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import type { FacesView } from '../../core/contract/faces.ts';
import type { Output } from '../../core/contract/operations.ts';
import { until } from '../fixtures/wait.ts';
import { faces, person, PIXEL, unknown } from './samples.ts';
import { toastText, uiWorld } from './world.ts';

const world = uiWorld();
const SCENE = { kind: 'scene', id: '7' } as const;

function named(change: Partial<Output<'faces.name'>> = {}): Output<'faces.name'> {
  return {
    performerId: '3',
    batchId: 'b1',
    added: [SCENE],
    there: [],
    learnt: 1,
    refused: [],
    dryRun: false,
    ...change,
  };
}

const ELSEWHERE: Output<'faces.elsewhere'> = {
  total: 2,
  items: [8, 9].map((n) => ({
    entity: { kind: 'scene' as const, id: String(n) },
    personKey: n,
    title: `Scene ${n}`,
    href: `/scenes/${n}`,
    crop: PIXEL,
  })),
};

test('who is looked up is shown with what tells them apart, is added, and then wherever else they were seen', async () => {
  let isNamed = false;
  world.begin({
    'scene.faces': () =>
      asked({
        persons: [
          isNamed ? person({ key: 2, performerId: '3', name: 'Bea Sample', present: true }) : unknown(),
        ],
      }),
    'faces.name': () => {
      isNamed = true;
      return named();
    },
    'faces.elsewhere': () => ELSEWHERE,
    'journal.undo': () => ({ undone: ['1', '2'], refused: [] }),
  });
  const page = await openFaces();
  await whoIsIt(page, 'Bea');
  const found = page.getByRole('button', { name: 'Bea Sample also Beatrix' });
  await found.click();
  await page.getByText('Bea Sample was seen in 2 more places').waitFor();
  assert.match(await toastText(page), /Added Bea Sample to this scene\. Stash Sense knows this face/);
  assert.deepEqual(world.inputs('faces.name'), [
    { faces: [{ entity: SCENE, personKey: 2 }], who: { performerId: '3' } },
  ]);
  assert.deepEqual(world.inputs('faces.elsewhere'), [{ entity: SCENE, personKey: 2, performerId: '3' }]);
  assert.equal(await page.getByRole('link', { name: 'Face in Scene 8' }).getAttribute('href'), '/scenes/8');
  await page.getByRole('button', { name: 'Add Bea Sample to all 2' }).click();
  await until(() => world.inputs('faces.name').length === 2, 'all were asked for');
  assert.deepEqual(world.inputs('faces.name')[1], {
    faces: ELSEWHERE.items.map(({ entity, personKey }) => ({ entity, personKey })),
    who: { performerId: '3' },
  });
  await page
    .locator('.toast', { hasText: 'Added Bea Sample to' })
    .getByRole('button', { name: 'Undo' })
    .last()
    .click();
  await until(() => world.inputs('journal.undo').length === 1, 'it was undone');
  assert.deepEqual(world.inputs('journal.undo'), [{ batchId: 'b1' }]);
  assert.deepEqual(world.complaints, []);
});

test('what was added to all and what was only learnt are both taken back, each by its own face', async () => {
  const answers = [
    named(),
    named({ batchId: 'b2', added: [{ kind: 'scene', id: '8' }], there: [{ kind: 'scene', id: '9' }] }),
  ];
  world.begin({
    'scene.faces': () => asked({ persons: [unknown()] }),
    'faces.name': () => answers.shift() ?? named(),
    'faces.elsewhere': () => ELSEWHERE,
    'journal.undo': () => ({ undone: ['1'], refused: [] }),
    'faces.unname': () => ({ withdrawn: true }),
  });
  const page = await openFaces();
  await nameAll(page);
  await undoOf(page, 'Added Bea Sample to one more.');
  await until(() => world.inputs('faces.unname').length === 1, 'what was learnt is forgotten');
  assert.deepEqual(world.inputs('journal.undo'), [{ batchId: 'b2' }]);
  assert.deepEqual(world.inputs('faces.unname'), [
    { entity: { kind: 'scene', id: '9' }, personKey: 9, performerId: '3', isNo: false },
  ]);
});

test('where the performer was already it is said what was learnt; one that cannot be taken back keeps none of the others', async () => {
  const there = ELSEWHERE.items.map(({ entity }) => entity);
  const answers = [named(), named({ batchId: 'b2', added: [], there, learnt: 2 })];
  world.begin({
    'scene.faces': () => asked({ persons: [unknown()] }),
    'faces.name': () => answers.shift() ?? named(),
    'faces.elsewhere': () => ELSEWHERE,
    'faces.unname': (input) => {
      if ((input as { personKey: number }).personKey === 8) throw new Error('gone');
      return { withdrawn: true };
    },
  });
  const page = await openFaces();
  await nameAll(page);
  await undoOf(
    page,
    'Bea Sample was there already. Stash Sense knows 2 more faces of Bea Sample from now on.',
  );
  await until(() => world.inputs('faces.unname').length === 2, 'each was asked for');
  assert.deepEqual(
    world.inputs('faces.unname'),
    ELSEWHERE.items.map(({ entity, personKey }) => ({ entity, personKey, performerId: '3', isNo: false })),
  );
  assert.deepEqual(world.inputs('journal.undo'), []);
});

test('a new performer is made of what was typed; where the name is taken it is asked who is meant', async () => {
  const answers = [
    named({
      performerId: null,
      added: [],
      nameTaken: {
        personId: '',
        name: 'Jane Doe',
        disambiguation: '',
        performers: [{ performerId: '1', name: 'Jane Doe' }],
      },
    }),
    named({ performerId: '9' }),
  ];
  world.begin({
    'scene.faces': () => asked({ persons: [unknown()] }),
    'faces.name': () => answers.shift() ?? named(),
    'faces.elsewhere': () => ({ total: 0, items: [] }),
  });
  const page = await openFaces();
  await whoIsIt(page, 'Jane Doe');
  await page.getByRole('button', { name: 'New performer “Jane Doe” with this face' }).click();
  await page.getByRole('textbox', { name: 'Disambiguation' }).fill('singer');
  assert.equal(await page.getByText('stash ID').count(), 0);
  await page.getByRole('button', { name: 'Create another one' }).click();
  await until(() => world.inputs('faces.name').length === 2, 'it was asked again');
  assert.deepEqual(
    world.inputs('faces.name').map((input) => (input as { who: unknown }).who),
    [{ name: 'Jane Doe' }, { name: 'Jane Doe', disambiguation: 'singer' }],
  );
});

test('whoever is on the scene and was not seen is asked about where one face is nobody’s', async () => {
  const unseen = [{ performerId: '2', name: 'Ann Example', picture: null }];
  let isAsked = true;
  world.begin({
    'scene.faces': () => asked({ persons: [person(), unknown()], ...(isAsked && { unseen }) }),
    'faces.unname': () => {
      isAsked = false;
      return { withdrawn: false };
    },
    'entity.reject': () => {
      isAsked = true;
      return { rejected: false };
    },
    'faces.name': () => named({ performerId: '2', added: [], there: [SCENE] }),
    'faces.elsewhere': () => ({ total: 0, items: [] }),
    'faces.usePicture': () => ({ journalId: 'j5', dryRun: false }),
  });
  const page = await openFaces();
  const question = page.getByRole('group', { name: 'Is this Ann Example?' });
  await question.getByRole('button', { name: 'Not this person: Ann Example' }).click();
  await question.waitFor({ state: 'detached' });
  const at = { entity: SCENE, personKey: 2, performerId: '2' };
  assert.deepEqual(world.inputs('faces.unname'), [{ ...at, isNo: true }]);
  await page.locator('.toast').getByRole('button', { name: 'Undo' }).click();
  await question.getByRole('button', { name: 'It is Ann Example' }).click();
  await page.getByRole('button', { name: 'Use as the picture of Ann Example' }).click();
  await until(() => world.inputs('faces.usePicture').length === 1, 'the picture was asked for');
  assert.deepEqual(world.inputs('faces.usePicture'), [at]);
  assert.deepEqual(world.inputs('entity.reject'), [{ ...at, undo: true }]);
});

test('with two faces that are nobody’s it is not asked, but offered first in the search', async () => {
  world.begin({
    'scene.faces': () =>
      asked({
        persons: [unknown(), unknown({ key: 3 })],
        unseen: [{ performerId: '2', name: 'Ann Example', picture: null }],
      }),
  });
  const page = await openFaces();
  await page.getByRole('button', { name: 'Who is it?' }).first().click();
  await page.getByText('On it in Stash, and not seen:').waitFor();
  await page.getByRole('button', { name: 'Ann Example' }).waitFor();
  assert.equal(await page.getByRole('group', { name: 'Is this Ann Example?' }).count(), 0);
  await page.getByRole('searchbox').press('Escape');
  await page.getByRole('button', { name: 'Who is it?' }).nth(1).waitFor();
});

test('somebody of no interest is hidden and counted, can be looked at, and comes back by the toast, the card and the list', async () => {
  let isHidden = false;
  world.begin({
    'scene.faces': () => asked({ persons: [person(), unknown(isHidden ? { hiddenId: '4' } : {})] }),
    'faces.hide': () => {
      isHidden = true;
      return { hiddenId: '4', elsewhere: 7 };
    },
    'faces.unhide': () => {
      isHidden = false;
      return { shown: true };
    },
    'people.info': () => ({ ...PEOPLE, ...(isHidden && { hidden: 1 }) }),
    'people.lookAlikes': () => ({ total: 0, told: 0, items: [] }),
    'people.hidden': () => ({ total: 1, items: [{ hiddenId: '4', at: Date.now(), crop: PIXEL }] }),
  });
  const page = await openFaces();
  const hide = page.getByRole('button', { name: 'Nobody of interest' });
  const counted = page.getByText('One person is hidden, as nobody of interest.');
  await hide.click();
  await counted.waitFor();
  assert.match(await toastText(page), /^Hidden here and in 7 more places\./);
  assert.deepEqual(world.inputs('faces.hide'), [{ entity: SCENE, personKey: 2 }]);
  assert.equal(await page.getByRole('button', { name: 'Who is it?' }).count(), 0);
  await page.locator('.toast').getByRole('button', { name: 'Undo' }).click();
  await counted.waitFor({ state: 'detached' });

  await hide.click();
  await page.getByRole('button', { name: 'Show', exact: true }).click();
  await page.getByRole('button', { name: 'Who is it?' }).waitFor();
  await page.getByRole('button', { name: 'Undo: nobody of interest' }).click();
  await hide.click();
  await counted.waitFor();

  const people = await world.open('/plugins/stash-sense?tab=people');
  await people.getByRole('button', { name: 'Nobody of interest: one person' }).click();
  await people.getByRole('img', { name: /^Somebody hidden/ }).waitFor();
  await people.getByRole('button', { name: 'Undo: nobody of interest' }).click();
  await people.getByRole('button', { name: 'Nobody of interest: one person' }).waitFor({ state: 'detached' });
  assert.deepEqual(
    world.inputs('faces.unhide'),
    [1, 2, 3].map(() => ({ hiddenId: '4' })),
  );
  assert.deepEqual(world.complaints, []);
});

const PEOPLE: Output<'people.info'> = {
  performers: 1,
  withReference: 1,
  references: {},
  packs: [],
  without: { total: 0, items: [] },
};

/** Of one look: another one would begin the cards anew. */
function asked(change: Parameters<typeof faces>[0]): FacesView {
  return faces({ observedAt: 1_700_000_000_000, ...change });
}

async function openFaces(): Promise<Page> {
  const page = await world.open('/scenes/7');
  await page.getByRole('tab', { name: 'Faces' }).click();
  return page;
}

/** Adds whoever was named to wherever else they were seen. */
async function nameAll(page: Page): Promise<void> {
  await whoIsIt(page, 'Bea');
  await page.getByRole('button', { name: 'Bea Sample also Beatrix' }).click();
  await page.getByRole('button', { name: 'Add Bea Sample to all 2' }).click();
}

async function undoOf(page: Page, text: string): Promise<void> {
  await page.locator('.toast', { hasText: text }).getByRole('button', { name: 'Undo' }).click();
}

async function whoIsIt(page: Page, text: string): Promise<Locator> {
  await page.getByRole('button', { name: 'Who is it?' }).click();
  const box = page.getByRole('searchbox', { name: 'Look up a performer' });
  await box.fill(text);
  return box;
}
