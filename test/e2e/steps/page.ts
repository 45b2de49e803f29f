import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Browser, Locator, Page } from 'playwright-core';
import type { World } from '../world.ts';

const MARKUP = '<img src=x onerror="window.isBroken=true"> & Sons';

export function onScenePage(world: () => World, browser: () => Browser): void {
  test('the Faces tab shows who was found; "Add" writes the performer, "Undo" takes it off again', async () => {
    const { stash, ids } = world();
    const sceneId = ids.scenes['Two men']!;
    await onPage(world(), browser(), `/scenes/${sceneId}`, async (page) => {
      await openFaces(page);
      const franck = person(page, 'Franck');
      await person(page, 'Man in the office').waitFor();
      assert.equal(await page.locator('.stash-sense-person').count(), 2);
      await loaded(franck.getByRole('img').first());

      await franck.getByRole('button', { name: 'Add Franck to this scene' }).click();
      await franck.getByRole('button', { name: /^Undo/ }).waitFor();
      assert.deepEqual(await stash.performersOf(sceneId), ['Franck']);

      await franck.getByRole('button', { name: /^Undo/ }).click();
      await franck.getByRole('button', { name: 'Add Franck to this scene' }).waitFor();
      assert.deepEqual(await stash.performersOf(sceneId), []);
    });
  });

  test('a time of the Faces tab seeks the player', async () => {
    const { ids } = world();
    await onPage(world(), browser(), `/scenes/${ids.scenes['Franck talks']!}`, async (page) => {
      await openFaces(page);
      const times = person(page, 'Franck').getByRole('button', { name: /^Go to .*, Franck$/ });
      const last = times.last();
      await last.waitFor();
      const [, minutes, seconds] = /(\d+):(\d+)/.exec(await last.innerText())!;
      await last.click();
      const wanted = Number(minutes) * 60 + Number(seconds);
      await page.waitForFunction(
        (at) => Math.floor(document.querySelector('video')?.currentTime ?? -1) >= at,
        wanted,
      );
    });
  });

  test('"Not this person" holds after another look at the scene, until it is taken back', async () => {
    const { stash, ids } = world();
    const sceneId = ids.scenes['Franck talks']!;
    await onPage(world(), browser(), `/scenes/${sceneId}`, async (page) => {
      await openFaces(page);
      const franck = person(page, 'Franck');
      await franck.getByRole('button', { name: 'Not this person: Franck' }).click();
      await franck.getByText('you said: not this person').waitFor();

      const before = await stash.operation('scene.faces', { sceneId });
      await page.getByRole('button', { name: 'Search again' }).click();
      await until(async () => {
        const { state, observedAt } = await stash.operation('scene.faces', { sceneId });
        return state === 'done' && observedAt! > before.observedAt!;
      });
      await franck.getByText('you said: not this person').waitFor();
      const open = await stash.operation('suggestions.list', { entity: { kind: 'scene', id: sceneId } });
      assert.equal(open.total, 0);

      await franck.getByRole('button', { name: /^Undo/ }).click();
      await franck.getByRole('button', { name: 'Add Franck to this scene' }).waitFor();
    });
  });

  test('a name that looks like markup is text on the page, and nothing else', async () => {
    const { stash, ids } = world();
    const rename = async (name: string): Promise<void> => {
      await stash.ask('mutation($input: PerformerUpdateInput!) { performerUpdate(input: $input) { id } }', {
        input: { id: ids.performers['Sean Connery']!, name },
      });
      await stash.runTask('Update people');
    };
    await rename(MARKUP);
    try {
      for (const address of [`/scenes/${ids.scenes['Two portraits']!}`, '/plugins/stash-sense'])
        await onPage(world(), browser(), address, async (page) => {
          if (address.startsWith('/scenes')) await openFaces(page);
          await page.getByText(MARKUP, { exact: true }).first().waitFor();
          assert.equal(await page.evaluate(() => 'isBroken' in window), false);
        });
    } finally {
      await rename('Sean Connery');
    }
  });
}

