/** The Faces tab beside Stash's form: saving the form writes the performers chosen in it, whoever was added meanwhile. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { createGate, until } from '../fixtures/wait.ts';
import { faces, person } from './samples.ts';
import { toastText, uiWorld } from './world.ts';

const world = uiWorld();
const WHY = 'The Edit tab has unsaved edits. Saving them would take Jane Doe off again.';

test('while the form has unsaved edits Add waits, says why, and adds when they were saved', async () => {
  scriptedScene();
  const page = await withEdits('A day out, with the cat');
  await card(page, 'Jane Doe').getByRole('button', { name: 'Add Jane Doe to this scene' }).click();
  await page.getByText(WHY).waitFor();
  assert.deepEqual(world.inputs('suggestions.accept'), []);
  await page.getByRole('button', { name: 'Add when I save' }).click();
  await card(page, 'Jane Doe').getByText('added when you save').waitFor();
  await save(page);
  await card(page, 'Jane Doe').getByText('added', { exact: true }).waitFor({ state: 'attached' });
  assert.match(await toastText(page), /Added Jane Doe to this scene/);
  assert.deepEqual(world.inputs('suggestions.accept'), [{ ids: ['s1'], dryRun: false }]);
  assert.deepEqual(inStash(), { title: 'A day out, with the cat', names: ['Jane Doe'] });
  // Nothing was drawn anew over edits, and the form has who was added.
  await page.getByRole('tab', { name: 'Edit' }).click();
  await chosen(page, ['Jane Doe']);
  assert.equal(await page.getByLabel('Title').inputValue(), 'A day out, with the cat');
  assert.deepEqual(world.complaints, []);
});

test('put into the form, Save writes it, and the suggestion is answered', async () => {
  scriptedScene();
  const page = await withEdits('With the cat');
  await card(page, 'Jane Doe').getByRole('button', { name: /^Add/ }).click();
  await page.getByRole('button', { name: 'Put into the form' }).click();
  await card(page, 'Jane Doe').getByText('in the form: Save adds it').waitFor();
  assert.deepEqual(inStash(), { title: 'A day out', names: [] });
  await page.getByRole('tab', { name: 'Edit' }).click();
  await chosen(page, ['Jane Doe']);
  assert.equal(await page.getByLabel('Title').inputValue(), 'With the cat');
  await page.getByRole('tab', { name: 'Faces' }).click();
  await save(page);
  await card(page, 'Jane Doe').getByText('on this scene already').waitFor({ state: 'attached' });
  await until(() => world.inputs('suggestions.accept').length === 1, 'suggestions.accept');
  assert.deepEqual(inStash(), { title: 'With the cat', names: ['Jane Doe'] });
  assert.deepEqual(world.complaints, []);
});

test('what was put into the form can be taken out again, here and there, and is then no answer', async () => {
  scriptedScene();
  const page = await withEdits('With the cat');
  const put = async (): Promise<void> => {
    await card(page, 'Jane Doe').getByRole('button', { name: /^Add/ }).click();
    await page.getByRole('button', { name: 'Put into the form' }).click();
  };
  await put();
  await page.getByRole('button', { name: 'Take Jane Doe out of the form' }).click();
  await card(page, 'Jane Doe').getByRole('button', { name: /^Add/ }).waitFor();
  await put();
  await page.getByRole('tab', { name: 'Edit' }).click();
  await page.getByRole('button', { name: 'Remove Jane Doe' }).click();
  await page.getByRole('tab', { name: 'Faces' }).click();
  await card(page, 'Jane Doe').getByRole('button', { name: /^Add/ }).waitFor();
  const asked = world.inputs('scene.faces').length;
  await save(page);
  // Once before the suggestion would be answered, once as after every decision.
  await until(() => world.inputs('scene.faces').length === asked + 2, 'scene.faces');
  assert.deepEqual(world.inputs('suggestions.accept'), []);
  assert.deepEqual(inStash(), { title: 'With the cat', names: [] });
});

test('what waits is taken back by Cancel, and given up aloud when the page is left', async () => {
  scriptedScene();
  const page = await withEdits('With the cat');
  const add = card(page, 'Jane Doe').getByRole('button', { name: /^Add Jane/ });
  await add.click();
  await page.getByRole('button', { name: 'Cancel' }).click();
  assert.equal(await page.getByText(WHY).count(), 0);
  await add.click();
  await page.getByRole('button', { name: 'Add when I save' }).click();
  await page.getByRole('button', { name: 'Do not add Jane Doe when I save' }).click();
  await add.click();
  await page.getByRole('button', { name: 'Add when I save' }).click();
  page.on('dialog', (dialog) => void dialog.accept());
  await page.getByRole('link', { name: 'Scenes' }).first().click();
  await page.getByText('The page was left without saving, so Jane Doe was not added.').waitFor();
  assert.deepEqual(world.inputs('suggestions.accept'), []);
});

test('edits that were taken back hold nothing up; what waited can be added at once', async () => {
  scriptedScene();
  const page = await withEdits('With the cat');
  const add = card(page, 'Jane Doe').getByRole('button', { name: /^Add Jane/ });
  await add.click();
  await page.getByRole('button', { name: 'Add when I save' }).click();
  await edit(page, 'A day out');
  await add.click();
  await card(page, 'Jane Doe').getByText('added', { exact: true }).waitFor();
  await edit(page, 'With the dog');
  await save(page);
  await until(() => inStash().title === 'With the dog', 'the title is saved');
  assert.deepEqual(inStash().names, ['Jane Doe']);
  assert.equal(world.inputs('suggestions.accept').length, 1);
});

test('edits that cannot be saved as they are hold Add up too', async () => {
  scriptedScene();
  const page = await withEdits('');
  await card(page, 'Jane Doe').getByRole('button', { name: /^Add/ }).click();
  await page.getByText(WHY).waitFor();
  await page.getByRole('tab', { name: 'Edit' }).click();
  assert.equal(await page.getByLabel('Title').inputValue(), '');
});

test('a save that Stash refuses adds nothing', async () => {
  scriptedScene();
  const page = await withEdits('With the cat');
  await card(page, 'Jane Doe').getByRole('button', { name: /^Add/ }).click();
  await page.getByRole('button', { name: 'Add when I save' }).click();
  await page.route('**/graphql', async (route) => {
    if ((route.request().postData() ?? '').includes('mutation SceneUpdate')) await route.abort();
    else await route.continue();
  });
  await save(page);
  await page.locator('.toast.danger').waitFor();
  await card(page, 'Jane Doe').getByText('added when you save').waitFor({ state: 'attached' });
  assert.deepEqual(world.inputs('suggestions.accept'), []);
});

