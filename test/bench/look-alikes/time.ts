/**
How long *Update people* takes to compare everybody with everybody, and for how long it holds the event loop:
`tsx test/bench/look-alikes/time.ts CACHE [PEOPLE]`, CACHE as of gallery-faces.ts. People beyond those of the gallery have one
of its faces, turned a little.
*/
import { rmSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { meanEmbedding } from '../../../core/faces/embedding.ts';
import type { Embedding } from '../../../core/faces/face.ts';
import { packInUse } from '../../../tasks/compose/pack-in-use.ts';
import { findLookAlikes } from '../../../tasks/people/look-alikes.ts';
import { closedVision, fakeContext } from '../../fakes/context.ts';
import { aPerformer, memoryStash } from '../../fakes/memory-stash.ts';
import { openTestModels } from '../../fixtures/models.ts';
import { seeded } from '../../fixtures/random.ts';
import { aSlice } from '../../fakes/slice.ts';
import { readFaces, readVectors } from './gallery-faces.ts';

const REFERENCES = 3;
/** Of noise beside the face itself: about 0.8 similar to it. */
const NOISE = 0.75;

const [cache, count = '5000'] = process.argv.slice(2);
if (cache === undefined) throw new Error('Name the folder that faces.ts has made.');
const { id: packId, dimensions, calibration } = packInUse;
const vectorOf = readVectors(cache, dimensions);
const rows = readFaces(cache).flatMap(({ row }) => row ?? []);
const random = seeded(5);
const folder = mkdtempSync(path.join(tmpdir(), 'stash-sense-look-alikes-'));
const models = openTestModels();
const closers: (() => unknown)[] = [];
const context = await fakeContext(
  { after: (close) => void closers.push(close as () => unknown) },
  memoryStash({ items: [], performers: [] }),
  {
    folder,
    vision: {
      ...closedVision,
      packId,
      calibration,
      createRowSearch: (vectors, searches) => Promise.resolve(models.createRowSearch(vectors, searches)),
    },
  },
);
const { store } = context;
for (let from = 1; from <= Number(count); from += 250)
  await store.transaction(async () => {
    for (let n = from; n < Math.min(from + 250, Number(count) + 1); n++) {
      await store.people.putPerformer(aPerformer(n));
      const face = vectorOf(rows[n % rows.length]!);
      for (let k = 0; k < REFERENCES; k++)
        await store.people.putReference({
          performerId: String(n),
          source: k === 0 ? 'profile' : 'image',
          sourceKey: k === 0 ? 'profile' : `image:${k}`,
          revision: '',
          contentHash: '',
          packId,
          state: 'used',
          embedding: turned(face),
          quality: 0.8,
          crop: null,
        });
    }
  });
for (const what of ['everybody', 'nobody has changed']) {
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  const began = performance.now();
  await findLookAlikes(context, aSlice());
  const tookS = (performance.now() - began) / 1000;
  delay.disable();
  const { total } = await store.lookAlikes.list('open', 1, 0);
  console.log(
    `${what}: ${count} people of ${REFERENCES} references in ${tookS.toFixed(1)} s, longest hold ${(delay.max / 1e6).toFixed(0)} ms, ${total} pairs`,
  );
}
await models.close();
for (const close of closers.toReversed()) await close();
rmSync(folder, { recursive: true });

function turned(face: Embedding): Embedding {
  const noise = Float32Array.from(face, () => (random() + random() + random() - 1.5) * 2);
  const length = Math.hypot(...noise);
  const sum = face.map((value, n) => value + (NOISE * noise[n]!) / length) as Embedding;
  return meanEmbedding([{ embedding: sum, weight: 1 }])!;
}
