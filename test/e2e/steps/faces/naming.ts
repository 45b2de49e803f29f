import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Browser } from 'playwright-core';
import type { Stash } from '../../stash.ts';
import type { World } from '../../world.ts';
import { onPage, openFaces, person, until } from '../page.ts';

const SCENE = 'A stranger';
const NAME = 'Newly named';

export function namingUnknown(world: () => World, browser: () => Browser): void {
  test('an unknown person is given the name of a new performer, whom the undo takes away again', async () => {
    const { stash, ids } = world();
    const sceneId = ids.scenes[SCENE]!;
    await onPage(world(), browser(), `/scenes/${sceneId}`, async (page) => {
      await openFaces(page);
      await page.getByRole('button', { name: 'Who is it?' }).click();
      await page.getByRole('searchbox').last().fill(NAME);
      await page.getByRole('button', { name: `New performer “${NAME}” with this face` }).click();
      await person(page, NAME).waitFor();
      assert.deepEqual(await stash.performersOf(sceneId), [NAME]);
      const [first] = (await stash.operation('journal.list', { limit: 1 })).items;
      await page.goto(`${stash.url}/plugins/stash-sense?tab=history&batch=${first!.batchId}`);
      await page.getByRole('button', { name: 'Undo all together' }).first().click();
      await page.getByRole('button', { name: /^Undo \d+ changes?$/ }).click();
      await until(async () => (await stash.performersOf(sceneId)).length === 0);
      await until(async () => !(await isThere(stash, NAME)));
    });
    const { persons } = await stash.operation('scene.faces', { sceneId });
    assert.deepEqual(
      persons.map(({ decision }) => decision),
      ['unknown'],
    );
  });
}

export function inGerman(world: () => World, browser: () => Browser): void {
  test('where Stash is set to German, the tab of a scene and our page are in German', async () => {
    const { stash, ids } = world();
    const before = await stash.ask<{ configuration: { interface: { language: string | null } } }>(
      '{ configuration { interface { language } } }',
      {},
    );
    await speak(stash, 'de-DE');
    try {
      await onPage(world(), browser(), `/scenes/${ids.scenes[SCENE]!}`, async (page) => {
        await page.getByRole('tab', { name: 'Gesichter', exact: true }).click();
        await page.getByRole('button', { name: 'Wer ist das?' }).waitFor();
        await page.goto(`${stash.url}/plugins/stash-sense`);
        await page.getByRole('tab', { name: 'Vorschläge', exact: true }).waitFor();
        await page
          .getByRole('group', { name: /Franck/ })
          .first()
          .waitFor();
      });
    } finally {
      await speak(stash, before.configuration.interface.language ?? 'en-GB');
    }
  });
}

async function speak(stash: Stash, language: string): Promise<void> {
  await stash.ask(
    'mutation($input: ConfigInterfaceInput!) { configureInterface(input: $input) { language } }',
    { input: { language } },
  );
}

async function isThere(stash: Stash, name: string): Promise<boolean> {
  const { findPerformers } = await stash.ask<{ findPerformers: { performers: unknown[] } }>(
    `query($name: String!) {
      findPerformers(performer_filter: { name: { value: $name, modifier: EQUALS } }) { performers { id } }
    }`,
    { name },
  );
  return findPerformers.performers.length > 0;
}
