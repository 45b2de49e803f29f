/** The references of a performer on the People tab, in a real browser. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import type { ReferenceView } from '../../core/contract/people.ts';
import { message, plain } from '../../core/messages/message.ts';
import { reference, references } from './samples.ts';
import { toastText, uiWorld } from './world.ts';

const world = uiWorld();
const PEOPLE = '/plugins/stash-sense?tab=people';

test('each picture of a performer says where it is from and why it is not used; one is set aside and used again', async () => {
  const info = begin(references().items);
  const page = await world.open(PEOPLE);
  await openJane(page);
  const pictures = page.locator('.stash-sense-pictures li');
  assert.equal(await pictures.count(), 3);
  assert.deepEqual(await texts(page), [
    'profile picture|used|quality 80 %|Do not use',
    'face you confirmed|from scene 7|used|quality 60 %|Do not use',
    'tagged image|from image 5|looks like somebody else|Do not use',
  ]);
  assert.equal(await page.getByRole('link', { name: 'from scene 7' }).getAttribute('href'), '/scenes/7');

  const asked = info.asked();
  await page.getByRole('button', { name: 'Do not use this picture to recognise Jane Doe: face you' }).click();
  assert.match(await toastText(page), /no longer used to recognise Jane Doe/);
  await page.getByText('set aside by you').waitFor();
  assert.deepEqual(world.inputs('people.use'), [
    { performerId: '1', referenceId: '12', use: false, limit: 30, offset: 0 },
  ]);
  // In its place, although used ones come first.
  assert.match((await texts(page))[1]!, /^face you confirmed\|from scene 7\|set aside by you\|Use again$/);
  assert.ok(info.asked() > asked, 'the numbers above are asked for once more');

  await page.getByRole('button', { name: 'Use this picture again to recognise Jane Doe: face you' }).click();
  await page.getByText('set aside by you').waitFor({ state: 'detached' });
  assert.equal(world.inputs('people.use').length, 2);
});

test('a performer whose pictures are all set aside cannot be recognised, and it is said why', async () => {
  begin([
    reference({ state: 'set-aside', offers: 'use' }),
    reference({ id: '9', state: 'no-face', offers: null }),
  ]);
  const page = await world.open(PEOPLE);
  await openJane(page);
  await page
    .getByText('Jane Doe cannot be recognised. Every picture that shows the face is set aside')
    .waitFor();
  assert.equal(await page.getByRole('button', { name: /^Do not use/ }).count(), 0);
});

test('by keyboard: a row opens its pictures, and one is set aside and used again without leaving the button', async () => {
  begin(references().items);
  const page = await world.open(PEOPLE);
  const row = page.getByRole('button', { name: 'Pictures of Cleo Test' });
  await row.focus();
  await page.keyboard.press('Enter');
  assert.equal(await row.getAttribute('aria-expanded'), 'true');
  await page.getByText('profile picture', { exact: true }).waitFor();
  await page.keyboard.press('Tab');
  assert.equal(await focused(page), 'Do not use this picture to recognise Cleo Test: profile picture');
  await page.keyboard.press('Enter');
  await page.getByText('set aside by you').waitFor();
  assert.equal(await focused(page), 'Use this picture again to recognise Cleo Test: profile picture');
  await page.keyboard.press('Enter');
  await page.getByText('set aside by you').waitFor({ state: 'detached' });
  assert.equal(await focused(page), 'Do not use this picture to recognise Cleo Test: profile picture');
  await row.focus();
  await page.keyboard.press('Enter');
  await page.getByText('profile picture', { exact: true }).waitFor({ state: 'detached' });
});

test('on a phone every picture and its button lies within the page', async () => {
  begin(references().items);
  const page = await world.open(PEOPLE, { width: 375 });
  await openJane(page);
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(width <= 375, `the page is ${width} pixels wide`);
  for (const button of await page.getByRole('button', { name: /^Do not use/ }).all()) {
    const box = (await button.boundingBox())!;
    assert.ok(box.x >= 0 && box.x + box.width <= 375, JSON.stringify(box));
  }
});

test('of many pictures one page is shown; a refusal is said and leaves what was there', async () => {
  const many = Array.from({ length: 35 }, (_, n) => reference({ id: String(n + 1) }));
  begin(many, () => {
    throw new Error('This picture is no longer one of Jane Doe: open the pictures again.');
  });
  const page = await world.open(PEOPLE);
  await openJane(page);
  const pictures = page.locator('.stash-sense-pictures li');
  assert.equal(await pictures.count(), 30);
  await page
    .getByRole('button', { name: /^Do not use/ })
    .first()
    .click();
  assert.match(await toastText(page), /no longer one of Jane Doe/);
  assert.equal(await pictures.count(), 30);
  await page.getByRole('button', { name: 'Next' }).last().click();
  await page.getByText('31–35 of 35').waitFor();
  assert.equal(await pictures.count(), 5);
});

/** Answers as the Node side does: what is set aside goes behind what is used. */
function begin(all: readonly ReferenceView[], refuse?: () => never): { asked: () => number } {
  let now = all;
  let asked = 0;
  const view = ({ limit, offset }: { limit: number; offset: number }) => {
    const sorted = now.toSorted((a, b) => Number(a.state !== 'used') - Number(b.state !== 'used'));
    return {
      total: now.length,
      items: sorted.slice(offset, offset + limit),
      problem: now.some(({ state }) => state === 'used') ? null : message('learn.allSetAside'),
    };
  };
  world.begin({
    'people.info': () => {
      asked++;
      return {
        performers: 50,
        withReference: 42,
        packs: [],
        references: { used: 55 },
        without: { total: 1, items: [{ performerId: '4', name: 'Cleo Test', reason: plain('No picture.') }] },
      };
    },
    'people.references': view,
    'people.use': (input) => {
      refuse?.();
      now = now.map((one) =>
        one.id === input.referenceId
          ? {
              ...one,
              ...(input.use ? { state: 'used', offers: 'set-aside' } : { state: 'set-aside', offers: 'use' }),
            }
          : one,
      );
      return view(input);
    },
  });
  return { asked: () => asked };
}

async function openJane(page: Page): Promise<void> {
  await page.getByRole('searchbox').fill('jan');
  await page.getByRole('button', { name: 'Jane Doe' }).click();
  await page.locator('.stash-sense-pictures li').first().waitFor();
}

async function texts(page: Page): Promise<string[]> {
  const all = await page.locator('.stash-sense-pictures li').allInnerTexts();
  return all.map((text) => text.split(/\s*\n\s*/).join('|'));
}

async function focused(page: Page): Promise<string | null> {
  return await page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? null);
}
