/** Exclusions on the Settings tab, in a real browser. */
import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { test } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { plain, type Message } from '../../core/messages/message.ts';
import { until } from '../fixtures/wait.ts';
import { references } from './samples.ts';
import { uiWorld } from './world.ts';

const world = uiWorld();
const SETTINGS = '/plugins/stash-sense?tab=settings';
const PEOPLE = '/plugins/stash-sense?tab=people';
/** Longer than typing has to pause before a look-up. */
const PAUSE_MS = 500;

test('Enter takes only what was found for the text that stands in the field', async () => {
  begin();
  const page = await world.open(SETTINGS);
  const field = performersOn(page);
  await field.getByRole('searchbox').fill('jan');
  await field.getByRole('button', { name: 'Jane Doe', exact: true }).waitFor();
  const look = await holdLookUps(page);

  // Before the look-up, while it is under way, and after it found nothing.
  await field.getByRole('searchbox').fill('Zorro');
  await page.keyboard.press('Enter');
  assert.deepEqual(await field.getByRole('button').allInnerTexts(), ['Jack Old ']);
  await look.asked;
  await page.keyboard.press('Enter');
  assert.deepEqual(await field.getByRole('button').allInnerTexts(), ['Jack Old ']);
  look.answer();
  await page.waitForTimeout(PAUSE_MS);
  await page.keyboard.press('Enter');
  assert.deepEqual(await field.getByRole('button').allInnerTexts(), ['Jack Old ']);
  assert.equal(await field.getByRole('searchbox').inputValue(), 'Zorro');

  await field.getByRole('searchbox').fill('bea');
  await field.getByRole('button', { name: 'Bea Sample', exact: true }).waitFor();
  await page.keyboard.press('Enter');
  await field.getByRole('button', { name: 'Take out Bea Sample' }).waitFor();
  assert.equal(await field.getByRole('button').count(), 2);
  assert.deepEqual(world.inputs('settings.set'), []);
  assert.deepEqual(world.complaints, []);
});

test('nor does the look-up on the People tab offer what was found for another text', async () => {
  begin();
  const page = await world.open(PEOPLE);
  const search = page.locator('.stash-sense-search');
  await search.getByRole('searchbox').fill('jan');
  await search.getByRole('button', { name: 'Jane Doe' }).waitFor();
  const look = await holdLookUps(page);
  await search.getByRole('searchbox').fill('Zorro');
  await look.asked;
  assert.equal(await search.getByRole('button').count(), 0);
  look.answer();
  await search.getByText('No performer of that name.').waitFor();
});

test('what is excluded is erased only after a question, and "Cancel" leaves all as it was', async () => {
  begin();
  const page = await world.open(SETTINGS);
  await add(page, 'bea', 'Bea Sample');
  await save(page);
  const question = page.getByRole('dialog');
  await question
    .getByText(
      'Exclude Bea Sample? What was learnt of this performer and found in scenes, images and galleries is erased; it cannot be undone.',
    )
    .waitFor();
  // Enter a second time must not be the answer.
  await page.keyboard.press('Enter');
  await question.getByRole('button', { name: 'Cancel' }).click();
  await question.waitFor({ state: 'detached' });
  assert.deepEqual(world.inputs('settings.set'), []);
  assert.deepEqual(world.inputs('exclusions.apply'), []);

  await add(page, 'cleo', 'Cleo Test');
  // Enter in any field saves the form, and asks too.
  await page.getByLabel('Identify - tag').press('Enter');
  await question.getByText('Exclude Bea Sample, Cleo Test? What was learnt of these performers').waitFor();
  await question.getByRole('button', { name: 'Exclude and erase' }).click();
  await page.getByText('Erased what was kept.').waitFor();
  await question.waitFor({ state: 'detached' });
  assert.deepEqual(world.inputs('settings.set'), [
    { changes: { excludedPerformers: 'Jack Old [9]; Bea Sample [3]; Cleo Test [4]' } },
  ]);
  assert.equal(world.inputs('exclusions.apply').length, 1);
  assert.deepEqual(world.complaints, []);
});

test('a tag and a folder have a sentence each', async () => {
  begin();
  const page = await world.open(SETTINGS);
  await add(page, 'priv', 'Private', 'Never - tags');
  await add(page, '/films/old', '/films/old', 'Never - folders');
  await save(page);
  const question = page.getByRole('dialog');
  await question
    .getByText(/^Exclude Private\? What is kept of .* with this tag, or a tag below it,/)
    .waitFor();
  await question
    .getByText(/^Exclude \/films\/old\? What is kept of .* below this folder is erased/)
    .waitFor();
  assert.equal(await question.getByText('it cannot be undone.').count(), 2);
});

