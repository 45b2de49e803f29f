import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import type { Browser } from 'playwright-core';
import { onPage, toastSays, until } from './page.ts';
import type { World } from '../world.ts';

const DUPLICATE = 'Franck Too';
const SCENE = 'Franck talks';

/** A second performer with the same picture, until it is deleted again. */
export function twoOfOnePerson(world: () => World, browser: () => Browser): void {
  test('two performers of one picture: the list asks which of them it is, and one can be chosen and undone', async () => {
    const { stash, ids } = world();
    const sceneId = ids.scenes[SCENE]!;
    const { total: before } = await stash.operation('suggestions.list', {});
    const id = await createDuplicate(world());
    try {
      await stash.runTask('Update people');
      const { total, items } = await stash.operation('suggestions.list', { performerId: id });
      assert.ok(items.length > 0 && items.every(({ kind }) => kind === 'performer-ambiguous'));
      assert.equal((await stash.operation('suggestions.list', {})).total, before, 'no find is lost');
      const sure = await stash.operation('suggestions.list', { withoutChoice: true });
      assert.equal(sure.total, before - total);

      await tellThemApart(world(), browser());
      await onPage(world(), browser(), `/plugins/stash-sense?performer=${id}`, async (page) => {
        const card = page.getByRole('group', { name: `in ${SCENE}` });
        await card.getByRole('button', { name: `This one: ${DUPLICATE}` }).click();
        await card.getByText(`Added ${DUPLICATE}.`).waitFor();
        assert.deepEqual(await stash.performersOf(sceneId), [DUPLICATE]);
        await card.getByRole('button', { name: /^Undo/ }).click();
        await card.getByRole('button', { name: 'This one: Franck', exact: true }).waitFor();
        assert.deepEqual(await stash.performersOf(sceneId), []);

        await card.getByRole('button', { name: `Not this person: ${DUPLICATE}` }).click();
        await toastSays(page, new RegExp(`not ${DUPLICATE}`, 'i'));
      });
      const entity = { kind: 'scene', id: sceneId } as const;
      const left = await stash.operation('suggestions.list', { entity });
      assert.deepEqual(
        left.items.map(({ targetName }) => targetName),
        ['Franck'],
      );
    } finally {
      await stash.ask('mutation($ids: [ID!]!) { performersDestroy(ids: $ids) }', { ids: [id] });
      await stash.runTask('Update people');
    }
    await until(async () => (await stash.operation('suggestions.list', {})).total === before);
    const { items } = await stash.operation('suggestions.list', { limit: 100 });
    assert.ok(items.every(({ kind }) => kind === 'performer-seen'));
  });
}

/** On the People tab; also another "Update people" does not show the pair again. */
async function tellThemApart(world: World, browser: Browser): Promise<void> {
  const { stash } = world;
  const lookAlike = async (): Promise<number> => (await stash.operation('people.lookAlikes', {})).total;
  await onPage(world, browser, '/plugins/stash-sense?tab=people', async (page) => {
    const pair = page.getByRole('group', { name: `Franck and ${DUPLICATE}` });
    await pair.getByRole('button', { name: /are two people$/ }).click();
    await pair.waitFor({ state: 'detached' });
  });
  assert.equal(await lookAlike(), 0);
  await stash.runTask('Update people');
  assert.equal(await lookAlike(), 0);
}

async function createDuplicate({ stash, media }: World): Promise<string> {
  const { picture } = media.library.performers.find(({ name }) => name === 'Franck')!;
  const bytes = await readFile(path.join(media.library.folder, picture!));
  const image = `data:image/jpeg;base64,${bytes.toString('base64')}`;
  const { performerCreate } = await stash.ask<{ performerCreate: { id: string } }>(
    'mutation($input: PerformerCreateInput!) { performerCreate(input: $input) { id } }',
    { input: { name: DUPLICATE, image } },
  );
  return performerCreate.id;
}
