/** The one place that connects ports with their implementations. Large modules are loaded at their first use. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { SAMPLE_PEOPLE } from '../../core/reference-packs/sample-people.ts';
import { message } from '../../core/messages/message.ts';
import type { Log } from '../../core/ports/log.ts';
import { computeMd5, computeOshash } from '../../plugin/media/hashes.ts';
import { createScratch, scratchFolder, sweepScratch } from '../../plugin/system/files/temp-files.ts';
import type { FfmpegLocations } from '../../plugin/media/ffmpeg.ts';
import { createFormerData } from '../../plugin/host/former-data.ts';
import { readSettings } from '../../plugin/host/settings.ts';
import { sweepReferencePacks } from '../../plugin/reference-packs/folders.ts';
import { createReferencePacks } from '../../plugin/reference-packs/reference-packs.ts';
import { redactedStore } from '../../plugin/store/redacted-store.ts';
import type { Secrets } from '../../plugin/system/redactor.ts';
import type { Stash } from '../../plugin/stash/client.ts';
import { dataFolderOf } from '../../plugin/system/data-place.ts';
import { createOwner } from '../../plugin/system/process-owner.ts';
import { openStore } from '../../plugin/store/store.ts';
import { later } from './later.ts';
import { chosenPack, embeddingOf, FUSIONS, packInUse, PACKS } from './pack-in-use.ts';
import { createPictureHashes } from './phash.ts';
import { createLazyStashBoxes } from './stash-boxes.ts';
import { createVision } from './vision.ts';
import type { Context, Limits } from '../runs/task.ts';
import { completeContext, type MadeOfOthers } from './complete.ts';

declare const STASH_SENSE_VERSION: string | undefined;
/** Version of the bundle; `0.0.0` for a checkout that runs from its sources. */
export const version = typeof STASH_SENSE_VERSION === 'string' ? STASH_SENSE_VERSION : '0.0.0';

/**
Which ffmpeg is started. As Stash's plugin, the one that Stash uses. On the command line Stash may run on another machine, so
the path it names is not used: `ffmpeg` is the user's option (ffprobe is beside it), or null for the one on PATH.
*/
export type Programs = { readonly of: 'stash' } | { readonly of: 'user'; readonly ffmpeg: string | null };

export type Opened = { readonly context: Context; readonly close: () => Promise<void> };

async function sleep(ms: number): Promise<void> {
  await setTimeout(ms);
}

