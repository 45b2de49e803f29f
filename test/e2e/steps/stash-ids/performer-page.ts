import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Browser, Locator, Page } from 'playwright-core';
import type { BoxDouble } from '../../../double/stash-box/box-double.ts';
import { addToBox, PORTRAYED } from '../../../double/stash-box/portraits.ts';
import { BOX, withBox } from '../reference-packs.ts';
import { onPage, until } from '../page.ts';
import type { Stash } from '../../stash.ts';
import type { World } from '../../world.ts';

const NAME = 'Sean Connery';
const COUNTRY = 'IE';

export function onPerformerPage(world: () => World, browser: () => Browser): void {
  test('the page of a performer finds them on a stash-box, links them with what is ticked, and takes all of it back', async () => {
    await withPerformer(world(), async ({ id, box, stashId }) => {
      const { stash } = world();
      const before = await performerOf(stash, id);
      await onPerformer(world(), browser(), id, 1400, async (page, panel) => {
        const found = await find(panel);
        for (const name of [NAME, `Picture of ${NAME}`])
          assert.ok((await found.getByRole('img', { name }).count()) > 0, name);
        await found.getByText(/^faces alike to \d+ %$/).waitFor();
        await found.getByRole('button', { name: `What else is known of ${NAME} there` }).click();
        const offers = found.getByRole('group', { name: `What ${BOX} knows of ${NAME}` });
        const tick = (field: string): Locator => offers.getByRole('checkbox', { name: field, exact: true });
        assert.equal(await tick('birthdate').isChecked(), true);
        assert.equal(await tick('country').isChecked(), false, 'what the user wrote stays');
        await withinPage(page, panel);
        await shot(page, panel, 'performer-page-1400');
        await tick('gender').click();
        await tick('country').click();
        await offers.getByRole('button', { name: 'Link, and take over 2 fields' }).click();
        await panel.getByRole('button', { name: `Compare ${NAME} with what ${BOX} knows` }).waitFor();
        assert.equal(await found.count(), 0);
        assert.deepEqual(await performerOf(stash, id), {
          ...before,
          birthdate: '1930-08-25',
          country: 'GB',
          stash_ids: [{ endpoint: box.endpoint, stash_id: stashId }],
        });
        await shot(page, panel, 'performer-page-linked-1400');
      });

      await onPage(world(), browser(), '/plugins/stash-sense?tab=history', async (page) => {
        await page
          .getByText(`gave ${NAME} the stash ID, and what was ticked`, { exact: false })
          .first()
          .waitFor();
      });
      const { items } = await stash.operation('journal.list', { entity: { kind: 'performer', id } });
      const { undone } = await stash.operation('journal.undo', { ids: [items[0]!.id] });
      assert.deepEqual(undone, [items[0]!.id]);
      assert.deepEqual(await performerOf(stash, id), before);
    });
  });

  test('who was found and is somebody else is made a performer with their picture, and goes again with the undo', async () => {
    await withPerformer(world(), async ({ id, box, stashId }) => {
      const { stash } = world();
      const before = await performerOf(stash, id);
      const others = async () => (await namesakes(stash)).filter((one) => one.id !== id);
      await onPerformer(world(), browser(), id, 1400, async (page, panel) => {
        const found = await find(panel);
        await found.getByRole('button', { name: `${NAME} is somebody else: create a performer` }).click();
        const offers = found.getByRole('group', { name: `What ${BOX} knows of ${NAME}` });
        assert.equal(await offers.getByRole('checkbox', { name: 'picture', exact: true }).isChecked(), true);
        await offers.getByRole('button', { name: /^Create with the name and \d+ fields$/ }).click();
        // The one they were found for has the name.
        await found.getByRole('textbox', { name: 'Disambiguation' }).fill('another');
        await withinPage(page, panel);
        await shot(page, panel, 'performer-page-create-1400');
        await found.getByRole('button', { name: 'Create another one' }).click();
        await until(async () => (await others()).length === 1);
        const [made] = await others();
        assert.equal(made!.disambiguation, 'another');
        assert.equal(made!.birthdate, '1930-08-25');
        assert.deepEqual(made!.stash_ids, [{ endpoint: box.endpoint, stash_id: stashId }]);
        assert.doesNotMatch(made!.image_path, /default=true/);
        await found.waitFor({ state: 'detached' });
        await page
          .locator('.toast')
          .filter({ hasText: `Created the performer ${NAME}` })
          .getByRole('button', { name: 'Undo' })
          .click();
        await until(async () => (await others()).length === 0);
        await found.waitFor();
      });
      assert.deepEqual(await performerOf(stash, id), before);
    });
  });

  test('on a narrow screen: who was found is looked at on the stash-box, refused, and does not come back', async () => {
    await withPerformer(world(), async ({ id, box, stashId }) => {
      const { stash } = world();
      const before = await performerOf(stash, id);
      await onPerformer(world(), browser(), id, 375, async (page, panel) => {
        const found = await find(panel);
        assert.equal(
          await found.getByRole('link', { name: BOX }).first().getAttribute('href'),
          `${new URL(box.endpoint).origin}/performers/${stashId}`,
        );
        await found.getByRole('button', { name: `What else is known of ${NAME} there` }).click();
        await found.getByRole('group', { name: `What ${BOX} knows of ${NAME}` }).waitFor();
        await withinPage(page, panel);
        await shot(page, panel, 'performer-page-375');

        const calls = box.calls.length;
        await found.getByRole('button', { name: `Not this person: ${NAME}` }).click();
        await found.waitFor({ state: 'detached' });
        await panel.getByRole('button', { name: 'Find by face and name' }).click();
        await until(async () => {
          const button = panel.getByRole('button', { name: 'Find by face and name' });
          return box.calls.length > calls && (await button.isEnabled());
        });
        assert.equal(await found.count(), 0);
      });
      assert.deepEqual(await performerOf(stash, id), before);
    });
  });
}

