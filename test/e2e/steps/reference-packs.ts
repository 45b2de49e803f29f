import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import type { Browser } from 'playwright-core';
import { packIdOf } from '../../../tasks/reference-packs/build/pack-id.ts';
import { startBoxDouble, type BoxDouble } from '../../double/stash-box/box-double.ts';
import { addToBox, PORTRAYED } from '../../double/stash-box/portraits.ts';
import { mediaFile } from '../../fixtures/footage.ts';
import { configureGeneral, type Stash } from '../stash.ts';
import { onPage, openFaces } from './page.ts';
import { who } from './scan.ts';
import type { World } from '../world.ts';

export const BOX = 'The portraits';
const SCENE = 'A stranger';
const NAME = 'Nicolas Cage';
/** A build and its turn in the queue. */
const BUILD = { timeout: 180_000 };

/** Somebody whom only a stash-box knows: learnt there, seen here, made a performer, and taken back. */
export function fromStashBox(world: () => World, browser: () => Browser): void {
  test('a pack of a stash-box is built from the page; who it names is created with their picture, added, and both are undone', async (t) => {
    const { stash, ids } = world();
    const sceneId = ids.scenes[SCENE]!;
    assert.deepEqual(who(await stash.operation('scene.faces', { sceneId })), { names: [], strangers: 1 });
    await withBox(stash, async (box) => {
      const portrayed = PORTRAYED.find(({ name }) => name === NAME)!;
      const { id: stashId } = addToBox(box, portrayed);
      addToBox(box, PORTRAYED.at(-1)!);
      const packId = packIdOf('box', box.endpoint);

      const began = Date.now();
      await onPage(world(), browser(), '/plugins/stash-sense?tab=people', async (page) => {
        const part = page.getByRole('region', { name: 'Build a pack' });
        await part.getByRole('combobox', { name: 'Whom' }).selectOption('box');
        await part.getByRole('button', { name: 'See what it takes' }).click();
        await part
          .getByText(/^About 2 people with 3 pictures: .* \(measured on 2 of them\)\.$/)
          .waitFor(BUILD);
        await part.getByRole('button', { name: 'Build', exact: true }).click();
        await page.getByText(`${BOX}: all performers`, { exact: true }).waitFor(BUILD);
      });
      await stash.waitForIdle();
      const { packs } = await stash.operation('referencePacks.list', {});
      assert.deepEqual(
        packs.map(({ id, people, problem }) => ({ id, people, problem })),
        [{ id: packId, people: 2, problem: null }],
      );
      t.diagnostic(`Measured and built: ${((Date.now() - began) / 1000).toFixed(1)} s`);
      try {
        assert.equal((await stash.runTask('Scan library')).status, 'FINISHED');
        await onPage(world(), browser(), `/scenes/${sceneId}`, async (page) => {
          await openFaces(page);
          const card = page.locator('.stash-sense-person').filter({ hasText: NAME });
          const link = card.getByRole('link', { name: BOX, exact: true });
          assert.equal(
            await link.getAttribute('href'),
            `${new URL(box.endpoint).origin}/performers/${stashId}`,
          );
          const picture = card.getByRole('img', { name: `Picture of ${NAME}`, exact: true });
          await picture.waitFor();
          // By our operation: the browser itself asks no stash-box.
          assert.match((await picture.getAttribute('src')) ?? '', /^data:image\/jpeg;base64,/);

          await card.getByRole('button', { name: `Create the performer ${NAME} and add them` }).click();
          const undo = card.getByRole('button', { name: /^Undo/ });
          await undo.waitFor();
          const made = await performersCalled(stash, NAME);
          assert.deepEqual(
            made.map(({ gender, stash_ids: stashIds }) => ({ gender, stashIds })),
            [{ gender: 'MALE', stashIds: [{ endpoint: box.endpoint, stash_id: stashId }] }],
          );
          assert.deepEqual(await stash.performersOf(sceneId), [NAME]);
          const files = await Promise.all(portrayed.files.map((file) => readFile(mediaFile(file))));
          const shown = await pictureAt(stash, made[0]!.image_path);
          assert.ok(
            files.some((bytes) => bytes.equals(shown)),
            'the performer has a picture of the stash-box',
          );

          await undo.click();
          await card.getByRole('button', { name: `Create the performer ${NAME} and add them` }).waitFor();
        });
        assert.deepEqual(await stash.performersOf(sceneId), []);
        assert.deepEqual(await performersCalled(stash, NAME), []);
      } finally {
        await stash.operation('referencePacks.remove', { id: packId });
        await stash.runTask('Scan library');
      }
    });
    const faces = await stash.operation('scene.faces', { sceneId });
    assert.deepEqual(who(faces), { names: [], strangers: 1 });
  });
}

/** With a stash-box of its own in Stash's settings, which are as before afterwards. */
export async function withBox(stash: Stash, work: (box: BoxDouble) => Promise<void>): Promise<void> {
  const before = await stashBoxesOf(stash);
  const box = await startBoxDouble();
  try {
    await configureGeneral(stash, {
      stashBoxes: [{ endpoint: box.endpoint, name: BOX, api_key: box.key }],
    });
    await work(box);
  } finally {
    await configureGeneral(stash, { stashBoxes: before });
    await box.close();
  }
}

/** With the limit of requests where this Stash has one. */
export async function stashBoxesOf(stash: Stash): Promise<readonly object[]> {
  const { type } = await stash.ask<{ type: { inputFields: { name: string }[] } }>(
    '{ type: __type(name: "StashBoxInput") { inputFields { name } } }',
  );
  const { configuration } = await stash.ask<{ configuration: { general: { stashBoxes: object[] } } }>(
    `{ configuration { general { stashBoxes { ${type.inputFields.map(({ name }) => name).join(' ')} } } } }`,
  );
  return configuration.general.stashBoxes;
}

type Performer = {
  readonly gender: string | null;
  readonly image_path: string;
  readonly stash_ids: readonly { endpoint: string; stash_id: string }[];
};

async function performersCalled(stash: Stash, name: string): Promise<Performer[]> {
  const { findPerformers } = await stash.ask<{ findPerformers: { performers: Performer[] } }>(
    `query($name: String!) {
      findPerformers(performer_filter: { name: { value: $name, modifier: EQUALS } }) {
        performers { gender image_path stash_ids { endpoint stash_id } }
      }
    }`,
    { name },
  );
  return findPerformers.performers;
}

async function pictureAt({ url, headers }: Stash, address: string): Promise<Buffer> {
  const { pathname, search } = new URL(address, url);
  const response = await fetch(new URL(pathname + search, url), { headers });
  return Buffer.from(await response.arrayBuffer());
}
