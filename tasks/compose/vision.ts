import { saidOf, StashSenseError } from '../../core/errors.ts';
import { message, type Message } from '../../core/messages/message.ts';
import type { Log } from '../../core/ports/log.ts';
import type { Scratch, VideoFrames } from '../../core/ports/media.ts';
import type { Store } from '../../core/ports/store.ts';
import { type FacePack, fusionOf, modelsOf } from '../../models/catalog/catalog.ts';
import { createQuantizedSearch } from '../../models/index/quantized.ts';
import type { Adapters } from '../../models/faces/roles.ts';
import type { Models } from '../../models/open.ts';
import { findWeights } from '../../models/catalog/weights.ts';
import type { FfmpegLocations } from '../../plugin/media/ffmpeg.ts';
import type { ChosenRuntime } from './acceleration.ts';
import type { FacePipeline, Vision, VisionDescription } from '../runs/task.ts';

type Parts = {
  readonly pack: FacePack;
  /** All there are; default: the one in use. */
  readonly packs?: readonly FacePack[];
  /** Adapters of the pack's models; default: `ADAPTERS`. */
  readonly adapters?: Adapters;
  readonly ffmpegPlaces: () => Promise<FfmpegLocations>;
  /** Message that they are missing, with how to install them. */
  readonly noFfmpeg: Message;
  readonly store: Pick<Store, 'state'>;
  readonly log: Log;
  readonly now: () => number;
  readonly scratch: Scratch;
  readonly weightFolders: readonly string[];
  readonly acceleration: ChosenRuntime;
  readonly wasmFolder: string;
  readonly threads: number;
};

/** Models, picture library and ffmpeg, imported and opened at the first use. */
export function createVision(parts: Parts): Vision {
  const { pack, packs = [pack], store, log, now } = parts;
  const weights = findWeights(parts.weightFolders, pack);
  const specs = modelsOf(pack);
  let loading: Promise<Loaded> | null = null;
  let opening: Promise<FacePipeline> | null = null;
  let openingForPictures: ReturnType<Vision['openForPictures']> | null = null;
  const load = (): Promise<Loaded> => (loading ??= loadModels(parts));
  /** Of packs that are not in use, whose added models were asked for. */
  const others = new Map<string, Promise<Loaded>>();
  const loadOther = (other: FacePack): Promise<Loaded> => {
    const known = others.get(other.id) ?? loadModels({ ...parts, pack: other });
    others.set(other.id, known);
    return known;
  };

  /** `many small pictures`: as `Models.analyzer` says. */
  const openAnalyzer = async (use?: 'many small pictures') => {
    const [{ models, frames }, { createFaceCrop, enlarge }, { embedCrop, embedCrops }] = await Promise.all([
      load(),
      import('../../models/faces/crop.ts'),
      import('../observe/embed-crops.ts'),
    ]);
    const analyzer = await models.analyzer(use);
    const { codec, cropEmbedder } = models;
    const { vectorIndex } = await models.describe();
    await store.state.set('last-vision', { engine: analyzer.engine, imageCodec: codec.name, vectorIndex });
    log.debug(`Faces are found with ${analyzer.engine}, pictures read with ${codec.name}.`);
    const cut: FacePipeline['crop'] = (image, face) => createFaceCrop(image, face, codec);
    const crop: FacePipeline['crop'] = async (image, face) =>
      await embedCrop(await cut(image, face), cropEmbedder);
    return {
      frames,
      cut,
      enlarge,
      pictures: { analyzer, codec, crop },
      embedded: (seen: Parameters<typeof embedCrops>[0]) => embedCrops(seen, cropEmbedder),
    };
  };

  const open = async (): Promise<FacePipeline> => {
    const [{ frames, cut, enlarge, pictures, embedded }, observe, { observeFrame }] = await Promise.all([
      openAnalyzer(),
      import('../observe/observe-media.ts'),
      import('../observe/observe-frame.ts'),
    ]);
    const seeing = { analyzer: pictures.analyzer, codec: pictures.codec, crop: cut, now };
    return {
      ...pictures,
      observeVideo: async (video) =>
        await embedded(await observe.observeVideo({ ...seeing, frames, scratch: parts.scratch }, video)),
      observeFrame: async (frame) =>
        await embedded(await observeFrame({ ...seeing, frames, enlarge }, frame)),
      observePicture: async (picture) => await embedded(await observe.observePicture(seeing, picture)),
    };
  };

  return {
    packId: pack.id,
    calibration: pack.calibration,
    seenBy: {
      packId: pack.seenBy.id,
      calibration: pack.seenBy.calibration,
      dimensions: pack.seenBy.dimensions,
    },
    open: () => (opening ??= open()),
    openForPictures: () =>
      (openingForPictures ??= openAnalyzer('many small pictures').then(({ pictures }) => pictures)),
    createIndex: async (dimensions) => (await load()).models.createIndex(dimensions),
    createRowSearch: async (vectors, searches) => (await load()).models.createRowSearch(vectors, searches),
    createPlainRowSearch: (vectors) => createQuantizedSearch(vectors),

    packs: async () =>
      await Promise.all(
        packs.map(async (offered) => {
          const [problem = null] = await findWeights(parts.weightFolders, offered).problems(
            modelsOf(offered),
          );
          const addedBytes = offered.adds.reduce((sum, { embedder }) => sum + embedder.bytes, 0);
          const adds = offered.adds.map(({ embedder }) => embedder.id);
          return { id: offered.id, license: offered.license, adds, addedBytes, problem };
        }),
      ),

    async addedBy(packId) {
      const asked = packId === pack.id ? pack : packs.find(({ id }) => id === packId);
      const fusion = asked === undefined ? null : fusionOf(asked);
      if (asked === undefined || fusion === null) return null;
      const { models } = await (asked === pack ? load() : loadOther(asked));
      return { fusion, embedder: models.cropEmbedder };
    },

    async describe() {
      const problems = await weights.problems(specs);
      return {
        pack: { id: pack.id, license: pack.license },
        weights: {
          ok: problems.length === 0,
          message: problems[0] ?? message('setup.check.weights', { pack: pack.id }),
        },
        ffmpeg: await describeFfmpeg(parts),
      };
    },

    async selfTest() {
      const [{ models }, { selfTest }] = await Promise.all([load(), import('../setup/self-test.ts')]);
      return await selfTest(await models.engine(), specs);
    },

    async close() {
      // A failed load has reported its error and has nothing to close.
      for (const loaded of [loading, ...others.values()])
        await (await loaded?.catch(() => null))?.models.close();
    },
  };
}

