/**
The perceptual hashes that a real Stash gave its videos beside those that are computed here. The videos of `makeShapes`
(test/fixtures/videos/shapes.ts) in a folder of Stash, scanned with *Generate perceptual hashes*, are of all shapes.

    STASH_URL=http://127.0.0.1:9999 node --import tsx test/bench/phash/real-stash.ts [FFMPEG, that Stash uses]
    node --import tsx test/bench/phash/real-stash.ts --make FOLDER
*/
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { createFfmpeg } from '../../../plugin/media/ffmpeg.ts';
import { computePhash } from '../../../plugin/media/phash/phash.ts';
import { npmFfmpeg } from '../../fixtures/footage.ts';
import { makeShapes } from '../../fixtures/videos/shapes.ts';

const [first, folder] = process.argv.slice(2);
if (first === '--make' && folder !== undefined) {
  mkdirSync(folder, { recursive: true });
  console.log(`${makeShapes(folder, npmFfmpeg).length} videos`);
} else await compare(createFfmpeg(first ?? npmFfmpeg));

async function compare(ffmpeg: ReturnType<typeof createFfmpeg>): Promise<void> {
  const query =
    '{ findScenes(filter: { per_page: -1 }) { scenes { files { path duration fingerprints { type value } } } } }';
  const answer = await fetch(`${process.env['STASH_URL'] ?? ''}/graphql`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  const files = Answer.parse(await answer.json()).data.findScenes.scenes.flatMap((scene) => scene.files);
  let same = 0;
  for (const { path: file, duration, fingerprints } of files) {
    const stored = fingerprints.find(({ type }) => type === 'phash')?.value ?? null;
    const theirs = stored && stored.padStart(16, '0');
    const begun = performance.now();
    const ours = await computePhash(ffmpeg, file, Math.round(1000 * duration));
    const isSame = ours === theirs;
    if (isSame) same++;
    const ms = Math.round(performance.now() - begun);
    console.log(
      isSame ? 'same   ' : 'DIFFERS',
      path.basename(file),
      theirs ?? 'none',
      ours ?? 'none',
      `${ms} ms`,
    );
  }
  console.log(`${same} of ${files.length} are the same`);
}

const Answer = z.object({
  data: z.object({
    findScenes: z.object({
      scenes: z.array(
        z.object({
          files: z.array(
            z.object({
              path: z.string(),
              duration: z.number(),
              fingerprints: z.array(z.object({ type: z.string(), value: z.string() })),
            }),
          ),
        }),
      ),
    }),
  }),
});
