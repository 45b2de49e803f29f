import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Browser } from 'playwright-core';
import { onPage, openFaces, person, until } from './page.ts';
import type { World } from '../world.ts';

const SUGGESTIONS = '/plugins/stash-sense';
const TITLE = 'Franck talks';

/** What was added is taken off without our form and without our undo: through Stash's API, as a scrape or another plugin does. */
export function takenOffElsewhere(world: () => World, browser: () => Browser): void {
  test('a performer that was added and taken off through the API comes back as "taken off since", and is added again by one click', async () => {
    const { stash, ids } = world();
    const sceneId = ids.scenes[TITLE]!;
    await onPage(world(), browser(), `/scenes/${sceneId}`, async (page) => {
      await openFaces(page);
      const franck = person(page, 'Franck');
      await franck.getByRole('button', { name: 'Add Franck to this scene' }).click();
      await franck.getByRole('button', { name: /^Undo/ }).waitFor();
    });
    await stash.updateScene(sceneId, { performer_ids: [] });
    await onPage(world(), browser(), `/scenes/${sceneId}`, async (page) => {
      await openFaces(page);
      const franck = person(page, 'Franck');
      await franck.getByText('taken off since', { exact: true }).waitFor();
      await franck.getByRole('button', { name: 'Not this person: Franck' }).waitFor();
      await franck.getByRole('button', { name: 'Add Franck to this scene again' }).click();
      await franck.getByRole('button', { name: /^Undo/ }).waitFor();
      assert.deepEqual(await stash.performersOf(sceneId), ['Franck']);
    });
  });

  test('a run finds it too; it stands with those to decide, is in no "accept all", and a no to it can be withdrawn', async () => {
    const { stash, ids } = world();
    const sceneId = ids.scenes[TITLE]!;
    const entity = { kind: 'scene', id: sceneId } as const;
    await stash.updateScene(sceneId, { performer_ids: [] });
    await stash.runTask('Update people');
    const { suggestions } = await stash.operation('status', {});
    assert.equal(suggestions.removed, 1);
    await onPage(world(), browser(), `${SUGGESTIONS}?q=${TITLE.replace(' ', '+')}`, async (page) => {
      await page.getByText('1 of these was added before and taken off in Stash since.').waitFor();
      const card = page.getByRole('group', { name: `Franck in ${TITLE}` });
      await card.getByText('taken off since', { exact: true }).waitFor();
      await page.getByRole('button', { name: 'Accept all above…' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('spinbutton').fill('50');
      await dialog.getByText('No suggestion is that sure.').waitFor();
      await dialog.getByRole('button', { name: 'Cancel' }).click();

      await card.getByRole('button', { name: 'Not this person: Franck' }).click();
      await card.getByRole('button', { name: 'Undo: Franck' }).click();
      await card.getByRole('button', { name: 'Add Franck again' }).click();
      await until(async () => (await stash.performersOf(sceneId)).join() === 'Franck');
      await card.getByRole('button', { name: 'Undo: Franck' }).click();
      // Leaving the page before the answer would cut it off.
      await card.getByRole('button', { name: 'Add Franck', exact: true }).waitFor();
      assert.deepEqual(await stash.performersOf(sceneId), []);
    });
    const { items } = await stash.operation('suggestions.list', { entity });
    assert.deepEqual(
      items.map(({ targetName }) => targetName),
      ['Franck'],
    );
  });
}

/** Last of all: what is destroyed here is not made again. */
export function goneFromStash(world: () => World, browser: () => Browser): void {
  test('the card of a scene that was destroyed says so and is closed; the next list is without it', async () => {
    const { stash, ids } = world();
    const title = 'Far away, in the dark';
    await onPage(world(), browser(), SUGGESTIONS, async (page) => {
      const card = page.getByRole('group', { name: `Franck in ${title}` });
      await card.waitFor();
      await stash.ask('mutation($ids: [ID!]!) { scenesDestroy(input: { ids: $ids }) }', {
        ids: [ids.scenes[title]!],
      });
      await card.getByRole('button', { name: 'Add Franck' }).click();
      await card.getByText(`Stash has "${title}" no more`).waitFor();
      await card.getByRole('button').waitFor({ state: 'detached' });
      await page.reload();
      await page.getByRole('group', { name: `Franck in ${TITLE}` }).waitFor();
      assert.equal(await card.count(), 0);
    });
  });

  test('a scan closes what is gone outside of its scope too: a scene, and all of a performer', async () => {
    const { stash, ids } = world();
    // Nothing of this library is in its scope.
    const { studioCreate: studio } = await stash.ask<{ studioCreate: { id: string } }>(
      'mutation { studioCreate(input: { name: "Nothing of it" }) { id } }',
    );
    await stash.configure({ scanScope: 'studio: Nothing of it' });
    const open = async (): Promise<string[]> => {
      const { items } = await stash.operation('suggestions.list', { limit: 100 });
      return items.map(({ entityTitle, targetName }) => `${targetName} in ${entityTitle}`).toSorted();
    };
    const before = await open();
    assert.ok(before.includes(`Franck in ${TITLE}`) && before.includes('Man in the office in Two men'));
    await stash.ask('mutation($ids: [ID!]!) { scenesDestroy(input: { ids: $ids }) }', {
      ids: [ids.scenes[TITLE]!],
    });
    await stash.ask('mutation($ids: [ID!]!) { performersDestroy(ids: $ids) }', {
      ids: [ids.performers['Man in the office']!],
    });
    await stash.runTask('Scan library');
    assert.deepEqual(
      await open(),
      before.filter((one) => !one.endsWith(` in ${TITLE}`) && !one.startsWith('Man in the office')),
    );
    await stash.configure({ scanImages: true, scanGalleries: true });
    await stash.ask('mutation($ids: [ID!]!) { studiosDestroy(ids: $ids) }', { ids: [studio.id] });
  });
}
