import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Browser, Locator, Page } from 'playwright-core';
import { onPage, openFaces, person, until } from './page.ts';
import type { World } from '../world.ts';

const TITLE = 'Two men';
const TYPED = 'Two men, again';

/** Stash's own form beside our tab: its Save writes the performers chosen in it, whoever was added meanwhile. */
export function besideStashsForm(world: () => World, browser: () => Browser): void {
  test('with unsaved edits "Add" waits for Save, and what was typed and who was added are both kept', async () => {
    await onScene(world(), browser(), async (page, sceneId) => {
      const { stash } = world();
      await type(page, TYPED);
      const franck = person(page, 'Franck');
      await franck.getByRole('button', { name: 'Add Franck to this scene' }).click();
      await page.getByText('Saving them would take Franck off again.').waitFor();
      await page.getByRole('button', { name: 'Add when I save' }).click();
      await franck.getByText('added when you save').waitFor();
      assert.deepEqual(await stash.performersOf(sceneId), []);
      await save(page);
      await until(async () => (await stash.performersOf(sceneId)).join() === 'Franck');
      assert.equal(await titleOf(world(), sceneId), TYPED);
      await page.getByRole('tab', { name: 'Faces', exact: true }).click();

      await type(page, TITLE);
      await franck.getByRole('button', { name: /^Undo/ }).click();
      await page.getByRole('button', { name: 'Remove when I save' }).click();
      await save(page);
      await until(async () => (await stash.performersOf(sceneId)).length === 0);
      assert.equal(await titleOf(world(), sceneId), TITLE);
      // Stash has it before our process has noted it.
      await until(async () => {
        const entity = { kind: 'scene', id: sceneId } as const;
        const { items } = await stash.operation('suggestions.list', { entity });
        return items.some(({ targetName }) => targetName === 'Franck');
      });
    });
  });

  test('put into the form, the performer is written by Save, and the suggestion is answered', async () => {
    await onScene(world(), browser(), async (page, sceneId) => {
      const { stash } = world();
      await type(page, TYPED);
      const franck = person(page, 'Franck');
      await franck.getByRole('button', { name: 'Add Franck to this scene' }).click();
      await page.getByRole('button', { name: 'Put into the form' }).click();
      await franck.getByText('in the form: Save adds it').waitFor();
      await page.getByRole('tab', { name: 'Edit', exact: true }).click();
      assert.deepEqual(await chosen(page).allInnerTexts(), ['Franck']);
      assert.equal(await title(page).inputValue(), TYPED);
      assert.deepEqual(await stash.performersOf(sceneId), []);
      await save(page);
      await until(async () => (await stash.performersOf(sceneId)).join() === 'Franck');
      await page.getByRole('tab', { name: 'Faces', exact: true }).click();
      await franck.getByText('on this scene already').waitFor();
      const entity = { kind: 'scene' as const, id: sceneId };
      await until(async () => {
        const { items } = await stash.operation('suggestions.list', { entity, state: 'accepted' });
        return items.some(({ targetName }) => targetName === 'Franck');
      });

      await stash.updateScene(sceneId, { title: TITLE, performer_ids: [] });
      await makeOpen(world(), sceneId);
    });
  });
}

export function takenOffInStashsForm(world: () => World, browser: () => Browser): void {
  test('who is taken off in the form can be added again at once', async () => {
    await onScene(world(), browser(), async (page, sceneId) => {
      const { stash } = world();
      const franck = person(page, 'Franck');
      await franck.getByRole('button', { name: 'Add Franck to this scene', exact: true }).click();
      await franck.getByRole('button', { name: /^Undo/ }).waitFor();
      await page.getByRole('tab', { name: 'Edit', exact: true }).click();
      await form(page).locator('.performer-select .react-select__multi-value__remove').click();
      await save(page);
      await until(async () => (await stash.performersOf(sceneId)).length === 0);
      await page.getByRole('tab', { name: 'Faces', exact: true }).click();
      await franck.getByRole('button', { name: 'Add Franck to this scene again' }).click();
      await until(async () => (await stash.performersOf(sceneId)).join() === 'Franck');
      await franck.getByRole('button', { name: /^Undo/ }).click();
      await until(async () => (await stash.performersOf(sceneId)).length === 0);
      // The last yes was taken back, so it is to be decided like any other.
      await franck.getByRole('button', { name: 'Add Franck to this scene', exact: true }).waitFor();
    });
  });
}

async function onScene(
  world: World,
  browser: Browser,
  work: (page: Page, sceneId: string) => Promise<void>,
): Promise<void> {
  const sceneId = world.ids.scenes[TITLE]!;
  await onPage(world, browser, `/scenes/${sceneId}`, async (page) => {
    await openFaces(page);
    await person(page, 'Franck').waitFor();
    await work(page, sceneId);
  });
}

function form(page: Page): Locator {
  return page.locator('#scene-edit-details');
}

function title(page: Page): Locator {
  return form(page).locator('input[name="title"]');
}

function chosen(page: Page): Locator {
  return form(page).locator('.performer-select .react-select__multi-value__label');
}

/** Types a title into Stash's form, without saving it. */
async function type(page: Page, text: string): Promise<void> {
  await page.getByRole('tab', { name: 'Edit', exact: true }).click();
  await title(page).fill(text);
  await page.getByRole('tab', { name: 'Faces', exact: true }).click();
}

async function save(page: Page): Promise<void> {
  await page.getByRole('tab', { name: 'Edit', exact: true }).click();
  await form(page).getByRole('button', { name: 'Save', exact: true }).click();
}

async function titleOf({ stash }: World, id: string): Promise<string> {
  const { findScene } = await stash.ask<{ findScene: { title: string } }>(
    'query($id: ID!) { findScene(id: $id) { title } }',
    { id },
  );
  return findScene.title;
}

/** For the steps that follow: a "no" that was taken back makes of any suggestion an open one. */
async function makeOpen({ stash, ids }: World, sceneId: string): Promise<void> {
  const performerId = ids.performers['Franck']!;
  const { persons } = await stash.operation('scene.faces', { sceneId });
  const { key: personKey } = persons.find((one) => one.performerId === performerId)!;
  const entity = { kind: 'scene', id: sceneId } as const;
  for (const undo of [false, true])
    await stash.operation('entity.reject', { entity, performerId, personKey, undo });
  const { items } = await stash.operation('suggestions.list', { entity });
  assert.ok(items.some(({ target, state }) => target?.id === performerId && state === 'open'));
}
