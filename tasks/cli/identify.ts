import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ContentId } from '../../core/content-id.ts';
import { isRunWide, StashSenseError } from '../../core/errors.ts';
import { logFault } from '../../core/log-fault.ts';
import { toPrintableJson, toPrintableLine } from '../../core/printable.ts';
import type { Embedding, Face, RgbImage } from '../../core/faces/face.ts';
import { createMatcher, type Matcher } from '../../core/matching/matcher.ts';
import { createMemoryGallery } from '../../core/matching/memory-gallery.ts';
import type { GalleryPerson } from '../../core/people/person.ts';
import type { FaceCluster, ObservationWithCrops } from '../../core/faces/observation.ts';
import type { Log } from '../../core/ports/log.ts';
import { createFaceCrop } from '../../models/faces/crop.ts';
import { type Models, openModels } from '../../models/open.ts';
import { fusionOf } from '../../models/catalog/catalog.ts';
import { createFfmpeg, developmentFfmpeg, findFfmpeg } from '../../plugin/media/ffmpeg.ts';
import { createScratch, scratchOfUser, sweepScratch } from '../../plugin/system/files/temp-files.ts';
import { createOwner } from '../../plugin/system/process-owner.ts';
import { createVideoFrames } from '../../plugin/media/frames.ts';
import { type FileAnswer, type StashIdsOf, toAnswer, toTable } from './answer.ts';
import { say, wordedError } from './language.ts';
import { isPicture, readHead, readPicture } from './file-type.ts';
import { type IdentifyOptions, parseIdentifyOptions, usage } from './identify-options.ts';
import { withPeopleCache } from './people/cache.ts';
import { readPeopleFolder } from './people/folder.ts';
import { createLook, type LookParts } from './people/look.ts';
import { joinedGallery, readReferencePacks, stashIdsIn } from './reference-packs.ts';
import { createProgressLine, type ProgressLine } from './progress-line.ts';
import { fuse, fusedClusters } from '../../core/packs/fusion.ts';
import { embedCrop, embedCrops } from '../observe/embed-crops.ts';
import { observePicture, observeVideo } from '../observe/observe-media.ts';
import { message } from '../../core/messages/message.ts';

type Output = {
  readonly stdout: Pick<NodeJS.WriteStream, 'write'>;
  readonly stderr: Pick<NodeJS.WriteStream, 'write'> & { readonly isTTY?: boolean };
  /** `import.meta.url` of the bundle: weights and engine are beside it. */
  readonly bundleUrl: string;
};
/** The next file is opened and decoded while the current one is analysed. */
const FILES_AT_ONCE = 2;
/** Seen by the embedders that a pack adds: as many as the plugin keeps unless its settings say otherwise. */
const CROPS_PER_PERSON = 4;

/**
Identifies people in plain files, without Stash.
@returns the exit code: 0 also when some files failed, 1 when nothing could be done, 2 on wrong usage
*/
export async function runIdentifyCommand(argv: readonly string[], output: Output): Promise<number> {
  const { stderr } = output;
  let options: IdentifyOptions;
  try {
    const parsed = await parseIdentifyOptions(argv);
    if (parsed === 'help') {
      output.stdout.write(usage());
      return 0;
    }
    options = parsed;
  } catch (error) {
    stderr.write(`${toPrintableLine(wordedError(error))}\n${usage()}`);
    return 2;
  }
  const progress = createProgressLine(stderr);
  let models: Models | null = null;
  try {
    const opened = await open(options, output, progress);
    models = opened.models;
    const persons = await learnPeople(options, opened, (sentence) => progress.note(sentence));
    const packs = await readReferencePacks(options.referencePacks, {
      facePack: options.pack,
      log: opened.log,
    });
    if (persons.length === 0 && packs.every(({ vectors }) => vectors.size === 0)) {
      progress.note(say('cli.nobodyKnown'));
      return 1;
    }
    const gallery = await joinedGallery(
      await createMemoryGallery(persons, (dimensions) => opened.models.createIndex(dimensions)),
      packs,
      (vectors) => opened.models.createRowSearch(vectors, 'many probes'),
    );
    const { matching, references } = options.pack.calibration;
    const matcher = createMatcher(gallery, { calibration: matching, onePerson: references.onePerson });
    const identify: Identify = { matcher, stashIdsOf: (personId) => stashIdsIn(packs, personId) };
    const failed = await identifyFiles(options, opened, identify, (answer, done) => {
      progress.say(say('page.countOf', { count: done, total: options.files.length }));
      if (options.json) output.stdout.write(`${toPrintableJson(answer)}\n`);
      else {
        progress.clear();
        output.stdout.write(toTable(answer));
      }
    });
    progress.clear();
    return failed === options.files.length ? 1 : 0;
  } catch (error) {
    progress.note(wordedError(error));
    logFault(toLog(progress), error);
    return error instanceof StashSenseError && error.code === 'bad-input' ? 2 : 1;
  } finally {
    progress.clear();
    await models?.close();
  }
}

/** A log that writes warnings and errors above the progress line. */
function toLog(progress: ProgressLine): Log {
  return {
    debug: () => undefined,
    info: () => undefined,
    warn: (text) => progress.note(text),
    error: (text) => progress.note(text),
    progress: () => undefined,
  };
}

