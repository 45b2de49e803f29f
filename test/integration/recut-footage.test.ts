/** A real file that was cut, read by ffmpeg, against the perceptual hash that Stash gives the whole film. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { test } from 'node:test';
import { createComposer } from '../../core/fingerprints/virtual-phash.ts';
import { rateRecuts } from '../../core/stash-box/recuts/rate-recuts.ts';
import { createFfmpeg } from '../../plugin/media/ffmpeg.ts';
import { createVideoFrames } from '../../plugin/media/frames.ts';
import { readFilmstrip } from '../../plugin/media/phash/filmstrip.ts';
import { computePhash } from '../../plugin/media/phash/phash.ts';
import { tempFolder } from '../fakes/context.ts';
import { aBoxScene } from '../fakes/memory-box.ts';
import { mediaFile, npmFfmpeg, npmFfprobe } from '../fixtures/footage.ts';

test('a talk whose first seconds are cut off is found by the hash of the whole', async (t) => {
  const frames = createVideoFrames({ ffmpeg: npmFfmpeg, ffprobe: npmFfprobe });
  const whole = mediaFile('franck.mp4');
  const durationMs = (await frames.probe(whole))!.durationMs;
  const hash = (await computePhash(createFfmpeg(npmFfmpeg), whole, durationMs))!;
  const cut = path.join(tempFolder(t), 'cut.mkv');
  const copied = spawnSync(npmFfmpeg, ['-v', 'error', '-ss', '11', '-i', whole, '-an', '-c', 'copy', cut]);
  assert.equal(copied.status, 0);
  const theirs = aBoxScene(1, [{ algorithm: 'PHASH', hash, seconds: Math.round(durationMs / 1000) }]);

  const strip = (await readFilmstrip(frames, cut))!;
  const gone = durationMs / 1000 - strip.seconds;
  assert.ok(gone > 2, 'it begins at a key frame');
  assert.equal(strip.pictures.filter((picture) => picture !== null).length, strip.pictures.length);
  const [found] = await rateRecuts([{ seconds: strip.seconds, composer: createComposer(strip) }], [theirs]);
  assert.ok(found?.isStrong, `${found?.recut.apart} bits`);
  assert.ok(Math.abs(found.recut.offset + gone) <= 1.5, `${found.recut.offset} of ${gone} s`);
});
