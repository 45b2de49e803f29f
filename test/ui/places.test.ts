/** Each place that Stash gives plugins is taken away: its page stays whole, and there is another way to us. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { faces, person } from './samples.ts';
import { uiWorld } from './world.ts';

const world = uiWorld();

type Row = {
  /** What is taken away: a component of Stash, or a part of its `PluginApi.utils`. */
  readonly without: string;
  readonly path: string;
  /** What of Stash itself has to be there all the same. */
  readonly stays: string;
  readonly otherWay: (page: Page) => Promise<void>;
};

const ROWS: readonly Row[] = [
  {
    without: 'ScenePage.Tabs',
    path: '/scenes/7',
    stays: 'A day out',
    otherWay: async (page) => await seeFaces(page, 'scene=7'),
  },
  {
    without: 'ScenePage.TabContent',
    path: '/scenes/7',
    stays: 'A day out',
    async otherWay(page) {
      assert.equal(await page.getByRole('tab', { name: 'Faces' }).count(), 0);
      await seeFaces(page, 'scene=7');
    },
  },
  {
    without: 'ImageDetailPanel',
    path: '/images/5',
    stays: 'On the beach',
    otherWay: async (page) => await seeFaces(page, 'image=5'),
  },
  {
    without: 'PerformerDetailsPanel',
    path: '/performers/1',
    stays: 'Jane Doe',
    async otherWay(page) {
      await openSymbol(page);
      await page.getByText('On it in Stash, and not seen (0)').waitFor();
      assert.match(page.url(), /plugins\/stash-sense\?tab=pictures&performer=1$/);
    },
  },
  { without: 'PerformerList', path: '/performers', stays: 'Jane Doe', otherWay: seePage },
  { without: 'ImageList', path: '/images', stays: 'On the beach', otherWay: seePage },
  { without: 'SceneListOperations', path: '/scenes', stays: 'A day out', otherWay: seePage },
  {
    without: 'SceneCard',
    path: '/scenes',
    stays: 'A day out',
    async otherWay(page) {
      await page.getByRole('checkbox', { name: 'A day out' }).click();
      await page.getByRole('button', { name: 'Find faces in the selection' }).click();
      await page.getByText('There is nothing to look at').waitFor();
    },
  },
  { without: 'MainNavBar.UtilityItems', path: '/settings', stays: 'Scene tools', otherWay: seeTools },
  { without: 'SettingsToolsSection', path: '/settings', stays: 'Scene tools', otherWay: seePage },
  { without: 'PerformerSelect', path: '/scenes/7', stays: 'A day out', otherWay: seeTab },
  { without: 'InteractiveUtils', path: '/scenes/7', stays: 'A day out', otherWay: seeTab },
  // Nothing is missing: what stands beside the page is not opened elsewhere.
  { without: 'nothing', path: '/scenes/7', stays: 'A day out', otherWay: seePage },
];

test('without any one of the places Stash stays whole, nothing complains, and the other way is there', async () => {
  world.begin({
    'scene.faces': () => faces({ persons: [person({ timesMs: [1000] })] }),
    'entity.faces': () => faces({ persons: [person()] }),
    'performer.face': () => ({ name: 'Jane Doe', seenNotTagged: [], taggedNotSeen: [] }),
    'people.references': () => ({ total: 0, problem: null, items: [] }),
    'stashIds.ofPerformer': () => ({ name: 'Jane Doe', disambiguation: '', boxes: [] }),
    'suggestions.list': () => ({ total: 0, items: [] }),
  });
  const page = await world.open('/stats');
  for (const { without, path, stays, otherWay } of ROWS) {
    world.stash.otherPlugins = { older: takeAway(without) };
    await page.goto(`${world.stash.url}${path}`);
    await page.getByText(stays).first().waitFor();
    await otherWay(page);
    assert.deepEqual(world.complaints, [], without);
  }
});

/** A version of Stash that has no such place: patches of it are kept and never called. */
function takeAway(name: string): string {
  return `{
    const { before, after } = PluginApi.patch;
    PluginApi.patch.before = (component, fn) => component === '${name}' ? undefined : before(component, fn);
    PluginApi.patch.after = (component, fn) => component === '${name}' ? undefined : after(component, fn);
    delete PluginApi.components['${name}'];
    delete PluginApi.utils['${name}'];
  }`;
}

async function openSymbol(page: Page): Promise<void> {
  await page.locator('.navbar-buttons').getByTitle('Stash Sense').click();
}

async function seeFaces(page: Page, named: string): Promise<void> {
  await openSymbol(page);
  await page.locator('.stash-sense-pictured').getByText('Jane Doe').first().waitFor();
  assert.ok(page.url().endsWith(`/plugins/stash-sense?${named}`), page.url());
}

async function seePage(page: Page): Promise<void> {
  await openSymbol(page);
  await page.getByText('Nothing to decide.').waitFor();
  assert.ok(page.url().endsWith('/plugins/stash-sense'), page.url());
}

async function seeTools(page: Page): Promise<void> {
  assert.equal(await page.locator('.navbar-buttons').getByTitle('Stash Sense').count(), 0);
  await page.locator('.setting').getByRole('link', { name: 'Stash Sense' }).click();
  await page.getByText('Nothing to decide.').waitFor();
}

async function seeTab(page: Page): Promise<void> {
  await page.getByRole('tab', { name: 'Faces' }).click();
  const tab = page.locator('.stash-sense-faces');
  await tab.getByRole('button', { name: /^Go to 0:01/ }).click();
  await tab.getByRole('button', { name: 'Who is this?' }).waitFor();
}

test("from Stash's lists faces are looked for in what is ticked, else in all that is found", async () => {
  world.begin({ 'entities.identify': ({ ids }) => ({ count: new Set(ids).size }) });
  const page = await world.open('/images');
  const inAll = page.getByRole('button', { name: 'Find faces in all that is found' });
  const inSelection = page.getByRole('button', { name: 'Find faces in the selection' });
  const asked = (): unknown => world.inputs('entities.identify').at(-1);
  await inAll.waitFor();
  assert.equal(await inSelection.count(), 0);
  await page.getByRole('checkbox', { name: 'On the beach' }).click();
  await inSelection.click();
  await page.getByText("Looking for faces in 1 image, in Stash's task queue.").waitFor();
  assert.deepEqual(asked(), { kind: 'image', ids: ['5'] });

  await page.getByRole('link', { name: 'Scenes' }).click();
  await page.getByRole('checkbox', { name: 'A day out' }).click();
  await inSelection.click();
  await page.getByText('Looking for faces in 1 scene,').waitFor();
  assert.deepEqual(asked(), { kind: 'scene', ids: ['7'] });
  await page.getByRole('checkbox', { name: 'A day out' }).click();

  // Stash is asked for more than stands on the page; that many are meant only when somebody says so.
  world.stash.library.scenes = Array.from({ length: 201 }, (_, n) => ({
    id: String(n + 1),
    title: `Scene ${n + 1}`,
    performers: [],
  }));
  await inAll.click();
  const dialog = page.getByRole('dialog', { name: 'Find faces in 201 scenes?' });
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await dialog.waitFor({ state: 'detached' });
  assert.equal(world.inputs('entities.identify').length, 2);
  await inAll.click();
  await dialog.getByRole('button', { name: 'Find faces' }).click();
  await page.getByText('Looking for faces in 201 scenes,').waitFor();
  assert.equal((asked() as { ids: string[] }).ids.length, 201);
  assert.deepEqual(world.complaints, []);
});