async function learnPeople(
  { people, cache, pack }: IdentifyOptions,
  { embed, models }: Opened,
  report: (sentence: string) => void,
): Promise<GalleryPerson[]> {
  if (people === null) return [];
  const { id: packId, calibration } = pack;
  const analyzer: LookParts['analyzer'] = {
    calibration: pack.seenBy.calibration,
    // Opened at the first picture that no earlier run has learnt.
    find: async (...args) => await (await models.analyzer('many small pictures')).find(...args),
  };
  const { look, close } = await withPeopleCache(
    createLook({ analyzer, codec: models.codec, embed }),
    { folder: cache, people, packId, now: Date.now },
    report,
  );
  try {
    return await readPeopleFolder(people, { look, calibration: calibration.references }, report);
  } finally {
    await close();
  }
}

type Identify = { readonly matcher: Matcher; readonly stashIdsOf: StashIdsOf };
type Opened = Awaited<ReturnType<typeof open>>;

async function open(
  { pack, models: named, ffmpeg, engine, threads }: IdentifyOptions,
  { bundleUrl }: Output,
  progress: ProgressLine,
) {
  const folder = path.dirname(fileURLToPath(bundleUrl));
  const paths = await findFfmpeg({
    named: ffmpeg === null ? null : { ffmpegPath: ffmpeg, ffprobePath: null },
    pathVariable: process.env['PATH'],
    fallback: developmentFfmpeg(bundleUrl),
  });
  const log = toLog(progress);
  sweepScratch(scratchOfUser(), Date.now());
  const scratch = createScratch(scratchOfUser(), createOwner());
  const models = openModels({
    pack,
    scratch,
    weightFolders: [
      ...(named === null ? [] : [named]),
      path.join(folder, '..', pack.packageId),
      // A checkout that runs from its sources.
      path.join(folder, '../dist', pack.packageId),
    ],
    runtimeFolders: [],
    wasmFolder: wasmFolder(folder, bundleUrl),
    threads,
    ffmpeg: paths && createFfmpeg(paths.ffmpeg),
    log,
    env: { ...process.env, ...(engine && { STASH_SENSE_ENGINE: engine }) },
  });
  const { codec, cropEmbedder } = models;
  const analyzer = await models.analyzer();
  const fusion = fusionOf(pack);
  return {
    models,
    analyzer,
    fusion,
    /** As the pack embeds a reference. */
    embed: async (image: RgbImage, face: Face): Promise<Embedding> => {
      if (fusion === null) return face.embedding;
      const { added = {} } = await embedCrop(await createFaceCrop(image, face, codec), cropEmbedder);
      return fuse(face.embedding, added, fusion);
    },
    parts: {
      analyzer,
      codec,
      crop: (image: RgbImage, face: Face) => createFaceCrop(image, face, codec),
      now: Date.now,
    },
    frames: paths && createVideoFrames(paths),
    scratch,
    log,
  };
}

/** Calls `onAnswer` in the order of the files. @returns how many files could not be read */
async function identifyFiles(
  { files }: IdentifyOptions,
  opened: Opened,
  identify: Identify,
  onAnswer: (answer: FileAnswer, done: number) => void,
): Promise<number> {
  let failed = 0;
  const running: Promise<FileAnswer>[] = [];
  for (let next = 0, done = 0; done < files.length; done++) {
    while (next < files.length && running.length < FILES_AT_ONCE) {
      const answer = identifyFile(files[next++]!, opened, identify);
      // Prevents an unhandled rejection: the error is thrown when this file's answer is awaited.
      answer.catch(() => undefined);
      running.push(answer);
    }
    const answer = await running.shift()!;
    if (answer.error !== undefined) failed++;
    onAnswer(answer, done + 1);
  }
  return failed;
}

async function identifyFile(
  file: string,
  opened: Opened,
  { matcher, stashIdsOf }: Identify,
): Promise<FileAnswer> {
  const started = performance.now();
  const secondsNow = (): number => Math.round(performance.now() - started) / 1000;
  try {
    const observed = await observe(file, opened);
    if (observed.observation.frameCount === 0)
      throw new StashSenseError('unreadable-media', message('media.nothingInIt'));
    const clusters = await clustersOf(observed, opened);
    const [identified] = await matcher.identify([clusters]);
    const identifications = identified?.identifications ?? [];
    return toAnswer(file, secondsNow(), { clusters, identifications, stashIdsOf });
  } catch (error) {
    if (isRunWide(error)) throw error;
    logFault(opened.log, error);
    return { file, seconds: secondsNow(), persons: [], error: wordedError(error) };
  }
}

/** With the embeddings of the pack. */
async function clustersOf(
  observed: ObservationWithCrops,
  { fusion, models }: Opened,
): Promise<readonly FaceCluster[]> {
  if (fusion === null) return observed.observation.persons;
  const { observation, crops } = await embedCrops(observed, models.cropEmbedder);
  return fusedClusters(observation.persons, crops, fusion);
}

async function observe(
  file: string,
  { parts, frames, scratch, fusion }: Opened,
): Promise<ObservationWithCrops> {
  const { head, sizeBytes } = await readHead(file);
  // Observations are not stored without Stash, so no real content id is needed.
  const common = {
    contentId: NOT_KEPT,
    sizeBytes,
    cropsPerPerson: fusion === null ? 0 : CROPS_PER_PERSON,
  };
  if (isPicture(head)) return await observePicture(parts, { ...common, bytes: await readPicture(file) });
  if (!frames) throw new StashSenseError('runtime-missing', message('cli.noPrograms'));
  return await observeVideo({ ...parts, frames, scratch }, { ...common, path: file });
}

const NOT_KEPT: ContentId = 'md5:00000000000000000000000000000000';

function wasmFolder(folder: string, bundleUrl: string): string {
  const beside = path.join(folder, 'wasm');
  if (existsSync(beside)) return beside;
  try {
    return path.dirname(createRequire(bundleUrl).resolve('onnxruntime-web'));
  } catch {
    return beside;
  }
}
