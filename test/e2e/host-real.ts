/** A real Stash that was started for this, on this machine: taken over for the time of the suite. */
import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Started } from './host.ts';
import { SLEEPER } from './package-source.ts';
import { configureGeneral, connectStash, type Stash } from './stash.ts';

const OURS = new Set(['stash-sense', 'stash-sense-faces', SLEEPER]);

type General = {
  stashes: { path: string; excludeVideo: boolean; excludeImage: boolean }[];
  pluginPackageSources: { name: string | null; url: string; local_path: string | null }[];
  ffmpegPath: string;
  ffprobePath: string;
};

export async function openRealStash(
  url: string,
  tools: { ffmpeg: string; ffprobe: string },
): Promise<Started> {
  const { hostname } = new URL(url);
  if (!['127.0.0.1', 'localhost', '[::1]'].includes(hostname))
    throw new Error(
      `STASH_URL names ${hostname}: this suite empties the Stash it runs on, so it must be one of this machine (127.0.0.1).`,
    );
  const apiKey = process.env['STASH_API_KEY'];
  const stash = connectStash(url, apiKey ? { apiKey } : {});

  await setUpWhereNew(stash);
  await refuseSomebodysLibrary(stash);
  const { version, systemStatus, configuration } = await stash.ask<{
    version: { version: string };
    systemStatus: { configPath: string };
    configuration: { general: General };
  }>(`{
    version { version }
    systemStatus { configPath }
    configuration { general {
      stashes { path excludeVideo excludeImage } pluginPackageSources { name url local_path } ffmpegPath ffprobePath
    } }
  }`);
  const configDir = path.dirname(systemStatus.configPath);

  await empty(stash, configDir);
  // Else its release notes lie over every page.
  await stash.ask('mutation($notes: Any) { configureUISetting(key: "lastNoteSeen", value: $notes) }', {
    notes: 99_999_999,
  });
  await configureGeneral(stash, { ffmpegPath: tools.ffmpeg, ffprobePath: tools.ffprobe });

  return {
    kind: 'stash',
    version: version.version,
    stash,
    configDir,
    restart: restarting(stash),
    async close() {
      await stash.waitForIdle();
      await empty(stash, configDir);
      await configureGeneral(stash, configuration.general);
    },
  };
}

/** `STASH_RESTART`: a command that ends the Stash of `STASH_URL` and starts it again. */
function restarting(stash: Stash): Started['restart'] {
  const command = process.env['STASH_RESTART'];
  if (command === undefined || command === '') return null;
  return async () => {
    await promisify(execFile)('sh', ['-c', command]);
    for (let tries = 1; ; tries++) {
      try {
        await stash.jobs();
        return;
      } catch (error) {
        if (tries === 100) throw error;
        await sleep(200);
      }
    }
  };
}

/** A Stash that was just started in an empty folder has no database yet: what its setup page asks is answered with defaults. */
async function setUpWhereNew(stash: Stash): Promise<void> {
  const { systemStatus } = await stash.ask<{ systemStatus: { status: string; configPath: string } }>(
    '{ systemStatus { status configPath } }',
  );
  if (systemStatus.status !== 'SETUP') return;
  await stash.ask('mutation($input: SetupInput!) { setup(input: $input) }', {
    input: {
      configLocation: systemStatus.configPath,
      stashes: [],
      databaseFile: '',
      generatedLocation: '',
      cacheLocation: '',
      blobsLocation: '',
      storeBlobsInDatabase: true,
    },
  });
}

/** Only an empty Stash, or one that an earlier run of this suite has left. */
async function refuseSomebodysLibrary(stash: Stash): Promise<void> {
  const { findScenes, findImages, configuration } = await stash.ask<{
    findScenes: { scenes: { files: { path: string }[] }[] };
    findImages: { images: { visual_files: { path?: string }[] }[] };
    configuration: { plugins: Record<string, unknown> };
  }>(`{
    findScenes(filter: { per_page: 200 }) { scenes { files { path } } }
    findImages(filter: { per_page: 200 }) { images { visual_files { ... on ImageFile { path } } } }
    configuration { plugins(include: ["stash-sense"]) }
  }`);
  const paths = [
    ...findScenes.scenes.flatMap(({ files }) => files.map((file) => file.path)),
    ...findImages.images.flatMap(({ visual_files: files }) => files.map((file) => file.path ?? '')),
  ];
  const foreign = paths.find((candidate) => !/[\\/]stash-sense-e2e-[^\\/]+[\\/]/.test(candidate));
  if (foreign !== undefined)
    throw new Error(
      `The Stash at STASH_URL has a library (${foreign}): this suite empties the Stash it runs on. Start one with an empty config folder.`,
    );
  if (paths.length === 0) {
    const { findPerformers } = await stash.ask<{ findPerformers: { count: number } }>(
      '{ findPerformers(filter: { per_page: 0 }) { count } }',
    );
    if (findPerformers.count > 0 && configuration.plugins['stash-sense'] === undefined)
      throw new Error(
        `The Stash at STASH_URL has ${findPerformers.count} performers and no scene: not one that this suite has left. Start one with an empty config folder.`,
      );
  }
}

/** Takes away what a run of this suite put there: plugins, settings, our data, the library, performers and tags. */
async function empty(stash: Stash, configDir: string): Promise<void> {
  const { installedPackages } = await stash.ask<{
    installedPackages: { package_id: string; sourceURL: string }[];
  }>('{ installedPackages(type: Plugin) { package_id sourceURL } }');
  const ours = installedPackages.filter((installed) => OURS.has(installed.package_id));
  if (ours.length > 0) {
    const { uninstallPackages } = await stash.ask<{ uninstallPackages: string }>(
      'mutation($packages: [PackageSpecInput!]!) { uninstallPackages(type: Plugin, packages: $packages) }',
      { packages: ours.map((our) => ({ id: our.package_id, sourceURL: our.sourceURL })) },
    );
    await stash.waitForJob(uninstallPackages);
  }
  await stash.configure({});
  await rm(path.join(configDir, 'stash-sense'), { recursive: true, force: true });

  await configureGeneral(stash, { stashes: [], pluginPackageSources: [] });
  // What lies in no folder of the library any more goes.
  const { metadataClean } = await stash.ask<{ metadataClean: string }>(
    'mutation { metadataClean(input: { dryRun: false }) }',
  );
  await stash.waitForJob(metadataClean);
  const { findPerformers, findTags } = await stash.ask<{
    findPerformers: { performers: { id: string }[] };
    findTags: { tags: { id: string }[] };
  }>(
    '{ findPerformers(filter: { per_page: -1 }) { performers { id } } findTags(filter: { per_page: -1 }) { tags { id } } }',
  );
  if (findPerformers.performers.length > 0)
    await stash.ask('mutation($ids: [ID!]!) { performersDestroy(ids: $ids) }', {
      ids: ids(findPerformers.performers),
    });
  if (findTags.tags.length > 0)
    await stash.ask('mutation($ids: [ID!]!) { tagsDestroy(ids: $ids) }', { ids: ids(findTags.tags) });
}

function ids(list: readonly { id: string }[]): string[] {
  return list.map(({ id }) => id);
}
