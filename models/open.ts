import { existsSync } from 'node:fs';
import { inEnglish } from '../core/messages/english.ts';
import { message, plain, type Message } from '../core/messages/message.ts';
import { saidTask } from '../core/runs/task-words.ts';
import type { NativeModule, MachineProfile } from '../core/setup/acceleration.ts';
import type {
  CropEmbedder,
  Engine,
  FaceAnalyzer,
  ImageCodec,
  QuantizedVectors,
  RowSearch,
  VectorIndex,
} from '../core/ports/vision.ts';
import type { Searches } from '../core/ports/gallery.ts';
import type { Ffmpeg, Scratch } from '../core/ports/media.ts';
import type { Log } from '../core/ports/log.ts';
import { engineLabel } from '../core/setup/engine-label.ts';
import { type FacePack, modelsOf } from './catalog/catalog.ts';
import { createCropEmbedder } from './faces/crop-embedder.ts';
import { createFaceAnalyzer } from './faces/pipeline.ts';
import type { Adapters } from './faces/roles.ts';
import { createFfmpegCodec } from './images/codec-ffmpeg.ts';
import { loadSharpCodec } from './images/codec-sharp.ts';
import { missingCodec } from './images/missing-codec.ts';
import { type Loaded, loadUsearch } from './index/usearch.ts';
import { createMatrixSearch } from './index/matrix.ts';
import { createRowSearch } from './index/row-search.ts';
import { type Backend, type OnnxEngine, openEngine } from './onnx/engine.ts';
import { loadOnnxNative } from './onnx/native.ts';
import { createWasmBackend } from './onnx/wasm.ts';
import { probe } from './onnx/probe.ts';
import { chooseProviders, parseProviders } from './onnx/providers.ts';
import { createVectorIndex } from './index/vector-index.ts';
import { findWeights } from './catalog/weights.ts';

export type Models = {
  /** sharp or its twin, loaded at the first use. */
  readonly codec: ImageCodec;
  /** Opened at the first call and reused. @throws StashSenseError `runtime-missing` */
  engine(): Promise<Engine>;
  /**
  Opened at the first call and reused. `many small pictures`: on the processor with one thread. For a picture that takes
  few milliseconds a second thread costs more time of the processor than it saves of the clock (250 x 250, two cores: 67 CPU
  ms in place of 46, in the same time); what is found is the same to the last bit.
  @throws StashSenseError `runtime-missing`, `model-missing`, `model-mismatch`
  */
  analyzer(use?: 'many small pictures'): Promise<FaceAnalyzer>;
  /** Opens what the pack adds at the first crop. */
  readonly cropEmbedder: CropEmbedder;
  createIndex(dimensions: number): Promise<VectorIndex>;
  /** For a gallery: exact, by usearch where it can be loaded and is faster than the engine. `few probes`: does not open the engine. */
  createRowSearch(vectors: QuantizedVectors, searches: Searches): RowSearch;
  /** For the status page; opens no model. */
  describe(): Promise<ModelsDescription>;
  /** Closes the analyzer and the crop embedder; the next call opens them anew. */
  close(): Promise<void>;
};
export type ModelsDescription = {
  /** `native cpu`, `wasm`; null before the first use. */
  readonly engine: string | null;
  readonly imageCodec: string;
  readonly vectorIndex: Message;
  readonly pack: { readonly id: string; readonly license: string } | null;
  /** Empty when there is no problem. */
  readonly problems: readonly Message[];
};

export type ModelsParts = {
  readonly pack: FacePack;
  /** Adapters of the pack's models; default: `ADAPTERS`. */
  readonly adapters?: Adapters;
  /** In the order they are searched. */
  readonly weightFolders: readonly string[];
  /** Folders with a `node_modules` of native packages, searched before the plugin's own folder. */
  readonly runtimeFolders: readonly string[];
  /** Folder of onnxruntime-web's files in a package. */
  readonly wasmFolder: string;
  readonly threads: number;
  readonly ffmpeg: Ffmpeg | null;
  /** For pictures that ffmpeg reads from a file only. */
  readonly scratch: Scratch;
  readonly log: Log;
  /** `STASH_SENSE_ENGINE` (native, wasm), `STASH_SENSE_PROVIDERS` (cuda,cpu), `STASH_SENSE_PORTABLE` (1: all twins). */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Result of "Set up" for this machine; the environment variables take precedence. */
  readonly choice?: Pick<MachineProfile, 'engine' | 'modules'> | null;
};

