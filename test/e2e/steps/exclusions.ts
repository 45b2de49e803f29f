import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import type { World } from '../world.ts';
import { onPage, openFaces, toastSays } from './page.ts';

const SCENE = 'Two men';
const PHONE = 375;

export function excluding(world: () => World, browser: () => Browser): void {
  test('what has a tag below an excluded one is forgotten when it is excluded on the Settings tab, and not looked at by a scan', async (t) => {
    const { stash, ids, decoded } = world();
    const sceneId = ids.scenes[SCENE]!;
    const parentId = await makeTag(world(), 'Private');
    const childId = await makeTag(world(), 'Quite private', [parentId]);
    await stash.updateScene(sceneId, { tag_ids: [childId] });
    assert.notEqual(await suggestionsOf(world(), sceneId), 0);

    const began = Date.now();
    await onPage(world(), browser(), '/plugins/stash-sense?tab=settings', async (page) => {
      await addTo(page, 'Never - tags', 'priv', 'Private');
      await saveAndErase(page, /^Erased what was kept of 1 scene, image or gallery\.$/);
    });
    assert.equal(await suggestionsOf(world(), sceneId), 0);
    t.diagnostic(`Excluded and erased: ${((Date.now() - began) / 1000).toFixed(1)} s`);

    await decoded();
    assert.equal((await stash.runTask('Scan library')).status, 'FINISHED');
    assert.deepEqual(await decoded(), []);
    assert.equal(await suggestionsOf(world(), sceneId), 0);
    await onPage(world(), browser(), `/scenes/${sceneId}`, async (page) => {
      await openFaces(page);
      await page.getByText(`"${SCENE}" is not looked at: it has the tag Private`, { exact: false }).waitFor();
      const faces = page.locator('.stash-sense-faces');
      assert.equal(await faces.getByRole('button', { name: 'Identify performers' }).count(), 0);
    });
    await assert.rejects(stash.operation('scene.identify', { sceneId }), /is not looked at/);
  });

  test('an excluded performer is neither learnt nor named, and comes back without the exclusion, as the scene does', async () => {
    const { stash, ids, decoded } = world();
    const sceneId = ids.scenes[SCENE]!;
    const performerId = ids.performers['Franck']!;
    const found = async (): Promise<number> =>
      (await stash.operation('suggestions.list', { performerId })).total;
    const before = await found();
    assert.notEqual(before, 0);
    const { withReference } = await stash.operation('people.info', {});
    await onPage(
      world(),
      browser(),
      '/plugins/stash-sense?tab=settings',
      async (page) => {
        await page.getByRole('button', { name: 'Take out Private' }).click();
        await addTo(page, 'Never - performers', 'Fran', 'Franck');
        await saveAndErase(page, /^Erased what was kept of 1 performer\.$/);
      },
      PHONE,
    );
    assert.equal(await found(), 0);
    await decoded();
    assert.equal((await stash.runTask('Scan library')).status, 'FINISHED');
    assert.deepEqual(await decoded(), ['two-men.mp4']);
    assert.equal(await found(), 0);
    assert.equal((await stash.operation('people.info', {})).withReference, withReference - 1);

    await onPage(world(), browser(), '/plugins/stash-sense?tab=settings', async (page) => {
      await page.getByRole('button', { name: 'Take out Franck' }).click();
      await save(page, /^Saved\.$/);
    });
    await stash.updateScene(sceneId, { tag_ids: [] });
    assert.equal((await stash.runTask('Scan library')).status, 'FINISHED');
    assert.equal(await found(), before + 1);
    assert.equal((await stash.operation('people.info', {})).withReference, withReference);
  });

  test('with an exclusion that Stash does not have nothing is looked at, and the Settings tab says why', async () => {
    const { stash, ids, decoded } = world();
    await decoded();
    const { settings } = await stash.operation('settings.get', {});
    await stash.configure({ ...settings, excludedTags: 'Privat' });
    try {
      assert.equal((await stash.runTask('Scan library')).status, 'FINISHED');
      const { runs, checks } = await stash.operation('status', {});
      assert.equal(runs.find(({ task }) => task === 'scan')?.state, 'failed');
      assert.ok(checks.some(({ id, ok }) => id === 'exclusions' && !ok));
      await assert.rejects(
        stash.operation('scene.identify', { sceneId: ids.scenes[SCENE]!, force: true }),
        /no such tag/,
      );
      await onPage(world(), browser(), '/plugins/stash-sense?tab=settings', async (page) => {
        await page.getByText('Stash has no such tag', { exact: false }).waitFor();
      });
      assert.deepEqual(await decoded(), []);
    } finally {
      await stash.configure(settings);
    }
  });
}

async function addTo(page: Page, setting: string, text: string, name: string): Promise<void> {
  const field = page.getByRole('group', { name: setting, exact: true });
  await field.getByRole('searchbox').fill(text);
  await field.getByRole('button', { name, exact: true }).click();
  await field.getByRole('button', { name: `Take out ${name}` }).waitFor();
}

async function save(page: Page, said: RegExp): Promise<void> {
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await toastSays(page, said);
}

async function saveAndErase(page: Page, said: RegExp): Promise<void> {
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Exclude and erase' }).click();
  await toastSays(page, said);
}

async function makeTag({ stash }: World, name: string, parentIds: readonly string[] = []): Promise<string> {
  const { tagCreate } = await stash.ask<{ tagCreate: { id: string } }>(
    'mutation($input: TagCreateInput!) { tagCreate(input: $input) { id } }',
    { input: { name, parent_ids: parentIds } },
  );
  return tagCreate.id;
}

async function suggestionsOf({ stash }: World, id: string): Promise<number> {
  return (await stash.operation('suggestions.list', { entity: { kind: 'scene', id } })).total;
}
