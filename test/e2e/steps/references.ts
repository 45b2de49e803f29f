import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Browser } from 'playwright-core';
import type { Output } from '../../../core/contract/operations.ts';
import { inEnglish } from '../../../core/messages/english.ts';
import type { World } from '../world.ts';
import { onPage, openFaces, person } from './page.ts';

const PEOPLE = '/plugins/stash-sense?tab=people';
const NAME = 'Franck';

/** A wrong yes teaches nothing for good: neither a face that was confirmed, nor a picture of the performer. */
export function withdrawing(world: () => World, browser: () => Browser): void {
  test('a picture that is set aside on People stays so, and what it had found leaves the list until it is used again', async () => {
    const { stash, ids } = world();
    const performerId = ids.performers[NAME]!;
    const suggested = async (): Promise<number> =>
      (await stash.operation('suggestions.list', { performerId })).total;
    const profile = async (): Promise<string | undefined> =>
      (await pictures(world())).find(({ source }) => source === 'profile')?.state;
    const before = await suggested();
    assert.ok(before >= 3, `${before} suggestions`);

    await onPage(world(), browser(), PEOPLE, async (page) => {
      await page.getByRole('searchbox', { name: 'Look up a performer' }).fill(NAME);
      await page.getByRole('button', { name: NAME, exact: true }).click();
      await page
        .getByRole('button', { name: 'Do not use this picture to recognise Franck: profile picture' })
        .click();
      await page
        .getByText('Franck cannot be recognised. Every picture that shows the face is set aside')
        .waitFor();
    });
    assert.equal(await suggested(), 0);

    // Another address for the same picture.
    await stash.ask('mutation($input: PerformerUpdateInput!) { performerUpdate(input: $input) { id } }', {
      input: { id: performerId, details: 'Edited.' },
    });
    await stash.runTask('Update people');
    assert.equal(await profile(), 'set-aside');
    assert.equal(await suggested(), 0);

    await onPage(
      world(),
      browser(),
      PEOPLE,
      async (page) => {
        await page.getByRole('button', { name: 'Pictures of Franck' }).click();
        const again = page.getByRole('button', {
          name: 'Use this picture again to recognise Franck: profile picture',
        });
        await again.waitFor();
        assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= 375);
        await again.click();
        // Stash ends an operation whose page is left before it has answered.
        await again.waitFor({ state: 'detached' });
        assert.equal(await profile(), 'used');
      },
      375,
    );
    assert.equal(await suggested(), before);
  });

  test('a face that was confirmed by mistake is withdrawn by "Not this person", and nothing brings it back', async () => {
    const { stash, ids } = world();
    const sceneId = ids.scenes['Franck talks']!;
    const confirmed = async (): Promise<string[]> =>
      (await pictures(world()))
        .filter(({ source, entity }) => source === 'confirmed' && entity?.id === sceneId)
        .map(({ state }) => state);
    await onPage(world(), browser(), `/scenes/${sceneId}`, async (page) => {
      await openFaces(page);
      await person(page, NAME).getByRole('button', { name: 'Add Franck to this scene' }).click();
      await person(page, NAME).getByRole('button', { name: /^Undo/ }).waitFor();
    });
    assert.deepEqual(await confirmed(), ['used']);
    await stash.updateScene(sceneId, { performer_ids: [] });

    await onPage(world(), browser(), `/scenes/${sceneId}`, async (page) => {
      await openFaces(page);
      const franck = person(page, NAME);
      await franck.getByRole('button', { name: 'Not this person: Franck' }).click();
      await franck.getByText('you said: not this person').waitFor();
      assert.deepEqual(await confirmed(), ['withdrawn']);
      await stash.runTask('Update people');
      assert.deepEqual(await confirmed(), ['withdrawn']);

      await franck.getByRole('button', { name: /^Undo/ }).click();
      const add = franck.getByRole('button', { name: /^Add Franck to this scene/ });
      await add.waitFor();
      assert.deepEqual(await confirmed(), ['withdrawn'], 'to take back a "no" confirms nothing');
      await add.click();
      await franck.getByRole('button', { name: /^Undo/ }).waitFor();
      assert.deepEqual(await confirmed(), ['used']);
      await franck.getByRole('button', { name: /^Undo/ }).click();
      await add.waitFor();
    });
    assert.deepEqual(await confirmed(), ['withdrawn']);
  });

  test('an undo that is refused withdraws the face, and says so', async () => {
    const { stash, ids } = world();
    const entity = { kind: 'scene' as const, id: ids.scenes['Two men']! };
    const performerId = ids.performers[NAME]!;
    const { persons } = await stash.operation('scene.faces', { sceneId: entity.id });
    const { key: personKey } = persons.find((one) => one.performerId === performerId)!;
    const { journalId } = await stash.operation('entity.add', { entity, performerId, personKey });
    await stash.updateScene(entity.id, { performer_ids: [] });
    const { refused } = await stash.operation('journal.undo', { ids: [journalId!] });
    assert.match(
      inEnglish(refused[0]!.reason),
      /Franck is no longer on .*\. The face you confirmed with it is no longer used to recognise Franck\.$/,
    );
    const states = (await pictures(world())).filter(({ entity: of }) => of?.id === entity.id);
    assert.deepEqual(
      states.map(({ state }) => state),
      ['withdrawn'],
    );
    const again = await stash.operation('entity.add', { entity, performerId, personKey });
    await stash.operation('journal.undo', { ids: [again.journalId!] });
  });
}

async function pictures({ stash, ids }: World): Promise<Output<'people.references'>['items']> {
  return (await stash.operation('people.references', { performerId: ids.performers[NAME]! })).items;
}