test('what is not found, or excluded already, is said', async () => {
  begin();
  const page = await world.open(SETTINGS);
  const field = performersOn(page);
  await field.getByRole('searchbox').fill('Zorro');
  await field.getByText('No performer of that name.').waitFor();
  await add(page, 'bea', 'Bea Sample', 'Never - performers');
  await field.getByRole('searchbox').fill('bea');
  await field.getByText('Excluded already.').waitFor();
});

test('what is wrong with what was saved stands at the button', async () => {
  begin();
  world.stash.answers['settings.set'] = () => ({ problems: [plain('No such studio.')], saved: [] });
  const page = await world.open(SETTINGS);
  await page.getByLabel('Scan - which scenes').selectOption('Scenes of a studio');
  await page.getByLabel('Name in Stash').fill('none');
  await save(page);
  await until(() => world.inputs('settings.set').length === 1, 'it was saved');
  assert.deepEqual(world.inputs('settings.set'), [{ changes: { scanScope: 'studio: none' } }]);
  const problem = page.getByText('No such studio.');
  await problem.waitFor();
  const [at, button] = await Promise.all([
    problem.boundingBox(),
    page.getByRole('button', { name: 'Save', exact: true }).boundingBox(),
  ]);
  assert.ok(button!.y - at!.y > 0 && button!.y - at!.y < 120, `${at!.y} ${button!.y}`);
});

test('an address of reference packs is asked when it is saved, and why none can be fetched from there stands at the button', async () => {
  begin();
  const address = 'http://packs.example/';
  let view = { address, checkedAt: 1, problem: null as Message | null, packs: [], untold: [] };
  world.stash.answers['packChannel.check'] = () => view;
  const page = await world.open(SETTINGS);
  const field = page.getByLabel('Reference packs - channel');
  await field.fill(address);
  await save(page);
  await page.getByText('Nobody publishes packs there').waitFor();
  view = { ...view, problem: plain('packs.example could not be found.') };
  await field.fill('http://packs.example/other/');
  await save(page);
  await page.getByText('packs.example could not be found.').waitFor();
  await page.getByText('Nobody publishes packs there').waitFor({ state: 'detached' });
  await field.fill('');
  await save(page);
  await page.getByText('packs.example could not be found.').waitFor({ state: 'detached' });
  await until(() => world.inputs('settings.set').length === 3, 'all three are saved');
  assert.equal(world.inputs('packChannel.check').length, 2);
  assert.deepEqual(world.complaints, []);
});

test('what is taken out needs no question', async () => {
  begin();
  // Nothing is erased for it; a toast about that would take the place of the one looked for.
  world.stash.answers['exclusions.apply'] = () => ({ entities: 0, performers: 0, message: null });
  const page = await world.open(SETTINGS);
  await performersOn(page).getByRole('button', { name: 'Take out Jack Old' }).click();
  await save(page);
  await page.getByText('Saved.', { exact: true }).waitFor();
  assert.deepEqual(world.inputs('settings.set'), [{ changes: { excludedPerformers: '' } }]);
});

/** Jack Old is excluded already. */
function begin(): void {
  let settings: Record<string, unknown> = { excludedPerformers: 'Jack Old [9]' };
  world.begin({
    'settings.get': () => ({ settings, problems: [] }),
    'settings.set': ({ changes }) => {
      settings = { ...settings, ...changes };
      return { saved: Object.keys(changes), problems: [] };
    },
    'exclusions.apply': () => ({ entities: 0, performers: 0, message: plain('Erased what was kept.') }),
    'people.info': () => ({
      performers: 4,
      withReference: 4,
      packs: [],
      references: { used: 4 },
      without: { total: 0, items: [] },
    }),
    'people.references': () => references(),
  });
}

/** From now on Stash answers a look-up of Zorro only when `answer` is called. */
async function holdLookUps(page: Page): Promise<{ asked: Promise<unknown>; answer: () => void }> {
  const look = new EventEmitter();
  const asked = once(look, 'asked');
  const answered = once(look, 'answered');
  await page.route('**/graphql', async (route) => {
    if (route.request().postData()?.includes('"q":"Zorro"') === true) {
      look.emit('asked');
      await answered;
    }
    await route.continue();
  });
  return { asked, answer: () => void look.emit('answered') };
}

function performersOn(page: Page): Locator {
  return fieldOf(page, 'Never - performers');
}

function fieldOf(page: Page, setting: string): Locator {
  return page.getByRole('group', { name: setting, exact: true });
}

async function add(page: Page, text: string, name: string, setting = 'Never - performers'): Promise<void> {
  const field = fieldOf(page, setting);
  await field.getByRole('searchbox').fill(text);
  await field.getByRole('button', { name, exact: true }).click();
  await field.getByRole('button', { name: `Take out ${name}` }).waitFor();
}

async function save(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Save', exact: true }).click();
}
