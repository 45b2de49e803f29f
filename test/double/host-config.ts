/** Stash's configuration, as far as it is asked for, and the Query and Mutation fields about it. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, writeFileSync, type Dirent } from 'node:fs';
import path from 'node:path';
import { requireMap } from './plugins/require-map.ts';
import { createScraperFields, type DoubleScraper } from './scrapers.ts';
import type { Credentials } from './sessions.ts';

export type HostConfig = {
  readonly version: string;
  /** Folder of config.yml. */
  readonly configDir: string;
  ffmpegPath: string;
  ffprobePath: string;
  generatedPath: string;
  logLevel: string;
  /** Of the page. */
  language: string;
  parallelTasks: number;
  videoFileNamingAlgorithm: 'OSHASH' | 'MD5';
  stashBoxes: { endpoint: string; name: string; api_key: string; max_requests_per_minute: number }[];
  /** Fingerprints of scenes that Stash was told to give to a stash-box, which the double asks nothing. */
  submissions: { endpoint: string; sceneIds: string[] }[];
  /** The stash-box refuses them, with this. */
  refusesSubmissions: string | null;
  stashes: { path: string; excludeVideo: boolean; excludeImage: boolean }[];
  pluginPackageSources: { name: string | null; url: string; local_path: string | null }[];
  /** By plugin, as the settings page stored them. */
  readonly plugins: Record<string, Record<string, unknown>>;
  readonly ui: Record<string, unknown>;
  readonly scrapers: DoubleScraper[];
};

/** As of a new Stash; its folder is made. */
export function createConfig(options: {
  readonly configDir: string;
  readonly version?: string;
  readonly ffmpegPath?: string;
  readonly ffprobePath?: string;
  readonly logLevel?: string;
}): HostConfig {
  const configDir = path.resolve(options.configDir);
  mkdirSync(path.join(configDir, 'plugins'), { recursive: true });
  writeFileSync(path.join(configDir, 'config.yml'), '# of a Stash double\n', { flag: 'a' });
  return {
    version: options.version ?? 'v0.30.1',
    configDir,
    ffmpegPath: options.ffmpegPath ?? 'ffmpeg',
    ffprobePath: options.ffprobePath ?? 'ffprobe',
    generatedPath: path.join(configDir, 'generated'),
    logLevel: options.logLevel ?? 'Info',
    language: 'en-GB',
    parallelTasks: 1,
    videoFileNamingAlgorithm: 'OSHASH',
    stashBoxes: [],
    submissions: [],
    refusesSubmissions: null,
    stashes: [],
    pluginPackageSources: [],
    plugins: {},
    ui: {},
    scrapers: [],
  };
}

export function pluginsFolder(config: HostConfig): string {
  return path.join(config.configDir, 'plugins');
}

export function createConfigFields(
  config: HostConfig,
  credentials: Credentials,
): { query: Record<string, unknown>; mutation: Record<string, unknown> } {
  const file = (name: string): string => path.join(config.configDir, name);
  const general = () => ({
    ...config,
    pluginsPath: pluginsFolder(config),
    configFilePath: file('config.yml'),
    databasePath: file('stash.sqlite'),
    cachePath: file('cache'),
    blobsPath: file('blobs'),
    blobsStorage: 'FILESYSTEM',
    previewExcludeStart: '0',
    previewExcludeEnd: '0',
    transcodeInputArgs: [],
    username: credentials.username,
    password: credentials.password && createHash('sha256').update(credentials.password).digest('hex'),
    apiKey: credentials.apiKey,
    maxSessionAge: credentials.maxSessionAgeSeconds,
  });
  return {
    query: {
      ...createScraperFields(config),
      version: { version: config.version, hash: '0000000', build_time: '2026-01-11' },
      systemStatus: () => ({
        os: process.platform,
        status: 'OK',
        appSchema: 75,
        databaseSchema: 75,
        workingDir: process.cwd(),
        homeDir: process.env['HOME'] ?? '/',
        configPath: file('config.yml'),
        databasePath: file('stash.sqlite'),
        ffmpegPath: config.ffmpegPath,
        ffprobePath: config.ffprobePath,
      }),
      directory: ({ path: place }: { path?: string | null }) =>
        foldersIn(place || (process.env['HOME'] ?? '/')),
      configuration: () => ({
        general,
        interface: () => ({ language: config.language }),
        ui: config.ui,
        plugins: ({ include }: { include?: string[] }) =>
          Object.fromEntries(
            Object.entries(config.plugins).filter(
              ([id, settings]) => !include || (include.includes(id) && Object.keys(settings).length > 0),
            ),
          ),
      }),
    },
    mutation: {
      configureGeneral: ({ input }: { input: Record<string, unknown> }) => {
        const { username, password, maxSessionAge, ...rest } = input;
        if (typeof username === 'string') credentials.username = username;
        if (typeof password === 'string') credentials.password = password;
        if (typeof maxSessionAge === 'number') credentials.maxSessionAgeSeconds = maxSessionAge;
        Object.assign(config, rest);
        config.stashBoxes = config.stashBoxes.map((box) => ({ ...box, ...limitOf(box) }));
        return general();
      },
      configureInterface: ({ input }: { input: { language?: string | null } }) => {
        config.language = input.language ?? config.language;
        return { language: config.language };
      },
      submitStashBoxFingerprints: ({
        input: { scene_ids: sceneIds, stash_box_endpoint: endpoint = '' },
      }: {
        input: { scene_ids: string[]; stash_box_endpoint?: string };
      }) => {
        if (!config.stashBoxes.some((box) => box.endpoint === endpoint))
          throw new Error(`stash box endpoint "${endpoint}" not found`);
        if (config.refusesSubmissions !== null) throw new Error(config.refusesSubmissions);
        config.submissions.push({ endpoint, sceneIds });
        return true;
      },
      // Replaces what was there.
      configurePlugin: ({ plugin_id: id, input }: { plugin_id: string; input: Record<string, unknown> }) => {
        config.plugins[id] = requireMap(input, 'input');
        return input;
      },
      configureUISetting: ({ key, value }: { key: string; value: unknown }) => {
        config.ui[key] = value;
        return config.ui;
      },
      generateAPIKey: ({ input }: { input: { clear?: boolean } }) => {
        credentials.apiKey = input.clear
          ? ''
          : [
              part('{"alg":"HS256","typ":"JWT"}'),
              part(`{"uid":"${credentials.username}"}`),
              part(randomBytes(32)),
            ].join('.');
        return credentials.apiKey;
      },
    },
  };
}

/** Requests a minute to a stash-box, where none were given. */
function limitOf({ max_requests_per_minute: limit }: { max_requests_per_minute?: number | null }): {
  max_requests_per_minute: number;
} {
  return { max_requests_per_minute: limit ?? 240 };
}

/** Where there is no folder of this path, those beside it (Stash: internal/api/resolver_query_configuration.go). */
function foldersIn(place: string): { path: string; parent: string | null; directories: string[] } {
  let listed = place;
  let names: Dirent[];
  try {
    names = readdirSync(listed, { withFileTypes: true });
  } catch {
    listed = path.dirname(place);
    names = readdirSync(listed, { withFileTypes: true });
  }
  return {
    path: place,
    parent: place === '/' ? null : path.dirname(place),
    directories: names
      .filter((entry) => entry.isDirectory())
      .map((entry) => path.join(listed, entry.name))
      .toSorted(),
  };
}

function part(text: string | Buffer): string {
  return Buffer.from(text).toString('base64url');
}
