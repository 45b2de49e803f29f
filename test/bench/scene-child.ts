/**
One process, one engine, one way of looking at one video: prints one JSON. Run by bench.ts, so that memory and model
loading are those of a fresh process.

argv: FILE native|wasm ours|per-frame
*/
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Engine, Session } from '../../core/ports/vision.ts';
import type { Log } from '../../core/ports/log.ts';
import { packInUse } from '../../tasks/compose/pack-in-use.ts';
import { createFaceAnalyzer } from '../../models/faces/pipeline.ts';
import { createFaceCrop } from '../../models/faces/crop.ts';
import { openModels } from '../../models/open.ts';
import { createFfmpeg } from '../../plugin/media/ffmpeg.ts';
import { createVideoFrames } from '../../plugin/media/frames.ts';
import { observeVideo } from '../../tasks/observe/observe-media.ts';
import { testScratch } from '../fixtures/models.ts';
import { watchResources } from './resources.ts';

export type SceneTimes = {
  readonly seconds: number;
  readonly frames: number;
  readonly persons: number;
  readonly faces: number;
  /** Milliseconds of the whole scene: waiting for ffmpeg, each model, and the rest (alignment, quality, clusters). */
  readonly decodeMs: number;
  readonly modelMs: Readonly<Record<string, number>>;
  readonly restMs: number;
  readonly loadMs: number;
  readonly peakBytes: number | null;
  readonly readBytes: number | null;
  readonly engine: string;
};

const [file = '', engineName = 'native', way = 'ours'] = process.argv.slice(2);
const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '../..');
const quiet: Log = { debug() {}, info() {}, warn() {}, error() {}, progress() {} };
const ffmpegPath = process.env['BENCH_FFMPEG'] ?? 'ffmpeg';
const ffprobePath = process.env['BENCH_FFPROBE'] ?? 'ffprobe';
const ffmpeg = createFfmpeg(ffmpegPath);

const models = openModels({
  pack: packInUse,
  weightFolders: [path.join(root, 'dist/stash-sense-faces')],
  runtimeFolders: [root],
  wasmFolder: path.join(root, 'dist/stash-sense/wasm'),
  threads: Number(process.env['BENCH_THREADS'] ?? 2),
  ffmpeg,
  scratch: testScratch,
  log: quiet,
  env: { ...process.env, STASH_SENSE_ENGINE: engineName },
});
const modelMs: Record<string, number> = {};
const loadBegan = performance.now();
const analyzer = await createFaceAnalyzer(timed(await models.engine()), packInUse);
const loadMs = performance.now() - loadBegan;

const plain = createVideoFrames({ ffmpeg: ffmpegPath, ffprobe: ffprobePath });
let decodeMs = 0;
let frameCount = 0;
const frames: typeof plain = {
  probe: (text) => plain.probe(text),
  async *frames(...args) {
    const reading = plain.frames(...args)[Symbol.asyncIterator]();
    for (;;) {
      const began = performance.now();
      const next = await reading.next();
      decodeMs += performance.now() - began;
      if (next.done) return;
      frameCount++;
      yield next.value;
    }
  },
};

const resources = watchResources();
const began = performance.now();
const found = way === 'ours' ? await ours() : await onePerFrame();
const seconds = (performance.now() - began) / 1000;
const { peakBytes, readBytes } = resources.stop();
const inModels = Object.values(modelMs).reduce((sum, m) => sum + m, 0);
const times: SceneTimes = {
  seconds,
  frames: frameCount,
  ...found,
  decodeMs,
  modelMs,
  restMs: Math.max(0, seconds * 1000 - decodeMs - inModels),
  loadMs,
  peakBytes,
  readBytes,
  engine: analyzer.engine,
};
process.stdout.write(JSON.stringify(times));
setTimeout(() => process.exit(), 200).unref();

async function ours(): Promise<{ persons: number; faces: number }> {
  const { size } = await stat(file);
  const { observation } = await observeVideo(
    {
      frames,
      scratch: testScratch,
      analyzer,
      codec: models.codec,
      now: Date.now,
      crop: (image, face) => createFaceCrop(image, face, models.codec),
    },
    { path: file, contentId: 'oshash:0000000000000000', sizeBytes: size, cropsPerPerson: 4 },
  );
  frameCount = observation.frameCount;
  return {
    persons: observation.persons.length,
    faces: observation.persons.reduce((sum, person) => sum + person.faces.length, 0),
  };
}

/** What the Python project of the same name does: 60 frames evenly, an ffmpeg process and a full-size JPEG for each. */
async function onePerFrame(): Promise<{ persons: number; faces: number }> {
  const info = await plain.probe(file);
  if (!info) throw new Error(`${file} has no video.`);
  let faces = 0;
  for (let n = 0; n < 60; n++) {
    const at = ((n + 0.5) / 60) * (info.durationMs / 1000);
    const decodeBegan = performance.now();
    const jpeg = await ffmpeg.run(
      [
        '-v',
        'error',
        '-nostdin',
        '-ss',
        at.toFixed(3),
        '-i',
        file,
        '-frames:v',
        '1',
        '-f',
        'image2',
        '-c:v',
        'mjpeg',
        '-q:v',
        '2',
        'pipe:1',
      ],
      { maxBytes: 50e6, timeoutMs: 60_000 },
    );
    const image = await models.codec.decode(jpeg, 1280);
    decodeMs += performance.now() - decodeBegan;
    frameCount++;
    faces += (await analyzer.analyze(image)).length;
  }
  return { persons: 0, faces };
}

function timed(engine: Engine): Engine {
  return {
    name: engine.name,
    provider: engine.provider,
    async open(modelId) {
      const session = await engine.open(modelId);
      const run: Session['run'] = async (...args) => {
        const at = performance.now();
        const outputs = await session.run(...args);
        modelMs[modelId] = (modelMs[modelId] ?? 0) + performance.now() - at;
        return outputs;
      };
      return { run, close: () => session.close() };
    },
  };
}
