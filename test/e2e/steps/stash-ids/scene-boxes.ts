import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { Browser } from 'playwright-core';
import { mediaFile } from '../../../fixtures/footage.ts';
import { idFor } from '../../../double/stash-box/portraits.ts';
import { onPage, openFaces, until } from '../page.ts';
import { BOX, withBox } from '../reference-packs.ts';
import type { Stash } from '../../stash.ts';
import type { World } from '../../world.ts';
import { shot, withinPage } from './performer-page.ts';

const SCENE = 'Franck talks';
const THEIRS = 'Their talk';

export function onSceneBoxes(world: () => World, browser: () => Browser): void {
  for (const width of [1400, 375])
    test(`${width} wide: the Faces tab finds the scene on a stash-box, links it, takes over what is ticked, and takes all of it back`, async () => {
      const { stash, ids } = world();
      const id = ids.scenes[SCENE]!;
      const before = await sceneOf(stash, id);
      await withBox(stash, async (box) => {
        const image = idFor('audrey.jpg');
        box.data.addImage({
          id: image,
          width: 600,
          height: 800,
          bytes: readFileSync(mediaFile('audrey.jpg')),
        });
        const { id: stashId } = box.data.addScene({
          title: THEIRS,
          release_date: '2021-03-04',
          imageIds: [image],
          fingerprints: before.files.flatMap(({ duration, fingerprints }) =>
            fingerprints.flatMap(({ type, value }) =>
              type === 'oshash'
                ? [
                    {
                      algorithm: 'OSHASH',
                      hash: value,
                      duration: Math.round(duration),
                      submissions: 1,
                      reports: 0,
                    },
                  ]
                : [],
            ),
          ),
        });
        const errors: string[] = [];
        const work: Parameters<typeof onPage>[3] = async (page) => {
          page.on('pageerror', (error) => void errors.push(error.message));
          await openFaces(page);
          await page.getByRole('button', { name: 'Find on stash-boxes' }).click();
          const panel = page.locator('.stash-sense-on-boxes');
          await panel.getByRole('button', { name: 'Find by fingerprints' }).click();
          const found = panel.getByRole('group', { name: `${THEIRS} for ${SCENE}` });
          await found.getByRole('img', { name: `Picture of ${THEIRS}` }).waitFor();
          // A stash-box is asked for the pictures that are in sight.
          await found.scrollIntoViewIfNeeded();
          await found.locator('img[src^="data:"]').waitFor();
          await found.getByText(/^same file \(oshash\)/).waitFor();
          await withinPage(page, panel);
          await shot(page, panel, `scene-boxes-${width}`);
          await found.getByRole('button', { name: new RegExp(`^Link with ${THEIRS} of `) }).click();
          await panel.getByRole('button', { name: `Compare ${SCENE} with what ${BOX} knows` }).click();
          const link = { endpoint: box.endpoint, stash_id: stashId };
          assert.deepEqual((await sceneOf(stash, id)).stash_ids, [link]);
          const offers = panel.getByRole('group', { name: `What ${BOX} knows of ${THEIRS}` });
          assert.equal(await offers.getByRole('checkbox', { name: 'title', exact: true }).isChecked(), false);
          await withinPage(page, panel);
          await shot(page, panel, `scene-boxes-offers-${width}`);
          await offers.getByRole('button', { name: 'Take over what is ticked (1)' }).click();
          await until(async () => (await sceneOf(stash, id)).date === '2021-03-04');
          await page
            .locator('.toast')
            .filter({ hasText: `${SCENE} got what was ticked` })
            .getByRole('button', { name: 'Undo' })
            .click();
          await until(async () => (await sceneOf(stash, id)).date === before.date);
        };
        await onPage(world(), browser(), `/scenes/${id}`, work, width);
        assert.deepEqual(errors, []);
        const { items } = await stash.operation('journal.list', { entity: { kind: 'scene', id } });
        const linking = items.find(
          ({ suggestionId, state }) => suggestionId !== null && state === 'written',
        )!;
        await stash.operation('journal.undo', { ids: [linking.id] });
      });
      assert.deepEqual(await sceneOf(stash, id), before);
    });
}

type Scene = {
  readonly title: string;
  readonly date: string | null;
  readonly stash_ids: readonly { readonly endpoint: string; readonly stash_id: string }[];
  readonly files: readonly {
    readonly duration: number;
    readonly fingerprints: readonly { readonly type: string; readonly value: string }[];
  }[];
};

async function sceneOf(stash: Stash, id: string): Promise<Scene> {
  const { findScene } = await stash.ask<{ findScene: Scene }>(
    `query($id: ID!) {
      findScene(id: $id) {
        title date stash_ids { endpoint stash_id } performers { id } tags { id }
        files { duration fingerprints { type value } }
      }
    }`,
    { id },
  );
  return findScene;
}
