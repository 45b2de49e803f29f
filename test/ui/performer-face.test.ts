/** The page of a performer: by which pictures they are recognised, where they were seen, and looking for them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from '../fixtures/wait.ts';
import { shot, within } from './screen.ts';
import { PIXEL } from './samples.ts';
import { toastText, uiWorld } from './world.ts';

const world = uiWorld();

for (const width of [1400, 375])
  test(`${width} wide: what is known of a face is told, one picture is not to be used, and the library is looked through`, async () => {
    const use = { entity: null, url: PIXEL, quality: 0.8, source: 'confirmed', state: 'used' };
    const references = (offers: 'set-aside' | 'use') => ({
      total: 1,
      problem: null,
      items: [{ ...use, id: '4', offers, state: offers === 'use' ? 'set-aside' : 'used' }],
    });
    world.begin({
      'performer.face': () => ({
        name: 'Jane Doe',
        seenNotTagged: [
          { entity: { kind: 'scene', id: '8' }, title: 'A day out', href: '/scenes/8' },
          { entity: { kind: 'gallery', id: '6' }, title: '', href: '/galleries/6' },
        ],
        taggedNotSeen: [],
      }),
      'people.references': () => references('set-aside'),
      'people.use': () => references('use'),
      'performer.find': ({ after }) =>
        after === null ? { looked: 1000, next: { kind: 'scene', id: '99' } } : { looked: 20, next: null },
    });
    const page = await world.open('/performers/1', { width });
    await page.getByRole('button', { name: 'Face', exact: true }).click();
    const seen = page.getByRole('region', { name: 'Seen, and not on it in Stash' });
    await seen.getByText('Seen, and not on it in Stash (2)').waitFor();
    assert.equal(await seen.getByRole('link', { name: 'A day out' }).getAttribute('href'), '/scenes/8');
    await page.getByText('On it in Stash, and not seen (0)').waitFor();
    await within(page, page.locator('.stash-sense-performer'));
    await shot(page, `performer-face-${width}`);
    await page.getByRole('button', { name: /Do not use/ }).click();
    await until(() => world.inputs('people.use').length === 1, 'it was set aside');
    await page.getByRole('button', { name: 'Find in my library' }).click();
    await page.locator('.toast', { hasText: 'Looked through 1,020 items.' }).waitFor();
    assert.deepEqual(world.inputs('performer.find'), [
      { performerId: '1', after: null },
      { performerId: '1', after: { kind: 'scene', id: '99' } },
    ]);
    assert.match(await toastText(page), /1,020/);
    assert.deepEqual(world.complaints, []);
  });