export function openModels(parts: ModelsParts): Models {
  const {
    pack,
    adapters,
    runtimeFolders,
    threads,
    ffmpeg,
    scratch,
    log,
    choice = null,
    env = process.env,
  } = parts;
  const portable = env['STASH_SENSE_PORTABLE'] === '1';
  const weights = findWeights(parts.weightFolders, pack);
  const specs = modelsOf(pack);
  let codec: ImageCodec | null = null;
  let usearch: Omit<Loaded, 'reason'> | null = null;
  let opening: Promise<OnnxEngine> | null = null;
  const analyzers = new Map<'shared' | 'one thread', Promise<FaceAnalyzer>>();
  let opened: OnnxEngine | null = null;

  const loadCodec = (): ImageCodec => {
    const twin = ffmpeg && createFfmpegCodec(ffmpeg, scratch);
    const sharp = portable
      ? { codec: null, reason: message('setup.trial.reason.twinsWanted') }
      : isBroken('sharp', choice)
        ? { codec: null, reason: BROKEN }
        : loadSharpCodec(runtimeFolders, threads, twin);
    if (!sharp.codec) log.debug(`sharp is not used: ${englishOf(sharp.reason)}`);
    return sharp.codec ?? twin ?? missingCodec(sharp.reason);
  };
  const loadUsearchOnce = (): Omit<Loaded, 'reason'> => {
    if (usearch !== null) return usearch;
    if (portable || isBroken('usearch', choice)) return (usearch = { create: null, compareAll: null });
    const loaded = loadUsearch(runtimeFolders, threads);
    if (!loaded.create) log.debug(`usearch is not used: ${englishOf(loaded.reason)}`);
    return (usearch = loaded);
  };
  const openOnce = async (): Promise<OnnxEngine> => {
    opened = await openEngine({
      backends: listBackends(parts, env, portable),
      models: specs,
      weights,
      probe,
      log,
    });
    return opened;
  };
  // A failure is not cached: the user can install what is missing before the next call.
  const engine = (): Promise<OnnxEngine> =>
    (opening ??= openOnce().catch((error: unknown) => {
      opening = null;
      throw error;
    }));
  const analyzer: Models['analyzer'] = async (use) => {
    const openedEngine = await engine();
    const oneThread = use !== undefined && threads > 1 && openedEngine.provider === 'cpu';
    const key = oneThread ? 'one thread' : 'shared';
    const known = analyzers.get(key);
    if (known !== undefined) return await known;
    const creating = createFaceAnalyzer(openedEngine, pack, adapters, { oneThread });
    analyzers.set(key, creating);
    try {
      return await creating;
    } catch (error) {
      analyzers.delete(key);
      throw error;
    }
  };

  const cropEmbedder = createCropEmbedder({
    engine,
    pack,
    adapters,
    decode: (bytes, maxSide) => (codec ??= loadCodec()).decode(bytes, maxSide),
  });

  return {
    get codec() {
      return (codec ??= loadCodec());
    },
    engine,
    analyzer,
    cropEmbedder,

    createIndex: async (dimensions) =>
      createVectorIndex(dimensions, loadUsearchOnce().create, async (rows, width, count) =>
        createMatrixSearch(await engine(), rows, width, count),
      ),

    createRowSearch: (vectors, searches) =>
      createRowSearch(vectors, { searches, engine, compareAll: loadUsearchOnce().compareAll, log }),

    describe: async () => ({
      engine: opened && engineLabel(opened),
      imageCodec: (codec ??= loadCodec()).name,
      vectorIndex: loadUsearchOnce().create ? WITH_USEARCH : message('setup.search.exact'),
      pack: { id: pack.id, license: pack.license },
      problems: await weights.problems(specs),
    }),

    async close() {
      const open = [...analyzers.values()];
      analyzers.clear();
      // A failure to open was reported to the caller of `analyzer`, and there is nothing to close.
      for (const one of open) await (await one.catch(() => null))?.close();
      await cropEmbedder.close();
    },
  };
}

const BROKEN = message('setup.trial.reason.setUpFound', { task: saidTask('set-up') });
const WITH_USEARCH = message('setup.search.withUsearch');

/** Whether the package crashed or hung its trial process: it must not be loaded into this one. */
function isBroken(name: NativeModule, choice: ModelsParts['choice']): boolean {
  return choice?.modules[name].ok === false;
}

function listBackends(
  { runtimeFolders, wasmFolder, threads, choice = null, log }: ModelsParts,
  env: Readonly<Record<string, string | undefined>>,
  portable: boolean,
): Backend[] {
  const forced = portable ? 'wasm' : env['STASH_SENSE_ENGINE'];
  const named = parseProviders(env['STASH_SENSE_PROVIDERS']);
  const backends: Backend[] = [];
  const chosen =
    choice === null || forced !== undefined || named !== null
      ? 'native'
      : isBroken('onnxruntime-node', choice)
        ? 'wasm'
        : choice.engine.engine;
  if (forced !== 'wasm' && chosen === 'native') {
    const { onnx, reason } = loadOnnxNative(runtimeFolders, threads);
    if (onnx) {
      const wanted = named ?? (choice && [...new Set([choice.engine.provider, 'cpu'])]);
      const names = chooseProviders(onnx.providers, wanted, existsSync('/dev/nvidiactl'));
      backends.push(...names.map((name) => onnx.backend(name)));
    } else log.debug(`onnxruntime-node is not used: ${englishOf(reason)}`);
  }
  if (forced !== 'native') backends.push(createWasmBackend(wasmFolder, threads));
  return backends;
}

function englishOf(reason: Message | null): string {
  return inEnglish(reason ?? plain(''));
}
