/** What the page must survive: other plugins, hostile names, narrow screens, proxies, its own mistakes. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { answersAbout, nameEntities } from './named-answers.ts';
import { faces, person } from './samples.ts';
import { until } from '../fixtures/wait.ts';
import { uiWorld } from './world.ts';
import { english } from '../../core/messages/catalogue.ts';

const world = uiWorld();
const HOSTILE = '<img src=x onerror="window.isBroken=true"> & Sons';
const ENDLESS = 'Averyveryverylongnamewithoutasingleplacetobreakit'.repeat(3);
const TABS = ['suggestions', 'pictures', 'runs', 'schedule', 'people', 'history', 'status', 'settings'];

test("another plugin's patch that strips the props does not hide the tab", async () => {
  world.begin({ 'scene.faces': () => faces({ persons: [person()] }) });
  world.stash.otherPlugins = {
    rude: `for (const name of ['ScenePage.Tabs', 'ScenePage.TabContent'])
      PluginApi.patch.before(name, ({ children }) => [{ children }]);`,
  };
  const page = await world.open('/scenes/7');
  await page.getByRole('tab', { name: 'Faces' }).click();
  await page.getByText('Jane Doe').first().waitFor();
  assert.deepEqual(world.inputs('scene.faces'), [{ sceneId: '7' }]);
});

test('an answer that cannot be drawn breaks our tab and nothing else', async () => {
  world.begin({ 'scene.faces': () => faces({ persons: [person()] }) });
  const page = await world.open('/scenes/7');
  await page.route('**/graphql', async (route) => {
    if (!(route.request().postData() ?? '').includes('scene.faces')) {
      await route.continue();
      return;
    }
    await route.fulfill({ json: { data: { runPluginOperation: { state: 'done', persons: 'nobody' } } } });
  });
  await page.getByRole('tab', { name: 'Faces' }).click();
  await page.getByText('Stash Sense could not draw this part').waitFor();
  await page.getByRole('tab', { name: 'File Info' }).click();
  await page.getByText('/media/file.mp4').waitFor();
});

test("a component of Stash's that throws inside ours leaves the rest of the page", async () => {
  world.begin({});
  world.stash.otherPlugins = {
    thief: 'PluginApi.components.Icon = () => { throw new Error("no icons today") };',
  };
  const page = await world.open('/scenes/7');
  await page.getByRole('tab', { name: 'Details' }).waitFor();
  await page.getByRole('heading', { name: 'A day out' }).waitFor();
});

test('the plugin twice on one page shows itself once', async () => {
  world.begin({});
  const page = await world.open('/');
  const script = await (await fetch(`${world.stash.url}/plugin/stash-sense/javascript`)).text();
  world.stash.otherPlugins = { copy: script };
  await page.goto(`${world.stash.url}/scenes/7`);
  await page.getByRole('tab', { name: 'Faces' }).waitFor();
  assert.equal(await page.getByRole('tab', { name: 'Faces' }).count(), 1);
});

test('the navbar entry leads to the page in bar and menu; the tools entry is there once', async () => {
  world.begin({ 'suggestions.list': () => ({ total: 0, items: [] }) });
  const page = await world.open('/settings');
  await page.getByRole('link', { name: 'Stash Sense' }).last().waitFor();
  assert.equal(await page.locator('.setting').getByRole('link', { name: 'Stash Sense' }).count(), 1);
  await page.locator('.navbar-buttons').getByTitle('Stash Sense').click();
  await page.getByText('Nothing to decide.').waitFor();
  const ids = await page.evaluate(() => [...document.querySelectorAll('[id]')].map(({ id }) => id));
  assert.deepEqual(ids.length, new Set(ids).size);
});

test('on a phone the menu closes over the page that was chosen in it', async () => {
  world.begin({ 'suggestions.list': () => ({ total: 0, items: [] }) });
  const page = await world.open('/', { width: 375 });
  await page.getByText('A day out').waitFor();
  await page.locator('.navbar-toggler').click();
  await page.locator('.navbar-collapse.show').getByTitle('Stash Sense').click();
  await page.getByText('Nothing to decide.').waitFor();
  await page.locator('.navbar-collapse.show').waitFor({ state: 'detached' });
});