test('while Stash saves, Add waits too, and is done when it has saved', async () => {
  scriptedScene();
  const page = await withEdits('With the cat');
  const gate = createGate();
  await page.route('**/graphql', async (route) => {
    if ((route.request().postData() ?? '').includes('mutation SceneUpdate')) await gate.opened;
    await route.continue();
  });
  await save(page);
  await page.getByRole('tab', { name: 'Faces' }).click();
  await card(page, 'Jane Doe')
    .getByRole('button', { name: /^Add Jane/ })
    .click();
  await page.getByText(WHY).waitFor();
  // There is no form to put it into.
  assert.equal(await page.getByRole('button', { name: 'Put into the form' }).count(), 0);
  await page.getByRole('button', { name: 'Add when I save' }).click();
  await card(page, 'Jane Doe').getByText('added when you save').waitFor();
  gate.open();
  await card(page, 'Jane Doe').getByText('added', { exact: true }).waitFor();
  assert.deepEqual(inStash(), { title: 'With the cat', names: ['Jane Doe'] });
});

test('Undo waits too: saving the form would put the performer back', async () => {
  scriptedScene();
  const page = await openFaces('/scenes/7');
  await card(page, 'Jane Doe').getByRole('button', { name: /^Add/ }).click();
  await card(page, 'Jane Doe').getByText('added', { exact: true }).waitFor();
  await edit(page, 'With the cat');
  await card(page, 'Jane Doe').getByRole('button', { name: /^Undo/ }).click();
  await page.getByText('Saving them would put Jane Doe back.').waitFor();
  await page.getByRole('button', { name: 'Remove when I save' }).click();
  await card(page, 'Jane Doe').getByText('removed when you save').waitFor();
  await save(page);
  await until(() => world.inputs('journal.undo').length === 1, 'journal.undo');
  await until(() => inStash().names.length === 0, '0 on the scene');
  assert.equal(inStash().title, 'With the cat');
});

