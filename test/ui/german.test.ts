/** Everything in German, where Stash is set to it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { english } from '../../core/messages/catalogue.ts';
import { message, plain } from '../../core/messages/message.ts';
import { answersAbout, nameEntities } from './named-answers.ts';
import { entry, faces, fullAcceleration, journalOf, person, run, status } from './samples.ts';
import { shot } from './screen.ts';
import { uiWorld } from './world.ts';

const world = uiWorld();
const NAME = 'Ganymed';
/** What the scripted Stash says to a question that the test has no answer to. */
const NO_ANSWER = 'the test has no answer to';
/** Tabs of our page, and something that each shows. */
const TABS = {
  suggestions: 'Nicht diese Person',
  pictures: 'Bilder mit Vorschlägen',
  runs: 'Bibliothek scannen',
  schedule: 'Hintergrundplaner',
  people: 'Referenzpakete',
  history: 'Rückgängig',
  status: 'Gesichtspaket',
  settings: 'Datenordner',
};

for (const width of [1400, 375])
  test(`no English is left on any tab, and nothing sticks out, at a width of ${width}`, async () => {
    for (const [tab, shown] of Object.entries(TABS)) {
      begin();
      const page = await world.open(`/plugins/stash-sense?tab=${tab}`, { width });
      await page.locator('.stash-sense-page .tab-pane.active').getByText(shown).first().waitFor();
      await page.waitForLoadState('networkidle');
      await shot(page, `german-${tab}-${width}`);
      assert.deepEqual(await englishOn(page), [], tab);
      const { scrollWidth, clientWidth } = await page.evaluate(() => ({
        scrollWidth: document.documentElement.scrollWidth,
        clientWidth: document.documentElement.clientWidth,
      }));
      assert.ok(scrollWidth <= clientWidth, `${tab} is ${scrollWidth} wide`);
      assert.deepEqual(world.complaints, []);
    }
  });

test('the faces of a scene are in German', async () => {
  begin();
  const page = await world.open('/scenes/7');
  await page.getByRole('tab', { name: 'Gesichter' }).click();
  await page
    .getByRole('button', { name: `${NAME} zu dieser Szene hinzufügen` })
    .first()
    .waitFor();
  await page
    .getByRole('button', { name: `Nicht diese Person: ${NAME}` })
    .first()
    .waitFor();
  await shot(page, 'german-scene');
  assert.deepEqual(await englishOn(page), []);
});

test('on a phone what was written has room beside when it was undone', async () => {
  begin();
  world.stash.answers['journal.list'] = () =>
    journalOf([entry({ state: 'undone', undoneAt: Date.now() - 60_000 })]);
  const page = await world.open('/plugins/stash-sense?tab=history', { width: 375 });
  await page.getByText('rückgängig gemacht vor 1 Minute').waitFor();
  const text = await page.locator('.stash-sense-journal td').first().boundingBox();
  assert.ok((text?.width ?? 0) > 250, `the text is ${text?.width} wide`);
});

test('numbers and plurals are German', async () => {
  begin({ runs: [run({ done: 1234, total: 5678, skipped: 0, failed: 1 })] });
  const page = await world.open('/plugins/stash-sense?tab=runs');
  await page.getByText('1.235 von 5.678').waitFor();
});

test('where the words cannot be loaded English is spoken', async () => {
  begin();
  const page = await world.open('/', {});
  await page.route('**/de-DE.js*', (route) => route.abort());
  await page.goto(`${world.stash.url}/plugins/stash-sense?tab=settings`);
  await page.getByRole('tab', { name: 'Settings' }).waitFor();
});

test('nobody loads the words of a language that is not spoken', async () => {
  begin();
  world.stash.language = 'fr-FR';
  const asked: string[] = [];
  const page = await world.open('/');
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await page.goto(`${world.stash.url}/plugins/stash-sense?tab=settings`);
  await page.getByRole('tab', { name: 'Settings' }).waitFor();
  assert.ok(asked.includes('/plugin/stash-sense/assets/page.js'));
  assert.deepEqual(
    asked.filter((path) => path.includes('de-DE')),
    [],
  );
});

function begin(change: Partial<ReturnType<typeof status>> = {}): void {
  const checks = [
    { id: 'people', ok: true, message: message('setup.check.recognised', { count: 1, total: 2 }) },
    { id: 'space', ok: false, message: message('setup.check.space', { gigabytes: 12.5, folder: '/data' }) },
  ];
  const answers = answersAbout(NAME);
  world.begin({
    ...answers,
    'scene.faces': () =>
      faces({ persons: [person({ name: NAME, candidates: [{ ...person().candidates[0]!, name: NAME }] })] }),
    status: () => status({ checks, acceleration: inCatalogue(fullAcceleration()), ...change }),
  });
  world.stash.language = 'de-DE';
  nameEntities(world.stash.library, NAME);
}

/** The samples have texts of no catalogue where the plugin has messages. */
function inCatalogue<Sample>(sample: Sample): Sample {
  return JSON.parse(JSON.stringify(sample), (_, value: unknown) =>
    typeof value === 'object' && value !== null && 'id' in value && value.id === plain('').id
      ? message('setup.exactSearch')
      : value,
  ) as Sample;
}

/** Sentences of the English catalogue that stand on the page, and what has its words. */
async function englishOn(page: Page): Promise<string[]> {
  const texts = await page.evaluate(() => {
    const found: string[] = [];
    for (const part of document.querySelectorAll('.stash-sense, .stash-sense-faces, .stash-sense-page')) {
      const walk = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
      while (walk.nextNode()) found.push(walk.currentNode.textContent ?? '');
      for (const element of part.querySelectorAll('[aria-label], [title], [placeholder], [alt]'))
        for (const name of ['aria-label', 'title', 'placeholder', 'alt'])
          found.push(element.getAttribute(name) ?? '');
    }
    return found.map((text) => text.trim());
  });
  return [...new Set(texts)].filter(
    (text) => !text.includes(NO_ANSWER) && (SENTENCES.has(text) || ENGLISH_WORDS.test(text)),
  );
}

const german = (await import('../../core/messages/de-DE.json', { with: { type: 'json' } })).default as Record<
  string,
  string
>;
const spoken = new Set(Object.values(german));
const SENTENCES = new Set(Object.values(english).filter((text) => /\p{L}/u.test(text) && !spoken.has(text)));
const ENGLISH_WORDS =
  /(?<![\p{L}-])(?:the|of|and|is|are|with|this|from|which|have|has|your|not|ago|to)(?![\p{L}-])/iu;