test('names that are markup are shown as their letters, everywhere', async () => {
  world.begin(answersAbout(HOSTILE));
  nameEntities(world.stash.library, HOSTILE);
  for (const path of ['/scenes/7', ...TABS.map((tab) => `/plugins/stash-sense?tab=${tab}`)]) {
    const page = await world.open(path);
    await opened(page, path);
    assert.equal(await page.evaluate(() => (window as { isBroken?: boolean }).isBroken), undefined, path);
    assert.deepEqual(world.complaints, [], path);
  }
});

for (const width of [375, 1400])
  test(`nothing makes the page scroll sideways at ${width} px`, async () => {
    world.begin(answersAbout(ENDLESS));
    nameEntities(world.stash.library, ENDLESS);
    for (const path of ['/scenes/7', '/images/5', ...TABS.map((tab) => `/plugins/stash-sense?tab=${tab}`)]) {
      const page = await world.open(path, { width });
      await opened(page, path);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(wide <= width, `${path} is ${wide} px wide`);
    }
  });

test('below the path of a proxy everything is found', async () => {
  world.begin({ 'scene.faces': () => faces({ persons: [person()] }) });
  world.stash.prefix = '/stash';
  const page = await world.open('/scenes/7');
  await page.getByRole('tab', { name: 'Faces' }).click();
  const reference = page.getByAltText('Jane Doe, profile picture');
  await reference.waitFor();
  assert.match(
    await reference.evaluate((it: HTMLImageElement) => it.currentSrc || it.src),
    /\/stash\/performer\/1\//,
  );
  const link = page.locator('.stash-sense-person').getByRole('link', { name: 'Jane Doe' });
  assert.equal(await link.getAttribute('href'), '/stash/performers/1');
});

test('whether a scan is due is asked once an hour, however many tabs there are', async () => {
  // Asked for the status, the Node side starts what is due.
  world.begin({});
  const page = await world.open('/', { hasClock: true });
  await page.getByText('A day out').waitFor();
  await page.clock.runFor(5000);
  await until(() => world.inputs('status').length === 1, 'the status was asked', 30);
  const another = await page.context().newPage();
  await another.clock.install();
  await another.goto(world.stash.url);
  await another.getByText('A day out').waitFor();
  await another.clock.runFor(5000);
  await another.close();

  await page.getByText('A day out').click();
  await page.reload();
  await page.getByRole('tab', { name: 'Faces' }).waitFor();
  await page.clock.runFor(10_000);
  assert.equal(world.inputs('status').length, 1);
  await page.clock.fastForward('01:01:00');
  await page.getByRole('link', { name: 'Scenes' }).click();
  await page.clock.runFor(5000);
  await until(() => world.inputs('status').length === 2, 'the status was asked once more', 30);
  assert.deepEqual(world.inputs('runs.start'), []);
});

/** Bytes of code: what every page of Stash loads, and what our own page does when it is opened, which has nine tabs and the stash-boxes of performers and scenes. */
const LARGEST = { javascript: 80_000, 'assets/page.js': 230_000 };

for (const [file, largest] of Object.entries(LARGEST))
  test(`the script ${file} is small and holds no zod`, async () => {
    world.begin({});
    const script = await (await fetch(`${world.stash.url}/plugin/stash-sense/${file}`)).text();
    // The words are counted apart: they grow with every text, the code must not.
    const code = script.length - JSON.stringify(english).length;
    assert.ok(code < largest, `${code} bytes`);
    assert.doesNotMatch(script, /ZodError|_zod/);
  });

test('where the script of the page does not load it is said, and asked for again', async () => {
  world.begin({ 'runs.failures': () => ({ total: 0, items: [] }) });
  world.stash.hasOwnPage = false;
  const page = await world.open('/plugins/stash-sense?tab=runs');
  await page
    .getByRole('alert')
    .getByText(/dynamically imported module/)
    .waitFor();
  world.stash.hasOwnPage = true;
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByRole('tab', { name: 'Runs & problems' }).waitFor();
});

/** Until our part of that page shows its answer. */
async function opened(page: Page, path: string): Promise<void> {
  if (path.startsWith('/scenes')) await page.getByRole('tab', { name: 'Faces' }).click();
  if (path.startsWith('/images')) await page.getByRole('button', { name: 'Identify performers' }).click();
  const marks =
    '.stash-sense-person, .stash-sense-suggestion, .stash-sense-failures td, .stash-sense-column td, .stash-sense-settings, .stash-sense-pictures li, .stash-sense-task';
  await page.locator(marks).first().waitFor();
}
