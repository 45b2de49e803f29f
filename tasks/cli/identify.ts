import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ContentId } from '../../core/content-id.ts';
import { isRunWide, messageOf, StashSenseError } from '../../core/errors.ts';
import { logFault } from '../../core/log-fault.ts';
import { toPrintableJson, toPrintableLine } from '../../core/printable.ts';
import type { Face, RgbImage } from '../../core/faces/face.ts';
import { createMatcher, type Matcher } from '../../core/matching/matcher.ts';
import { createMemoryGallery } from '../../core/matching/memory-gallery.ts';
import type { GalleryPerson } from '../../core/people/person.ts';
import type { ObservationWithCrops } from '../../core/faces/observation.ts';
import type { Log } from '../../core/ports/log.ts';
import { createFaceCrop } from '../../models/faces/crop.ts';
import { type Models, openModels } from '../../models/open.ts';
import { packInUse } from '../compose/pack-in-use.ts';
import { createFfmpeg, developmentFfmpeg, findFfmpeg } from '../../plugin/media/ffmpeg.ts';
import { createScratch, scratchOfUser, sweepScratch } from '../../plugin/system/files/temp-files.ts';
import { createOwner } from '../../plugin/system/process-owner.ts';
import { createVideoFrames } from '../../plugin/media/frames.ts';
import { type FileAnswer, toAnswer, toTable } from './answer.ts';
import { isPicture, readHead, readPicture } from './file-type.ts';
import { parseOptions } from './options.ts';
import { cacheFolderOfUser, withPeopleCache } from './people/cache.ts';
import { readPeopleFolder } from './people/folder.ts';
import { createLook } from './people/look.ts';
import { readFileList, readPathOption, readProgramOption } from './paths.ts';
import { createProgressLine, type ProgressLine } from './progress-line.ts';
import { observePicture, observeVideo } from '../observe/observe-media.ts';
import { message } from '../../core/messages/message.ts';
import { say } from '../../core/messages/english.ts';

type Output = {
  readonly stdout: Pick<NodeJS.WriteStream, 'write'>;
  readonly stderr: Pick<NodeJS.WriteStream, 'write'> & { readonly isTTY?: boolean };
  /** `import.meta.url` of the bundle: weights and engine are beside it. */
  readonly bundleUrl: string;
};
type Options = {
  readonly files: readonly string[];
  /** Absolute. */
  readonly people: string;
  /** Absolute: where what is learnt of people is kept. */
  readonly cache: string;
  /** Absolute; null: the ffmpeg on PATH. */
  readonly ffmpeg: string | null;
  readonly json: boolean;
  readonly engine: 'native' | 'wasm' | null;
  readonly threads: number;
};

const USAGE =
  'Usage: stash-sense identify FILE… [--files-from LIST] --people DIR [--cache DIR] [--json] [--ffmpeg FILE] [--engine native|wasm] [--threads N]\n' +
  'DIR holds a folder of pictures (or one picture) for each person, named after the person.\n' +
  'What was learnt of them is kept in the cache folder of the user, or in the one of --cache; "stash-sense clear" erases it.\n' +
  'LIST is a text file with one path a line, or - for standard input; it may be as long as you like.\n';
/** The next file is opened and decoded while the current one is analysed. */
const FILES_AT_ONCE = 2;

