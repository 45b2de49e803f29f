/** Stash's perceptual hash of videos of odd shapes, as a real Stash (v0.30.1-19) gave it with the same ffmpeg. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { createFfmpeg } from '../../plugin/media/ffmpeg.ts';
import { computePhash } from '../../plugin/media/phash/phash.ts';
import { tempFolder } from '../fakes/context.ts';
import { npmFfmpeg } from '../fixtures/footage.ts';
import { makeShapes } from '../fixtures/videos/shapes.ts';

/** Another build of ffmpeg makes other files, or other pixels of them. */
const skip =
  process.platform === 'linux' && process.arch === 'x64' ? false : "recorded with npm's ffmpeg of Linux x64";

/** By the name of the video the length in milliseconds, as Stash had it, and the hash; null: Stash gives none. */
const GIVEN: Readonly<Record<string, readonly [durationMs: number, phash: string | null]>> = {
  'odd-pixels.mkv': [20_000, '8a6dab6d56725252'],
  'tiny.mp4': [20_000, 'a0759815e565eb1d'],
  'transparent.mov': [6000, '8a7fb248c32afa2a'],
  'one-frame.mp4': [500, null],
  'few-colours.avi': [8000, null],
};

test('the hash of each video is that of Stash, and none where Stash gives none', { skip }, async (t) => {
  const folder = path.join(tempFolder(t), 'videos');
  mkdirSync(folder);
  const ffmpeg = createFfmpeg(npmFfmpeg);
  const hashes: Record<string, string | null> = {};
  for (const file of makeShapes(folder, npmFfmpeg, (name) => Object.hasOwn(GIVEN, name))) {
    const name = path.basename(file);
    hashes[name] = await computePhash(ffmpeg, file, GIVEN[name]![0]);
  }
  assert.deepEqual(hashes, Object.fromEntries(Object.keys(hashes).map((name) => [name, GIVEN[name]![1]])));
  assert.deepEqual(Object.keys(hashes).toSorted(), Object.keys(GIVEN).toSorted());
});

test('a video of which a frame takes more memory than 25 of them may has no hash', { skip }, async (t) => {
  const file = path.join(tempFolder(t), 'tall.mkv');
  const tall = ['-v', 'error', '-f', 'lavfi', '-i', 'color=s=20x16384:d=1:r=2', '-c:v', 'ffv1', file];
  assert.equal(spawnSync(npmFfmpeg, tall).status, 0);
  assert.equal(await computePhash(createFfmpeg(npmFfmpeg), file, 1000), null);
});

test('of a file at which ffmpeg crashed it is not said that there is no hash', { skip }, async (t) => {
  const program = path.join(tempFolder(t), 'ffmpeg');
  writeFileSync(program, '#!/bin/sh\nkill -SEGV $$\n', { mode: 0o755 });
  await assert.rejects(computePhash(createFfmpeg(program), 'film.mp4', 1000), /crashed|SIGSEGV/);
});
