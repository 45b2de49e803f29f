/** The frame that the player player at is asked about, and a face in it is marked, on a real video in a real browser. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import type { Locator, Page, Route } from 'playwright-core';
import type { Region } from '../../core/contract/faces.ts';
import { npmFfmpeg } from '../fixtures/footage.ts';
import { until } from '../fixtures/wait.ts';
import { faces, person, unknown } from './samples.ts';
import { uiWorld } from './world.ts';

const world = uiWorld();

test('the frame is asked about while the video player still; a rectangle by mouse or touch, which Esc cancels, is of the picture alone', async () => {
  const nobody = faces({ persons: [person()] });
  const both = faces({ persons: [person(), unknown()] });
  let answer = { found: [] as number[], faces: nobody };
  world.begin({ 'scene.faces': () => nobody, 'frame.identify': () => answer });
  const page = await world.open('/');
  await page.route('**/stream', serveVideo);
  await page.goto(`${world.stash.url}/scenes/7`);
  await page.getByRole('tab', { name: 'Faces' }).click();
  const ask = page.getByRole('button', { name: 'Who is this?' });
  const mark = page.getByRole('button', { name: 'Mark a face' });
  const bar = page.locator('.stash-sense-frame');
  const layer = page.locator('.stash-sense-draw');
  await bar.getByText('Pause the video at the face').waitFor();
  assert.deepEqual([await ask.isDisabled(), await mark.isDisabled()], [true, true]);

  await page.locator('video').evaluate((video: HTMLVideoElement) => {
    // Bars above and below a picture of 16:9.
    video.style.cssText = 'width: 400px; height: 400px; object-fit: contain';
    video.currentTime = 2;
  });
  await untilEnabled(ask);
  await ask.click();
  await bar.getByText('No face was found at 0:02: if it is small, mark it.').waitFor();
  assert.deepEqual(world.inputs('frame.identify'), [{ sceneId: '7', timeMs: 2000, region: null }]);

  await untilEnabled(mark);
  await mark.click();
  await bar.getByText('Draw a rectangle around the face, or press an arrow key').waitFor();
  await page.keyboard.press('Escape');
  await layer.waitFor({ state: 'detached' });
  assert.equal(await mark.evaluate((button) => button === document.activeElement), true);

  // What is played meanwhile takes the layer away for good.
  await mark.click();
  await layer.waitFor();
  const player = page.locator('video');
  await player.evaluate(async (video: HTMLVideoElement) => {
    video.muted = true;
    await video.play();
  });
  await layer.waitFor({ state: 'detached' });
  await player.evaluate((video: HTMLVideoElement) => {
    video.pause();
    video.currentTime = 2;
  });
  await untilEnabled(mark);
  assert.equal(await layer.count(), 0);

  answer = { found: [2], faces: both };
  await mark.click();
  const picture = (await layer.boundingBox())!;
  assert.deepEqual([picture.width, picture.height], [400, 225]);
  const at = (x: number, y: number) => ({
    x: picture.x + x * picture.width,
    y: picture.y + y * picture.height,
  });
  const [from, to] = [at(0.25, 0.2), at(0.5, 0.6)];
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move(to.x, to.y, { steps: 3 });
  await page.mouse.up();
  await bar.getByText('One person was found at 0:02.').waitFor();
  assertIs(region(1), { x: 0.25, y: 0.2, width: 0.25, height: 0.4 });
  const cards = page.locator('.stash-sense-person');
  assert.equal(await cards.count(), 2);
  await cards.first().getByText('Unknown').waitFor();

  // By keys alone, of which the player sees none.
  await untilEnabled(mark);
  await mark.focus();
  await page.keyboard.press('Enter');
  await layer.waitFor();
  const time = await page.locator('video').evaluate((video: HTMLVideoElement) => video.currentTime);
  for (const key of ['ArrowLeft', 'ArrowLeft', 'Shift+ArrowDown', 'Enter']) await page.keyboard.press(key);
  await until(() => world.inputs('frame.identify').length === 3, 'the keys were asked about');
  assertIs(region(2), { x: 0.38, y: 0.3, width: 0.2, height: 0.42 });
  const still = await page.locator('video').evaluate((video: HTMLVideoElement) => video.currentTime);
  assert.equal(still, time);

  await untilEnabled(mark);
  await mark.click();
  await layer.waitFor();
  // Out of the picture, where the rectangle ends at its edge.
  await dragByTouch(page, at(0.5, 0.5), at(1.2, 0.9));
  await until(() => world.inputs('frame.identify').length === 4, 'the touch was asked about');
  assertIs(region(3), { x: 0.5, y: 0.5, width: 0.5, height: 0.4 });

  await untilEnabled(ask);
  await page.locator('video').evaluate(async (video: HTMLVideoElement) => {
    video.muted = true;
    await video.play();
  });
  await bar.getByText('Pause the video at the face').waitFor();
  assert.equal(await ask.isDisabled(), true);
  assert.deepEqual(world.complaints, []);
});

function region(call: number): Region {
  return (world.inputs('frame.identify')[call] as { region: Region }).region;
}

function assertIs(found: Region, meant: Region): void {
  for (const side of ['x', 'y', 'width', 'height'] as const)
    assert.ok(Math.abs(found[side] - meant[side]) < 0.01, `${side} ${found[side]}`);
}

async function untilEnabled(button: Locator): Promise<void> {
  await until(() => button.isEnabled(), 'the button can be pressed');
}

async function dragByTouch(page: Page, from: Point, to: Point): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const send = async (type: 'touchStart' | 'touchMove' | 'touchEnd', touchPoints: Point[]): Promise<void> => {
    await session.send('Input.dispatchTouchEvent', { type, touchPoints });
  };
  await send('touchStart', [from]);
  await send('touchMove', [to]);
  await send('touchEnd', []);
}

type Point = { x: number; y: number };

const VIDEO = execFileSync(
  npmFfmpeg,
  '-v error -f lavfi -i testsrc2=s=320x180:r=10:d=4 -c:v libvpx -g 10 -f webm pipe:1'.split(' '),
  { maxBuffer: 1e7 },
);

/** In ranges, without which a browser cannot seek. */
async function serveVideo(route: Route): Promise<void> {
  const [, first = '0', last = ''] = /bytes=(\d+)-(\d*)/.exec(route.request().headers()['range'] ?? '') ?? [];
  const end = last === '' ? VIDEO.length - 1 : Number(last);
  await route.fulfill({
    status: 206,
    contentType: 'video/webm',
    headers: { 'accept-ranges': 'bytes', 'content-range': `bytes ${first}-${end}/${VIDEO.length}` },
    body: VIDEO.subarray(Number(first), end + 1),
  });
}