export function onSuggestionsPage(world: () => World, browser: () => Browser): void {
  test('the suggestions page adds all above a threshold and takes all of it back', async () => {
    const { stash, ids } = world();
    const performers = async (): Promise<string[][]> =>
      Promise.all(Object.values(ids.scenes).map((id) => stash.performersOf(id)));
    const before = await performers();
    assert.deepEqual(before.flat(), []);
    const { total } = await stash.operation('suggestions.list', { minConfidence: 0.5 });
    assert.ok(total >= 6, `${total} suggestions`);

    await onPage(world(), browser(), '/plugins/stash-sense', async (page) => {
      await page.getByRole('group', { name: 'Franck in Franck talks' }).waitFor();
      await page.getByRole('button', { name: 'Accept all above…' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('spinbutton').fill('50');
      await dialog.getByRole('button', { name: `Add ${total}`, exact: true }).click();
      await dialog.waitFor({ state: 'hidden', timeout: 60_000 });
      assert.deepEqual(
        await performers(),
        Object.keys(ids.scenes).map((title) => namesIn(world(), title)),
      );

      await page.getByRole('tab', { name: 'History' }).click();
      await page.getByRole('button', { name: 'Undo all together' }).first().click();
      await page.getByRole('button', { name: /^Undo \d+ changes?$/ }).click();
      await until(async () => (await performers()).flat().length === 0);
      // Images and galleries too, before the page is left: that would cut the rest off.
      await until(async () => {
        const { total: open } = await stash.operation('suggestions.list', { minConfidence: 0.5 });
        return open === total;
      });
    });
  });

  test('the page shows status, runs with their failures, and people', async () => {
    const errors: string[] = [];
    await onPage(world(), browser(), '/plugins/stash-sense?tab=status', async (page) => {
      page.on('pageerror', (error) => void errors.push(error.message));
      await page.getByText('portable', { exact: false }).first().waitFor();
      await page.getByRole('tab', { name: 'Runs & problems' }).click();
      await page.getByText('A damaged file').first().waitFor();
      await page.getByRole('tab', { name: 'People' }).click();
      await page.getByText('Nobody Yet').first().waitFor();
    });
    assert.deepEqual(errors, []);
  });
}

/** Opens an address of Stash's page in a window of a desktop. */
export async function onPage(
  { stash }: World,
  browser: Browser,
  address: string,
  work: (page: Page) => Promise<void>,
  width = 1400,
): Promise<void> {
  const page = await browser.newPage({ viewport: { width, height: 900 }, extraHTTPHeaders: stash.headers });
  // Generous limits, which only end a failing test: the machine may be busy.
  page.setDefaultTimeout(90_000);
  await page.addInitScript(keepToasts);
  try {
    await page.goto(`${stash.url}${address}`);
    await work(page);
  } finally {
    await page.close();
  }
}

/** In the page: keeps the text of every toast, since a busy machine may look when it is gone. */
function keepToasts(): void {
  const said: string[] = [];
  Object.assign(globalThis, { toastsSaid: said });
  new MutationObserver(() => {
    for (const element of document.querySelectorAll('.toast, .toast *'))
      if (!said.includes(element.textContent)) said.push(element.textContent);
  }).observe(document, { subtree: true, childList: true, characterData: true });
}

/** Waits for a toast whose text, or a part of it that is an element, is `said`. */
export async function toastSays(page: Page, said: RegExp): Promise<void> {
  await page.waitForFunction(
    (pattern) =>
      (globalThis as unknown as { toastsSaid: string[] }).toastsSaid.some((text) => pattern.test(text)),
    said,
  );
}

export async function openFaces(page: Page): Promise<void> {
  await page.getByRole('tab', { name: 'Faces', exact: true }).click();
  await page.locator('.stash-sense-faces').waitFor();
}

export function person(page: Page, name: string): Locator {
  return page
    .locator('.stash-sense-person')
    .filter({ has: page.getByRole('heading', { name, exact: true }) });
}

async function loaded(image: Locator): Promise<void> {
  await until(async () =>
    image.evaluate((element) => element instanceof HTMLImageElement && element.naturalWidth > 0),
  );
}

export async function until(holds: () => Promise<boolean>, timeoutMs = 120_000): Promise<void> {
  const end = Date.now() + timeoutMs;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`Still not so after ${timeoutMs / 1000} s.`);
    await new Promise((resolve) => void setTimeout(resolve, 250));
  }
}

/** Who a scene is known to show, as Stash lists them after everything was accepted. */
function namesIn({ media }: World, title: string): string[] {
  return media.library.scenes.find((scene) => scene.title === title)!.names.toSorted();
}