test('"Add all" waits as one batch', async () => {
  scriptedScene();
  const page = await withEdits('With the cat');
  await page.getByRole('button', { name: 'Add all (2) above' }).click();
  await page.getByText('Saving them would take them off again.').waitFor();
  await page.getByRole('button', { name: 'Add when I save' }).click();
  await card(page, 'Jane Doe').getByText('added when you save').waitFor();
  await page.getByRole('button', { name: 'Do not add Ann Example when I save' }).click();
  await card(page, 'Ann Example').getByRole('button', { name: /^Add/ }).click();
  await page.getByRole('button', { name: 'Add when I save' }).click();
  await save(page);
  await until(() => inStash().names.length === 2, '2 on the scene');
  assert.deepEqual(world.inputs('suggestions.accept'), [{ ids: ['s1', 's2'], dryRun: false }]);
});

test('edits that begin while it is written keep who was added', async () => {
  scriptedScene();
  const accept = world.stash.answers['suggestions.accept']!;
  const gate = createGate();
  world.stash.answers['suggestions.accept'] = async (input) => {
    await gate.opened;
    return await accept(input);
  };
  const page = await openFaces('/scenes/7');
  await edit(page, 'A day out');
  await card(page, 'Jane Doe').getByRole('button', { name: /^Add/ }).click();
  await until(() => world.inputs('suggestions.accept').length === 1, 'suggestions.accept');
  await edit(page, 'With the cat');
  gate.open();
  await page.getByText('Jane Doe was chosen in that form too').waitFor();
  await save(page);
  await until(() => inStash().title === 'With the cat', 'the title is saved');
  assert.deepEqual(inStash().names, ['Jane Doe']);
});

test('who is taken off in the form is offered at once', async () => {
  scriptedScene();
  const page = await openFaces('/scenes/7');
  await card(page, 'Jane Doe').getByRole('button', { name: /^Add/ }).click();
  await card(page, 'Jane Doe').getByText('added', { exact: true }).waitFor();
  await page.getByRole('tab', { name: 'Edit' }).click();
  await page.getByRole('button', { name: 'Remove Jane Doe' }).click();
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('tab', { name: 'Faces' }).click();
  await card(page, 'Jane Doe').getByRole('button', { name: 'Add Jane Doe to this scene' }).waitFor();
});

test('beside the form of an image the same holds', async () => {
  scriptedScene('images');
  const page = await world.open('/images/5');
  await page.getByRole('button', { name: 'Identify performers' }).click();
  await card(page, 'Jane Doe').waitFor();
  await page.getByRole('tab', { name: 'Edit' }).click();
  await page.getByLabel('Title').fill('In the dunes');
  await page.getByRole('tab', { name: 'Details' }).click();
  await card(page, 'Jane Doe').getByRole('button', { name: /^Add/ }).click();
  await page.getByText(WHY).waitFor();
  await page.getByRole('button', { name: 'Add when I save' }).click();
  await page.getByRole('tab', { name: 'Edit' }).click();
  await page.getByRole('button', { name: 'Save' }).click();
  await until(() => world.inputs('suggestions.accept').length === 1, 'suggestions.accept');
  const [image] = world.stash.library.images;
  assert.deepEqual([image?.title, image?.performers.map(({ name }) => name)], ['In the dunes', ['Jane Doe']]);
});

