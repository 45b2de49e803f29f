/**
`tsx test/gpu/gpu.ts [LIBRARY]`: what a graphics card brings. On the development library (made by ../shared/dev-library/make.mjs;
default: STASH_SENSE_DEV_LIBRARY) each provider that starts must decide as the CPU does, and its scenes an hour stand beside the
CPU's of the same run. Needs no Stash. Without a card it says so, why each provider did not start, and ends with 0; with 1 where
a decision differs.

WebGPU is in onnxruntime-node and needs a Vulkan loader on Linux; CUDA needs the libraries that docs/docker-cuda.md names.
*/
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { plain } from '../../core/messages/message.ts';
import { inEnglish } from '../../core/messages/english.ts';
import { createMatcher } from '../../core/matching/matcher.ts';
import { createMemoryGallery } from '../../core/matching/memory-gallery.ts';
import { elementCount, float32, type Tensors } from '../../core/tensor.ts';
import { modelsOf } from '../../models/catalog/catalog.ts';
import { createExactIndex } from '../../models/index/exact.ts';
import { loadOnnxNative } from '../../models/onnx/native.ts';
import { providerProblem } from '../../models/onnx/providers.ts';
import type { Models } from '../../models/open.ts';
import { createFfmpeg, developmentFfmpeg } from '../../plugin/media/ffmpeg.ts';
import { createVideoFrames } from '../../plugin/media/frames.ts';
import { readPeopleFolder } from '../../tasks/cli/people/folder.ts';
import { createLook } from '../../tasks/cli/people/look.ts';
import { packInUse } from '../../tasks/compose/pack-in-use.ts';
import { observeVideo } from '../../tasks/observe/observe-media.ts';
import { openTestModels, testScratch } from '../fixtures/models.ts';

const BATCHES = [1, 2, 4, 8, 16, 32];
const RUNS = 20;
const ffmpeg = developmentFfmpeg(import.meta.url);
const library = process.argv[2] ?? process.env['STASH_SENSE_DEV_LIBRARY'];

const { onnx, reason } = loadOnnxNative([], 2);
const cards = onnx?.providers.filter((provider) => provider !== 'cpu') ?? [];
const started: { provider: string; models: Models }[] = [];
for (const provider of cards) {
  const models = openWith(provider);
  try {
    await models.engine();
    started.push({ provider, models });
  } catch (error) {
    console.log(`${provider}: ${inEnglish(providerProblem(provider, error))}`);
  }
}
if (onnx === null) console.log(`onnxruntime-node: ${inEnglish(reason ?? plain('not there'))}`);
if (started.length === 0) {
  console.log('There is no GPU here: nothing was measured.');
} else {
  const cpu = openWith('cpu');
  for (const one of [{ provider: 'cpu', models: cpu }, ...started])
    await measureBatches(one.provider, one.models);
  if (library === undefined || !existsSync(path.join(library, 'truth.json')) || ffmpeg === null)
    console.log(
      'Decisions are not compared: name a folder made by ../shared/dev-library/make.mjs, and have ffmpeg.',
    );
  else {
    const expected = await decideAll('cpu', cpu, library, ffmpeg);
    for (const { provider, models } of started) {
      const found = await decideAll(provider, models, library, ffmpeg);
      const others = [...expected].filter(([file, decided]) => found.get(file) !== decided);
      for (const [file, decided] of others)
        console.log(`  ${file}: ${decided} by the CPU, ${found.get(file)} by ${provider}`);
      console.log(
        `${provider}: ${expected.size - others.length} of ${expected.size} scenes decided as by the CPU`,
      );
      if (others.length > 0) process.exitCode = 1;
    }
  }
  for (const models of [cpu, ...started.map((one) => one.models)]) await models.close();
}

function openWith(provider: string): Models {
  const env = { STASH_SENSE_ENGINE: 'native', STASH_SENSE_PROVIDERS: provider };
  return openTestModels({ threads: 2, env, ...(ffmpeg !== null && { ffmpeg: createFfmpeg(ffmpeg.ffmpeg) }) });
}

/** Who is decided to be in each scene, and how long all took. */
async function decideAll(
  provider: string,
  models: Models,
  folder: string,
  paths: NonNullable<typeof ffmpeg>,
): Promise<ReadonlyMap<string, string>> {
  const analyzer = await models.analyzer();
  const { codec } = models;
  const look = createLook({ analyzer, codec });
  const calibration = analyzer.calibration.references;
  const people = await readPeopleFolder(path.join(folder, 'people'), { look, calibration }, () => undefined);
  const gallery = await createMemoryGallery(people, (dimensions) =>
    Promise.resolve(createExactIndex(dimensions)),
  );
  const matcher = createMatcher(gallery, {
    calibration: analyzer.calibration.matching,
    onePerson: analyzer.calibration.references.onePerson,
  });
  const parts = {
    analyzer,
    codec,
    frames: createVideoFrames(paths),
    scratch: testScratch,
    now: () => 0,
    crop: () => Promise.reject(new Error('No crops are kept.')),
  };
  const files = Object.keys(JSON.parse(readFileSync(path.join(folder, 'truth.json'), 'utf8')) as object);
  const decided = new Map<string, string>();
  const began = performance.now();
  for (const file of files) {
    const video = path.join(folder, 'videos', file);
    const { observation } = await observeVideo(parts, {
      contentId: 'oshash:0',
      path: video,
      sizeBytes: 1,
      cropsPerPerson: 0,
    });
    const [found] = await matcher.identify([observation.persons]);
    const names = (found?.identifications ?? []).map(
      ({ decision, candidates }) =>
        `${decision} ${decision === 'unknown' ? '' : (candidates[0]?.name ?? '')}`,
    );
    decided.set(file, names.toSorted().join(', ') || 'nobody');
  }
  const hours = (performance.now() - began) / 3_600_000;
  console.log(`${provider}: ${Math.round(files.length / hours)} scenes an hour`);
  return decided;
}

/** Milliseconds a picture of each model that takes a batch, at several sizes; those that read one at a time are measured so. */
async function measureBatches(provider: string, models: Models): Promise<void> {
  const engine = await models.engine();
  for (const spec of modelsOf(packInUse)) {
    const session = await engine.open(spec.id);
    const isBatched = spec.inputs.every(({ dims }) => dims[0] === -1);
    const times: string[] = [];
    for (const rows of isBatched ? BATCHES : [1]) {
      const inputs: Tensors = Object.fromEntries(
        spec.inputs.map(({ name, dims }) => {
          const shape = dims.map((side) => (side === -1 ? rows : side));
          const values = Float32Array.from({ length: elementCount(shape) }, (_, n) => Math.sin(n));
          return [name, float32(values, shape)];
        }),
      );
      // The first run compiles what the card needs.
      await session.run(inputs);
      const began = performance.now();
      for (let run = 0; run < RUNS; run++) await session.run(inputs);
      times.push(`${((performance.now() - began) / RUNS / rows).toFixed(2)} ms a picture, ${rows} at once`);
    }
    console.log(`${provider}, ${spec.id}: ${times.join('; ')}${isBatched ? '' : ' (reads one at a time)'}`);
    await session.close();
  }
}