export async function openContext({
  stash,
  log,
  secrets,
  bundleUrl,
  configDir,
  dataFolder,
  slices,
  programs,
  startScheduler = null,
}: {
  readonly stash: Stash;
  readonly log: Log;
  readonly secrets: Secrets;
  /** `import.meta.url` of the bundle. */
  readonly bundleUrl: string;
  /** Folder of Stash's config.yml on this machine. */
  readonly configDir: string;
  /** Overrides the setting. */
  readonly dataFolder?: string | undefined;
  /** False on the command line, which does not occupy Stash's queue and need not yield. */
  readonly slices: boolean;
  readonly programs: Programs;
  /** Given the data folder. */
  readonly startScheduler?: ((dataFolder: string) => Promise<void>) | null;
}): Promise<Opened> {
  const stored = await stash.library.settings();
  const { settings, problems } = readSettings(stored);
  const folder = dataFolderOf(configDir, dataFolder ?? settings.dataFolder);
  const now = Date.now;
  const store = redactedStore(await openStore({ folder, now, log, fusions: FUSIONS }), secrets);
  const owner = createOwner();
  sweepScratch(scratchFolder(folder), now());
  sweepReferencePacks(folder, now());
  const limits: Limits = {
    sliceMs: slices ? settings.sliceMinutes * 60_000 : Infinity,
    sliceMinimumMs: Math.min(2, settings.sliceMinutes) * 60_000,
    leaseMs: 15_000,
    heartbeatMs: 1500,
    queueCheckMs: 10_000,
  };
  const bundleFolder = path.dirname(fileURLToPath(bundleUrl));
  const engineParts = {
    weightFolders: [
      path.join(folder, 'models'),
      path.join(bundleFolder, '..', packInUse.packageId),
      path.join(configDir, 'plugins', packInUse.packageId),
      // A checkout that runs from its sources.
      path.join(bundleFolder, '../dist', packInUse.packageId),
    ],
    wasmFolder: findWasm(bundleFolder),
    threads: settings.threads || Math.min(4, Math.max(1, Math.floor(availableParallelism() / 2))),
  };
  const acceleration = later(['state', 'install', 'sweep', 'choice', 'chosen', 'tryOut'], async () =>
    (await import('./acceleration.ts')).createChosenRuntime({
      ...engineParts,
      now,
      bundleFile: fileURLToPath(bundleUrl),
      dataFolder: folder,
      channelSetting: settings.channel,
    }),
  );
  const facePack = chosenPack(await store.state.get('face-pack'));
  const vision = createVision({
    pack: facePack,
    packs: PACKS,
    ...engineParts,
    now,
    scratch: createScratch(scratchFolder(folder), owner),
    ffmpegPlaces: () => ffmpegPlaces(programs, stash, bundleUrl),
    noFfmpeg: NO_FFMPEG[programs.of],
    store,
    log,
    acceleration,
  });
  const stashBoxes = createLazyStashBoxes({
    settings: () => stash.stashBoxes(),
    store,
    secrets,
    log,
    now,
    sleep,
  });
  const parts: Omit<Context, MadeOfOthers> = {
    version,
    owner,
    dataFolder: folder,
    formerData: createFormerData({
      configDir: dataFolder === undefined ? configDir : null,
      pluginDir: bundleFolder,
      dataFolder: folder,
      setting: settings.dataFolder,
      stored,
    }),
    settings,
    settingsProblems: problems,
    readSettings,
    log,
    now,
    sleep,
    store,
    library: stash.library,
    stashBoxes,
    scrapers: stash.scrapers,
    fingerprints: stash.fingerprints,
    vision,
    acceleration,
    referencePacks: createReferencePacks({
      offeredFolders: [
        path.join(bundleFolder, '..', SAMPLE_PEOPLE),
        path.join(configDir, 'plugins', SAMPLE_PEOPLE),
        path.join(bundleFolder, '../dist', SAMPLE_PEOPLE),
      ],
      dataFolder: folder,
      owner,
      version,
      facePack: vision.packId,
      embedding: embeddingOf(facePack),
      log,
      kept: { store, now },
    }),
    packChannel: later(['address', 'check', 'fetch'], async () =>
      (await import('../../plugin/reference-packs/channel/pack-channel.ts')).createPackChannel({
        dataFolder: folder,
        owner,
        using: { facePack: vision.packId, embedding: embeddingOf(facePack), version },
        store,
        log,
        setting: settings.packChannel,
        artifactsSetting: settings.channel,
        pluginDir: bundleFolder,
      }),
    ),
    hashes: {
      oshash: computeOshash,
      md5: computeMd5,
      ...createPictureHashes(() => ffmpegPlaces(programs, stash, bundleUrl), NO_FFMPEG[programs.of]),
    },
    besideStash: programs.of === 'stash',
    limits,
    startScheduler: startScheduler && (() => startScheduler(folder)),
  };
  return {
    context: completeContext(parts, stash.writer),
    async close() {
      await vision.close();
      stashBoxes.close();
      await store.close();
      stash.close();
    },
  };
}

const NO_FFMPEG = {
  stash: message('setup.check.noFfmpegBesideStash'),
  user: message('setup.check.noFfmpegOnPath'),
} as const;

async function ffmpegPlaces(
  programs: Programs,
  { library }: Pick<Stash, 'library'>,
  bundleUrl: string,
): Promise<FfmpegLocations> {
  const pathVariable = process.env['PATH'];
  if (programs.of === 'stash') return { named: await library.environment(), pathVariable };
  const { developmentFfmpeg } = await import('../../plugin/media/ffmpeg.ts');
  return {
    named: programs.ffmpeg === null ? null : { ffmpegPath: programs.ffmpeg, ffprobePath: null },
    pathVariable,
    fallback: developmentFfmpeg(bundleUrl),
  };
}

/** The folder `wasm` beside the bundle, else the installed package in a checkout. */
function findWasm(bundleFolder: string): string {
  const beside = path.join(bundleFolder, 'wasm');
  if (existsSync(beside)) return beside;
  try {
    return path.dirname(createRequire(import.meta.url).resolve('onnxruntime-web'));
  } catch {
    return beside;
  }
}
