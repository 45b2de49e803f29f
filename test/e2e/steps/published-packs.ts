import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { promisify } from 'node:util';
import type { Browser, Locator, Page } from 'playwright-core';
import { startBoxDouble } from '../../double/stash-box/box-double.ts';
import { addToBox, PORTRAYED } from '../../double/stash-box/portraits.ts';
import { startStashDouble } from '../../double/stash-double.ts';
import { serve, startFileServer, type Answer } from '../../fixtures/file-server.ts';
import { npmFfmpeg, npmFfprobe } from '../../fixtures/footage.ts';
import { bundle } from '../../integration/plugin-process.ts';
import type { Stash } from '../stash.ts';
import type { World } from '../world.ts';
import { onPage, openFaces } from './page.ts';
import { stashBoxesOf } from './reference-packs.ts';
import { who } from './scan.ts';
import { shot, withinPage } from './stash-ids/performer-page.ts';

const SCENE = 'A stranger';
const NAME = 'Nicolas Cage';
/** None of them is a performer of the small library. */
const FIRST = [NAME, 'George Clooney', 'Barack Obama'];
const LATER = 'Bill Murray';
const PACK = 'A box: all performers';
const PEOPLE = '/plugins/stash-sense?tab=people';
/** A task and its turn in the queue. */
const RUN = { timeout: 180_000 };

/** Somebody else's pack: published as files, fetched by a Stash that knows no stash-box, updated, and gone back from. */
export function fromPublisher(world: () => World, browser: () => Browser): void {
  test('a published pack is fetched without a key, names somebody, is updated by what has changed, and gone back from', async (t) => {
    const { stash, ids } = world();
    const sceneId = ids.scenes[SCENE]!;
    assert.deepEqual(await stashBoxesOf(stash), []);
    assert.deepEqual(who(await stash.operation('scene.faces', { sceneId })), { names: [], strangers: 1 });
    const publisher = await publishTwice(world());
    const settings = await settingsOf(stash);
    try {
      publisher.serve(0);
      await fetchesAndNames(t, { world: world(), browser: browser(), base: publisher.base, sceneId });

      publisher.serve(1);
      await onPage(world(), browser(), PEOPLE, async (page) => {
        const published = page.getByRole('region', { name: 'Published packs' });
        await published.getByRole('button', { name: 'Look for packs' }).click();
        await published.getByText(/1 person more, 0 changed, 0 removed/).waitFor();
        await shot(page, published, 'published-packs-newer-1400');
        publisher.requests.length = 0;
        await published.getByRole('button', { name: `Update ${PACK}` }).click();
        await installed(page, 2).waitFor(RUN);
        await published.getByText('Installed', { exact: true }).waitFor();
      });
      const fetched = publisher.requests.map((one) => one.split(' ')[1]!.replace(/-[0-9a-f]+\.bin.*$/, ''));
      assert.ok(
        fetched.some((name) => name.endsWith('.delta')),
        fetched.join(),
      );
      assert.ok(!fetched.some((name) => /\.(people|vectors)$/.test(name)), 'the whole pack is not fetched');

      await onPage(
        world(),
        browser(),
        PEOPLE,
        async (page) => {
          await page.getByRole('button', { name: `Go back to version 1 of ${PACK}` }).click();
          await installed(page, 1).waitFor();
          const published = page.getByRole('region', { name: 'Published packs' });
          await published.getByRole('button', { name: `Update ${PACK}` }).waitFor();
          await withinPage(page, page.getByRole('region', { name: 'Reference packs', exact: true }));
          await shot(page, published, 'published-packs-back-375');
        },
        375,
      );
      const { packs } = await stash.operation('referencePacks.list', {});
      assert.deepEqual(
        packs.map(({ version, people, before }) => ({ version, people, before: before?.version })),
        [{ version: '1', people: 3, before: '2' }],
      );
    } finally {
      await publisher.close();
      await stash.waitForIdle();
      const { packs } = await stash.operation('referencePacks.list', {});
      for (const { id } of packs) await stash.operation('referencePacks.remove', { id });
      await stash.configure(settings);
      await stash.runTask('Scan library');
    }
    assert.deepEqual(who(await stash.operation('scene.faces', { sceneId })), { names: [], strangers: 1 });
  });
}