type Loaded = { readonly models: Models; readonly frames: VideoFrames };

async function loadModels({ ffmpegPlaces, noFfmpeg, log, acceleration, ...parts }: Parts): Promise<Loaded> {
  const [{ openModels }, { createFfmpeg, findFfmpeg }, { createVideoFrames }, chosen] = await Promise.all([
    import('../../models/open.ts'),
    import('../../plugin/media/ffmpeg.ts'),
    import('../../plugin/media/frames.ts'),
    acceleration.chosen(),
  ]);
  const paths = await findFfmpeg(await ffmpegPlaces());
  return {
    models: openModels({
      ...parts,
      ...chosen,
      log,
      ffmpeg: paths === null ? null : createFfmpeg(paths.ffmpeg),
    }),
    frames: paths === null ? missingFrames(noFfmpeg) : createVideoFrames(paths),
  };
}

/** Fails only for videos: pictures need no ffmpeg. */
function missingFrames(noFfmpeg: Message): VideoFrames {
  const missing = new StashSenseError('runtime-missing', noFfmpeg);
  return {
    probe: () => Promise.reject(missing),
    frames: () => {
      throw missing;
    },
  };
}

/** Searches ffmpeg without starting it. */
async function describeFfmpeg({
  ffmpegPlaces,
  noFfmpeg,
}: Pick<Parts, 'ffmpegPlaces' | 'noFfmpeg'>): Promise<VisionDescription['ffmpeg']> {
  const { locateFfmpeg } = await import('../../plugin/media/ffmpeg.ts');
  try {
    const paths = await locateFfmpeg(await ffmpegPlaces());
    return paths
      ? { ok: true, message: message('setup.check.ffmpeg', { file: paths.ffmpeg }) }
      : { ok: false, message: noFfmpeg };
  } catch (error) {
    return { ok: false, message: saidOf(error) };
  }
}
