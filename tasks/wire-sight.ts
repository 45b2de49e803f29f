import { access } from 'node:fs/promises';
import path from 'node:path';
import { messageOf, StashSenseError } from '../core/errors.ts';
import type { Library, Log, Scratch, Store, VideoFrames } from '../core/ports.ts';
import { modelSpec, portablePack } from '../models/catalog.ts';
import { createExactIndex } from '../models/index-exact.ts';
import type { Models } from '../models/open-models.ts';
import { findWeights } from '../models/weights.ts';
import type { FfmpegPaths } from '../plugin/ffmpeg.ts';
import { LAST_SIGHT } from '../core/state-values.ts';
import type { ChosenRuntime } from './wire-runtime.ts';
import type { OpenSight, Sight, SightDescription } from './task.ts';

type Parts = {
  readonly library: Pick<Library, 'environment'>;
  readonly store: Pick<Store, 'state'>;
  readonly log: Log;
  readonly now: () => number;
  readonly scratch: Scratch;
  readonly weightFolders: readonly string[];
  readonly runtime: ChosenRuntime;
  readonly wasmFolder: string;
  readonly threads: number;
};

const MODELS = [portablePack.detector, portablePack.landmark, portablePack.embedder].map(modelSpec);

/** Models, picture library and ffmpeg: imported and opened at the first use, not before. */
export function createSight(parts: Parts): Sight {
  const { library, store, log, now } = parts;
  const weights = findWeights(parts.weightFolders);
  let loading: Promise<Loaded> | null = null;
  let opening: Promise<OpenSight> | null = null;
  const load = (): Promise<Loaded> => (loading ??= loadModels(parts));

  const open = async (): Promise<OpenSight> => {
    const [{ models, frames }, { createFaceCrop }, observe] = await Promise.all([
      load(),
      import('../models/face-crop.ts'),
      import('./observe.ts'),
    ]);
    const analyzer = await models.analyzer();
    const { codec } = models;
    const { vectorIndex } = await models.describe();
    await store.state.set(LAST_SIGHT, { engine: analyzer.engine, imageCodec: codec.name, vectorIndex });
    log.debug(`Faces are found with ${analyzer.engine}, pictures read with ${codec.name}.`);
    const crop: OpenSight['crop'] = (image, face) => createFaceCrop(image, face, codec);
    return {
      analyzer,
      codec,
      crop,
      lookAtVideo: (video) =>
        observe.observeVideo({ analyzer, codec, frames, crop, now, scratch: parts.scratch }, video),
      lookAtPicture: (picture) => observe.observePicture({ analyzer, codec, crop, now }, picture),
    };
  };

  return {
    packId: portablePack.id,
    open: () => (opening ??= open()),
    createIndex: async (dimensions) => (await load()).models.createIndex(dimensions),
    createPlainIndex: (dimensions) => Promise.resolve(createExactIndex(dimensions)),

    async describe() {
      const problems = await weights.problems(MODELS);
      return {
        pack: { id: portablePack.id, license: portablePack.license },
        weights: {
          ok: problems.length === 0,
          message: problems[0] ?? `The weights of ${portablePack.id} are there.`,
        },
        ffmpeg: await describeFfmpeg(library),
      };
    },

    async selfTest() {
      const [{ models }, { selfTest }] = await Promise.all([load(), import('./self-test.ts')]);
      return await selfTest(
        await models.engine(),
        MODELS.map(({ id, input }) => ({ id, dims: input.dims })),
      );
    },

    async close() {
      // What could not be opened need not be closed, and its trouble was told.
      await (await loading?.catch(() => null))?.models.close();
    },
  };
}

type Loaded = { readonly models: Models; readonly frames: VideoFrames };

async function loadModels({ library, log, runtime, ...parts }: Parts): Promise<Loaded> {
  const [{ openModels }, { createFfmpeg, findFfmpeg }, { createVideoFrames }, chosen] = await Promise.all([
    import('../models/open-models.ts'),
    import('../plugin/ffmpeg.ts'),
    import('../plugin/video-frames.ts'),
    runtime.chosen(),
  ]);
  const paths = await findFfmpeg({
    fromStash: await library.environment(),
    pathVariable: process.env['PATH'],
  });
  return {
    models: openModels({
      ...parts,
      ...chosen,
      log,
      ffmpeg: paths === null ? null : createFfmpeg(paths.ffmpeg),
    }),
    frames: paths === null ? missingFrames() : createVideoFrames(paths),
  };
}

/** Pictures can be looked at without it. */
function missingFrames(): VideoFrames {
  const missing = new StashSenseError('runtime-missing', NO_FFMPEG);
  return {
    probe: () => Promise.reject(missing),
    frames: () => {
      throw missing;
    },
  };
}

const NO_FFMPEG =
  'No ffmpeg and ffprobe were found, which Stash needs too: let Stash download them (Settings, System), or install them.';

/** Where they would be looked for; none is started. */
async function describeFfmpeg(library: Parts['library']): Promise<SightDescription['ffmpeg']> {
  let named: Partial<FfmpegPaths>;
  try {
    const { ffmpegPath, ffprobePath } = await library.environment();
    named = { ...(ffmpegPath && { ffmpeg: ffmpegPath }), ...(ffprobePath && { ffprobe: ffprobePath }) };
  } catch (error) {
    return { ok: false, message: messageOf(error) };
  }
  const found = await Promise.all(
    (['ffmpeg', 'ffprobe'] as const).map((name) => firstThere(name, named[name])),
  );
  const [ffmpeg, ffprobe] = found;
  return ffmpeg && ffprobe
    ? { ok: true, message: `ffmpeg is ${ffmpeg}.` }
    : { ok: false, message: NO_FFMPEG };
}

async function firstThere(name: string, named: string | undefined): Promise<string | null> {
  const file = process.platform === 'win32' ? `${name}.exe` : name;
  const folders = (process.env['PATH'] ?? '').split(path.delimiter).filter(Boolean);
  for (const candidate of [
    ...(named === undefined ? [] : [named]),
    ...folders.map((it) => path.join(it, file)),
  ])
    if (await isThere(candidate)) return candidate;
  return null;
}

async function isThere(file: string): Promise<boolean> {
  return await access(file).then(
    () => true,
    () => false,
  );
}