/** As somebody does who was given an address. */
async function fetchesAndNames(
  t: TestContext,
  { world, browser, base, sceneId }: { world: World; browser: Browser; base: URL; sceneId: string },
): Promise<void> {
  const began = Date.now();
  const seconds = (what: string): void =>
    t.diagnostic(`${what}: ${((Date.now() - began) / 1000).toFixed(1)} s`);
  await onPage(world, browser, '/plugins/stash-sense?tab=settings', async (page) => {
    await page.getByLabel('Reference packs - channel').fill(base.href);
    await page.getByRole('button', { name: 'Save' }).click();
    seconds('1. address typed and saved');
    await page.getByRole('tab', { name: 'People' }).click();
    const published = page.getByRole('region', { name: 'Published packs' });
    await published.getByText(`From ${base.href}.`).waitFor();
    await published.getByRole('button', { name: 'Look for packs' }).click();
    const fetching = published.getByRole('button', { name: `Fetch ${PACK}` });
    await fetching.waitFor();
    seconds('2. People tab, "Look for packs"');
    await shot(page, published, 'published-packs-1400');
    await fetching.click();
    await installed(page, 1).waitFor(RUN);
    seconds('3. "Fetch", until the pack is installed');
  });
  // What was seen before is matched with the pack by itself.
  await world.stash.waitForIdle();
  await onPage(world, browser, `/scenes/${sceneId}`, async (page) => {
    await openFaces(page);
    const found = page.locator('.stash-sense-person').filter({ hasText: NAME });
    await found.waitFor(RUN);
    seconds('4. Faces tab, the first person of the pack is named');
    await shot(page, found, 'published-pack-person-1400');
  });
}

/** The row of the pack, once it is there in this version. */
function installed(page: Page, version: number): Locator {
  return page
    .getByRole('region', { name: 'Reference packs', exact: true })
    .getByText(new RegExp(`by somebody else, .*version ${version}, `))
    .first();
}

type Publisher = {
  readonly base: URL;
  readonly requests: string[];
  /** Makes the files of the first or the second version those that are served. */
  serve(version: 0 | 1): void;
  close(): Promise<void>;
};

/** Another Stash with a stash-box builds a pack and publishes it twice; neither is there when the pack is fetched. */
async function publishTwice({ folder }: World): Promise<Publisher> {
  const out = path.join(folder, 'published');
  const publisher = await startStashDouble({
    configDir: path.join(folder, 'publisher'),
    ffmpegPath: npmFfmpeg,
    ffprobePath: npmFfprobe,
  });
  const box = await startBoxDouble();
  const versions: Record<string, Answer>[] = [];
  try {
    publisher.config.stashBoxes = [
      { endpoint: box.endpoint, name: 'A box', api_key: box.key, max_requests_per_minute: 60_000 },
    ];
    for (const names of [FIRST, [LATER]]) {
      for (const name of names)
        addToBox(
          box,
          PORTRAYED.find((one) => one.name === name)!,
        );
      await run(publisher.url, 'build-reference-pack', '--scope', 'box', '--endpoint', box.endpoint);
      await run(publisher.url, 'publish-pack', '--out', out);
      const files = readdirSync(out).map(
        (name) => [`/${name}`, serve(readFileSync(path.join(out, name)))] as const,
      );
      versions.push(Object.fromEntries(files));
    }
  } finally {
    await publisher.close();
    await box.close();
  }
  const answers: Record<string, Answer> = {};
  const host = await startFileServer(answers);
  return {
    base: host.base,
    requests: host.requests,
    serve(version) {
      for (const name of Object.keys(answers)) delete answers[name];
      Object.assign(answers, versions[version]);
    },
    close: () => host.close(),
  };
}

async function run(url: string, command: string, ...options: string[]): Promise<void> {
  await promisify(execFile)(process.execPath, [bundle, command, '--stash-url', url, ...options]);
}

/** Ours, as Stash keeps them. */
async function settingsOf(stash: Stash): Promise<Record<string, unknown>> {
  const { configuration } = await stash.ask<{
    configuration: { plugins: Record<string, Record<string, unknown>> };
  }>('{ configuration { plugins(include: ["stash-sense"]) } }');
  return configuration.plugins['stash-sense'] ?? {};
}
