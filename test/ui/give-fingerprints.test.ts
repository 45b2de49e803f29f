/** Fingerprints that are given back, on the Settings tab: off at first, said plainly, counted. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plain } from '../../core/messages/message.ts';
import { until } from '../fixtures/wait.ts';
import { shot, within } from './screen.ts';
import { BOX } from './stash-id-samples.ts';
import { uiWorld } from './world.ts';

const world = uiWorld();
const OTHER = 'https://other.example/graphql';

for (const width of [1400, 375])
  test(`${width} wide: off at first, switched on for one stash-box, given in calls, counted, and switched off`, async () => {
    let isOn = false;
    let scenes = 0;
    const view = () => ({
      boxes: [
        { endpoint: BOX, name: 'Box', isOn, linked: 7, scenes, fingerprints: 3 * scenes },
        { endpoint: OTHER, name: 'Other', isOn: false, linked: 0, scenes: 0, fingerprints: 0 },
      ],
    });
    world.begin({
      'settings.get': () => ({ settings: {}, problems: [] }),
      'fingerprints.view': view,
      'fingerprints.set': (input) => {
        ({ isOn } = input);
        return view();
      },
      'fingerprints.give': ({ from }) => {
        const given = from === 0 ? 5 : 2;
        scenes += given;
        return {
          scenes: given,
          fingerprints: 3 * given,
          next: from === 0 ? 5 : null,
          dryRun: false,
          problem: null,
        };
      },
    });
    const page = await world.open('/plugins/stash-sense?tab=settings', { width });
    const part = page.getByRole('group', { name: 'Give fingerprints of linked scenes back to' });
    await part
      .getByText(/^Off, nothing is sent\. On, Stash sends the stash-box, under your account/)
      .waitFor();
    await part
      .getByText('You linked 7 scenes by suggestions; given so far: 0 fingerprints of 0 scenes.')
      .waitFor();
    const ticks = part.getByRole('checkbox');
    assert.deepEqual([await ticks.nth(0).isChecked(), await ticks.nth(1).isChecked()], [false, false]);
    assert.equal(await part.getByRole('button', { name: 'Give Box now' }).count(), 0);
    await ticks.nth(0).focus();
    await page.keyboard.press('Space');
    const give = part.getByRole('button', { name: 'Give Box now', disabled: false });
    await give.waitFor();
    assert.deepEqual(world.inputs('fingerprints.set'), [{ endpoint: BOX, isOn: true }]);
    assert.deepEqual(world.inputs('fingerprints.give'), [], 'nothing is given by the tick alone');
    await within(page, part);
    await shot(page, `give-fingerprints-${width}`);
    await give.click();
    await page.getByText('Gave Box 21 fingerprints of 7 scenes.').waitFor();
    assert.deepEqual(world.inputs('fingerprints.give'), [
      { endpoint: BOX, from: 0 },
      { endpoint: BOX, from: 5 },
    ]);
    await part.getByText('given so far: 21 fingerprints of 7 scenes.', { exact: false }).waitFor();
    await until(async () => await ticks.nth(0).isEnabled(), 'it can be switched');
    await ticks.nth(0).click();
    await until(() => world.inputs('fingerprints.set').length === 2, 'it was switched off');
    assert.deepEqual(world.inputs('fingerprints.set')[1], { endpoint: BOX, isOn: false });
    assert.deepEqual(world.complaints, []);
  });

test('after a scene that was refused the rest is given, and both are said', async () => {
  world.begin({
    'settings.get': () => ({ settings: {}, problems: [] }),
    'fingerprints.view': () => ({
      boxes: [{ endpoint: BOX, name: 'Box', isOn: true, linked: 9, scenes: 0, fingerprints: 0 }],
    }),
    'fingerprints.give': ({ from }) => ({
      scenes: from === 0 ? 0 : 2,
      fingerprints: from === 0 ? 0 : 6,
      next: from === 0 ? 100 : null,
      dryRun: false,
      problem: from === 0 ? plain('Box did not take one') : null,
    }),
  });
  const page = await world.open('/plugins/stash-sense?tab=settings');
  await page.getByRole('button', { name: 'Give Box now' }).click();
  await page.locator('.toast').getByText('Box did not take one').waitFor();
  await page.getByText('Gave Box 6 fingerprints of 2 scenes.').waitFor();
});

test('why a stash-box did not take them is said', async () => {
  world.begin({
    'settings.get': () => ({ settings: {}, problems: [] }),
    'fingerprints.view': () => ({
      boxes: [{ endpoint: BOX, name: 'Box', isOn: true, linked: 1, scenes: 0, fingerprints: 0 }],
    }),
    'fingerprints.give': () => ({
      scenes: 0,
      fingerprints: 0,
      next: null,
      dryRun: false,
      problem: plain('Box does not take the key'),
    }),
  });
  const page = await world.open('/plugins/stash-sense?tab=settings');
  await page.getByRole('button', { name: 'Give Box now' }).click();
  await page.locator('.toast').getByText('Box does not take the key').waitFor();
});