for (const width of [375, 1400])
  test(`what is held back fits into ${width} px`, async () => {
    scriptedScene();
    const page = await world.open('/scenes/7', { width });
    await edit(page, 'With the cat');
    await card(page, 'Jane Doe').getByRole('button', { name: /^Add/ }).click();
    await page.getByText(WHY).waitFor();
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(wide <= width, `${wide} px wide`);
  });

function card(page: Page, name: string): Locator {
  return page.locator('.stash-sense-person', { hasText: name });
}

async function openFaces(path: string): Promise<Page> {
  const page = await world.open(path);
  await page.getByRole('tab', { name: 'Faces' }).click();
  return page;
}

/** The Faces tab of a scene whose form holds a title that is not saved. */
async function withEdits(title: string): Promise<Page> {
  const page = await world.open('/scenes/7');
  await edit(page, title);
  return page;
}

async function edit(page: Page, title: string): Promise<void> {
  await page.getByRole('tab', { name: 'Edit' }).click();
  await page.getByLabel('Title').fill(title);
  await page.getByRole('tab', { name: 'Faces' }).click();
}

async function save(page: Page): Promise<void> {
  await page.getByRole('tab', { name: 'Edit' }).click();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
}

async function chosen(page: Page, names: readonly string[]): Promise<void> {
  const labels = page.locator('.performer-select .react-select__multi-value__label');
  await until(async () => (await labels.allInnerTexts()).join() === names.join(), 'chosen');
}

function inStash(): { title: string; names: string[] } {
  const { title, performers } = world.stash.library.scenes[0]!;
  return { title, names: performers.map(({ name }) => name) };
}

/** Two people who can be added. Who is on the entity is what Stash's own data say, whoever wrote it. */
function scriptedScene(list: 'scenes' | 'images' = 'scenes'): void {
  const PEOPLE = [
    { suggestionId: 's1', performerId: '1', name: 'Jane Doe' },
    { suggestionId: 's2', performerId: '2', name: 'Ann Example' },
  ];
  const answered = new Set<string>();
  const written = new Set<string>();
  const row = (): { performers: { id: string }[] } => world.stash.library[list][0]!;
  const isOn = (id: string): boolean => row().performers.some((performer) => performer.id === id);
  const set = (ids: readonly string[]): void => {
    const { performers } = world.stash.library;
    Object.assign(row(), { performers: performers.filter(({ id }) => ids.includes(id)) });
  };
  const view = (): ReturnType<typeof faces> =>
    faces({
      persons: PEOPLE.map(({ suggestionId, performerId, name }, key) =>
        person({
          key,
          performerId,
          name,
          candidates: [],
          suggestion: { id: suggestionId, state: answered.has(suggestionId) ? 'accepted' : 'open' },
          present: isOn(performerId),
          journalId: isOn(performerId) && written.has(performerId) ? `j${performerId}` : null,
        }),
      ),
    });
  world.begin({
    'scene.faces': view,
    'entity.faces': view,
    'suggestions.accept': (input) => {
      const ids = 'ids' in input ? input.ids : [];
      const accepted = PEOPLE.filter(({ suggestionId }) => ids.includes(suggestionId)).map(
        ({ suggestionId, performerId }) => {
          answered.add(suggestionId);
          if (isOn(performerId)) return { id: suggestionId, journalId: null };
          written.add(performerId);
          set([...row().performers.map(({ id }) => id), performerId]);
          return { id: suggestionId, journalId: `j${performerId}` };
        },
      );
      return { accepted, refused: [], dryRun: false, batchId: 'b1' };
    },
    'journal.undo': () => {
      answered.clear();
      written.clear();
      set([]);
      return { undone: ['j1'], refused: [] };
    },
  });
}