type Namesake = {
  readonly id: string;
  readonly disambiguation: string;
  readonly birthdate: string;
  readonly image_path: string;
  readonly stash_ids: readonly { endpoint: string; stash_id: string }[];
};

async function namesakes(stash: Stash): Promise<readonly Namesake[]> {
  const { findPerformers } = await stash.ask<{ findPerformers: { performers: Namesake[] } }>(
    `query($name: String!) { findPerformers(performer_filter: { name: { value: $name, modifier: EQUALS } }) {
      performers { id disambiguation birthdate image_path stash_ids { endpoint stash_id } }
    } }`,
    { name: NAME },
  );
  return findPerformers.performers;
}

type Known = { readonly id: string; readonly box: BoxDouble; readonly stashId: string };

/** Somebody of the library whom a stash-box knows too; the user has written where they are from. */
export async function withPerformer(
  { stash, ids }: World,
  work: (known: Known) => Promise<void>,
): Promise<void> {
  const id = ids.performers[NAME]!;
  const comeFrom = async (country: string): Promise<void> => {
    await stash.ask('mutation($input: PerformerUpdateInput!) { performerUpdate(input: $input) { id } }', {
      input: { id, country },
    });
  };
  await comeFrom(COUNTRY);
  try {
    await withBox(stash, async (box) => {
      const { id: stashId } = addToBox(
        box,
        PORTRAYED.find(({ name }) => name === NAME)!,
      );
      await work({ id, box, stashId });
    });
  } finally {
    await comeFrom('');
  }
}

/** With the panel opened; nothing may break on the page meanwhile. */
async function onPerformer(
  world: World,
  browser: Browser,
  id: string,
  width: number,
  work: (page: Page, panel: Locator) => Promise<void>,
): Promise<void> {
  const errors: string[] = [];
  const opened = async (page: Page): Promise<void> => {
    page.on('pageerror', (error) => void errors.push(error.message));
    page.on('console', (said) => void (said.type() === 'error' && errors.push(said.text())));
    await page.getByRole('button', { name: 'Find on stash-boxes' }).click();
    await work(page, page.locator('.stash-sense-on-boxes'));
  };
  await onPage(world, browser, `/performers/${id}`, opened, width);
  assert.deepEqual(errors, []);
}

async function find(panel: Locator): Promise<Locator> {
  await panel.getByRole('button', { name: 'Find by face and name' }).click();
  const found = panel.getByRole('group', { name: new RegExp(`^${NAME} for ${NAME}$`) });
  await found.waitFor();
  return found;
}

/** Every field that Stash lets a client read, but for the times. */
export async function performerOf(stash: Stash, id: string): Promise<Record<string, unknown>> {
  const { findPerformer } = await stash.ask<{ findPerformer: Record<string, unknown> }>(
    `query($id: ID!) {
      findPerformer(id: $id) {
        id name disambiguation gender birthdate country ethnicity eye_color hair_color height_cm measurements
        fake_tits career_length tattoos piercings alias_list urls details death_date weight favorite
        stash_ids { endpoint stash_id } tags { id }
      }
    }`,
    { id },
  );
  return findPerformer;
}

/** Nothing sticks out to the side. */
export async function withinPage(page: Page, panel: Locator): Promise<void> {
  const { width } = page.viewportSize()!;
  for (const element of await panel.locator('button, td, img').all()) {
    const place = await element.boundingBox();
    assert.ok(place === null || (place.x >= 0 && place.x + place.width <= width), await element.innerHTML());
  }
}

export async function shot(page: Page, panel: Locator, name: string): Promise<void> {
  const folder = process.env['SCREENSHOTS'];
  if (folder === undefined) return;
  await panel.scrollIntoViewIfNeeded();
  await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true });
}