/**
Identifies people in plain files, without Stash.
@returns the exit code: 0 also when some files failed, 1 when nothing could be done, 2 on wrong usage
*/
export async function runIdentifyCommand(argv: readonly string[], output: Output): Promise<number> {
  const { stderr } = output;
  let options: Options;
  try {
    const parsed = await parse(argv);
    if (parsed === 'help') {
      output.stdout.write(USAGE);
      return 0;
    }
    options = parsed;
  } catch (error) {
    stderr.write(`${toPrintableLine(messageOf(error))}\n${USAGE}`);
    return 2;
  }
  const progress = createProgressLine(stderr);
  let models: Models | null = null;
  try {
    const opened = await open(options, output, progress);
    models = opened.models;
    const persons = await learnPeople(options, opened, (sentence) => progress.note(sentence));
    if (persons.length === 0) {
      progress.note(say('cli.nobodyKnown'));
      return 1;
    }
    const gallery = await createMemoryGallery(persons, (dimensions) => opened.models.createIndex(dimensions));
    const matcher = createMatcher(gallery, {
      calibration: opened.analyzer.calibration.matching,
    });
    const failed = await identifyFiles(options, opened, matcher, (answer, done) => {
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
    progress.note(messageOf(error));
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
  { people, cache }: Options,
  { analyzer, models: { codec } }: Opened,
  report: (sentence: string) => void,
): Promise<GalleryPerson[]> {
  const { packId, calibration } = analyzer;
  const { look, close } = await withPeopleCache(
    createLook({ analyzer, codec }),
    { folder: cache, people, packId, now: Date.now },
    report,
  );
  try {
    return await readPeopleFolder(people, { look, calibration: calibration.references }, report);
  } finally {
    await close();
  }
}

type Opened = Awaited<ReturnType<typeof open>>;

async function open({ ffmpeg, engine, threads }: Options, { bundleUrl }: Output, progress: ProgressLine) {
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
    pack: packInUse,
    scratch,
    weightFolders: [
      path.join(folder, '..', packInUse.packageId),
      // A checkout that runs from its sources.
      path.join(folder, '../dist', packInUse.packageId),
    ],
    runtimeFolders: [],
    wasmFolder: wasmFolder(folder, bundleUrl),
    threads,
    ffmpeg: paths && createFfmpeg(paths.ffmpeg),
    log,
    env: { ...process.env, ...(engine && { STASH_SENSE_ENGINE: engine }) },
  });
  const { codec } = models;
  const analyzer = await models.analyzer();
  return {
    models,
    analyzer,
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
  { files }: Options,
  opened: Opened,
  matcher: Matcher,
  onAnswer: (answer: FileAnswer, done: number) => void,
): Promise<number> {
  let failed = 0;
  const running: Promise<FileAnswer>[] = [];
  for (let next = 0, done = 0; done < files.length; done++) {
    while (next < files.length && running.length < FILES_AT_ONCE) {
      const answer = identifyFile(files[next++]!, opened, matcher);
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

async function identifyFile(file: string, opened: Opened, matcher: Matcher): Promise<FileAnswer> {
  const started = performance.now();
  const secondsNow = (): number => Math.round(performance.now() - started) / 1000;
  try {
    const { observation } = await observe(file, opened);
    if (observation.frameCount === 0)
      throw new StashSenseError('unreadable-media', message('media.nothingInIt'));
    const [identified] = await matcher.identify([observation.persons]);
    const identifications = identified?.identifications ?? [];
    return toAnswer(file, secondsNow(), observation.persons, identifications);
  } catch (error) {
    if (isRunWide(error)) throw error;
    logFault(opened.log, error);
    return { file, seconds: secondsNow(), persons: [], error: messageOf(error) };
  }
}

async function observe(file: string, { parts, frames, scratch }: Opened): Promise<ObservationWithCrops> {
  const { head, sizeBytes } = await readHead(file);
  // Observations are not stored without Stash, so no real content id is needed.
  const common = { contentId: NOT_KEPT, sizeBytes, cropsPerPerson: 0 };
  if (isPicture(head)) return await observePicture(parts, { ...common, bytes: await readPicture(file) });
  if (!frames) throw new StashSenseError('runtime-missing', message('cli.noPrograms'));
  return await observeVideo({ ...parts, frames, scratch }, { ...common, path: file });
}

const NOT_KEPT: ContentId = 'md5:00000000000000000000000000000000';

async function parse(argv: readonly string[]): Promise<Options | 'help'> {
  const { values, positionals } = parseOptions('identify', argv, {
    people: { type: 'string' },
    cache: { type: 'string' },
    'files-from': { type: 'string', multiple: true },
    ffmpeg: { type: 'string' },
    json: { type: 'boolean' },
    engine: { type: 'string' },
    threads: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  });
  const { people, cache, ffmpeg, engine, threads } = values;
  if (values.help) return 'help';
  const files = [...positionals];
  for (const list of values['files-from'] ?? []) files.push(...(await readFileList(list)));
  if (files.length === 0) throw new StashSenseError('bad-input', message('cli.needsFiles'));
  if (people === undefined) throw new StashSenseError('bad-input', message('cli.needsPeople'));
  if (engine !== undefined && engine !== 'native' && engine !== 'wasm')
    throw new StashSenseError('bad-input', message('cli.engine', { engine }));
  if (threads !== undefined && !/^[1-9]\d?$/.test(threads))
    throw new StashSenseError('bad-input', message('cli.threads', { threads }));
  return {
    files,
    people: readPathOption('people', people),
    cache: cache === undefined ? cacheFolderOfUser() : readPathOption('cache', cache),
    ffmpeg: ffmpeg === undefined ? null : await readProgramOption('ffmpeg', ffmpeg),
    json: values.json === true,
    engine: engine ?? null,
    threads: Number(threads ?? Math.min(4, availableParallelism())),
  };
}

function wasmFolder(folder: string, bundleUrl: string): string {
  const beside = path.join(folder, 'wasm');
  if (existsSync(beside)) return beside;
  try {
    return path.dirname(createRequire(bundleUrl).resolve('onnxruntime-web'));
  } catch {
    return beside;
  }
}
