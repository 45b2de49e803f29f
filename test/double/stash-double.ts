/**
A Stash for tests and the demo: its GraphQL on real documents, its queue, its way to start plugins, its pictures, its
login, its package manager. Not its web page, its database and whatever Stash Sense has no business with.
*/
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { buildSchema } from 'graphql';
import { logIn, prefixOf, readBody, refuse } from './entrance.ts';
import { createFaults, suffer, type Fault } from './faults.ts';
import { answerGraphql, type GraphqlCall } from './graphql/http.ts';
import { readSchemaText, type StashVersion } from './graphql/schema.ts';
import { createConfig, createConfigFields, pluginsFolder, type HostConfig } from './host-config.ts';
import { createJobs, type Job } from './jobs.ts';
import { createLibraryData, type LibraryData } from './library/data.ts';
import { createLibraryMutations } from './library/mutations.ts';
import { createLibraryQueries } from './library/queries.ts';
import { logFailures } from './log-failures.ts';
import { createMediaRoutes } from './media-routes.ts';
import { createPackageFields } from './plugins/packages.ts';
import { createPluginFields } from './plugins/fields.ts';
import type { PluginRun } from './plugins/process.ts';
import { createPluginRoutes } from './plugins/routes.ts';
import { createPlugins } from './plugins/plugins.ts';
import { clean, scan, type ScanOptions } from './library/scan.ts';
import { makeSelfSigned } from './self-signed.ts';
import { createSessions, type Credentials } from './sessions.ts';
import { createStashLog, type LogLine } from './stash-log.ts';
import { createViews } from './library/views.ts';

export type StashDoubleOptions = {
  /** Folder of config.yml, made if needed; plugins go to `plugins` in it. */
  readonly configDir: string;
  /** Folders of plugins that are used where they lie (`dist/stash-sense`). */
  readonly pluginDirs?: readonly string[];
  readonly version?: StashVersion;
  /** Nobody needs to log in where this is left out. */
  readonly auth?: Partial<Credentials>;
  readonly https?: boolean;
  /** What Stash says it listens on (`0.0.0.0`, `::`); the double itself listens on this machine only. */
  readonly host?: string;
  readonly port?: number;
  /** URLs in answers begin with this, as behind a proxy. */
  readonly externalUrl?: string;
  readonly ffmpegPath?: string;
  readonly ffprobePath?: string;
  /** Of Stash and so of its plugins. */
  readonly env?: NodeJS.ProcessEnv;
  readonly logLevel?: string;
  /** Unix milliseconds. */
  readonly now?: () => number;
  /** Tried before the double's own routes, after the login; true when it answered. */
  readonly extraRoutes?: (
    request: http.IncomingMessage,
    response: http.ServerResponse,
    url: URL,
  ) => boolean | Promise<boolean>;
};

export type StashDouble = {
  /** Without a slash at the end. */
  readonly url: string;
  readonly configDir: string;
  /** The library; tests add rows and change them directly. */
  readonly library: LibraryData;
  readonly config: HostConfig;
  readonly credentials: Credentials;
  /** GraphQL calls that were executed, oldest first (the last 5000). */
  readonly calls: readonly GraphqlCall[];
  readonly log: readonly LogLine[];
  scan(folders: readonly string[], options?: Partial<ScanOptions>): Promise<void>;
  addFault(fault: Fault): void;
  clearFaults(): void;
  /** Queued and running ones. */
  jobs(): readonly Job[];
  findJob(id: string): Job | null;
  /** Nothing is queued or runs. */
  idle(): Promise<void>;
  /** Ids of the plugin processes that run now. */
  processIds(): number[];
  /** A session cookie's value, as a login gives it. */
  createCookie(): string;
  /** As when Stash is restarted: jobs and their ids are lost, running plugin processes continue. */
  restart(): void;
  /** Ends the processes it started, too. */
  close(): Promise<void>;
};

const KEPT_CALLS = 5000;

export async function startStashDouble(options: StashDoubleOptions): Promise<StashDouble> {
  const now = options.now ?? Date.now;
  const config = createConfig(options);
  const credentials: Credentials = {
    username: '',
    password: '',
    apiKey: '',
    maxSessionAgeSeconds: 3600,
    ...options.auth,
  };
  const log = createStashLog(() => config.logLevel, now);
  const library = createLibraryData(now);
  const sessions = createSessions(credentials, now);
  const jobs = createJobs(log, now);
  const plugins = createPlugins([pluginsFolder(config), ...(options.pluginDirs ?? [])], log);
  const running = new Set<PluginRun>();
  const views = createViews(library);
  const calls: GraphqlCall[] = [];
  const faults = createFaults();
  const scanParts = {
    data: library,
    log,
    ffmpeg: () => config.ffmpegPath,
    ffprobe: () => config.ffprobePath,
    generated: () => config.generatedPath,
  };

  const host = options.host ?? '127.0.0.1';
  const scheme = options.https ? 'https' : 'http';
  let port = 0;
  const configFields = createConfigFields(config, credentials);
  const pluginFields = createPluginFields({
    plugins,
    jobs,
    log,
    env: { ...process.env, ...options.env },
    connection: () => ({
      Scheme: scheme,
      Host: host,
      Port: port,
      cookie: sessions.create(),
      Dir: config.configDir,
    }),
    running,
  });
  const packageFields = createPackageFields({ config, jobs, plugins, log });
  const roots = (paths: readonly string[] | null | undefined): readonly string[] =>
    paths?.length ? paths : config.stashes.map((stash) => stash.path);
  const rootValue = logFailures(log, {
    ...createLibraryQueries(library, views),
    ...createLibraryMutations(library, views),
    ...configFields.query,
    ...configFields.mutation,
    ...pluginFields.query,
    ...pluginFields.mutation,
    ...packageFields.query,
    ...packageFields.mutation,
    metadataScan: ({ input }: { input: ScanInput }) =>
      jobs.add('Scanning...', (job) =>
        scan(
          scanParts,
          roots(input.paths),
          { covers: input.scanGenerateCovers === true, previews: input.scanGeneratePreviews === true },
          (fraction) => {
            job.progress = fraction;
          },
        ),
      ),
    metadataClean: ({ input }: { input: { dryRun: boolean } }) =>
      jobs.add('Cleaning...', async () => {
        if (!input.dryRun) clean(library, roots(null));
      }),
  });
  const schema = buildSchema(readSchemaText(options.version ?? 'v0.30.1'));
  const routes = [createMediaRoutes(library, views), createPluginRoutes(plugins)];

  async function answer(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', `${scheme}://${request.headers.host ?? '127.0.0.1'}`);
    response.setHeader('Vary', 'Origin');
    response.setHeader('X-Content-Type-Options', 'nosniff');
    if (request.headers.origin) response.setHeader('Access-Control-Allow-Origin', '*');
    if (request.method === 'OPTIONS') return void response.end();
    const body = await readBody(request);
    if (url.pathname === '/healthz') return void response.end();
    if (url.pathname === '/login') return logIn(sessions, request, response, body);
    const verdict = sessions.look(request, url);
    if (!verdict.in) return refuse(response, url, verdict.wrongKey);
    if (verdict.setCookie) response.setHeader('Set-Cookie', verdict.setCookie);

    const target = url.pathname + url.search;
    const before = faults.take(target, body, false);
    if (before && (await suffer(before, request, response))) return;
    if (url.pathname === '/graphql') {
      const baseUrl = options.externalUrl ?? `${scheme}://${url.host}${prefixOf(request)}`;
      const result = await answerGraphql(
        schema,
        rootValue,
        { baseUrl, apiKey: credentials.apiKey, client: request },
        { method: request.method ?? '', url, contentType: request.headers['content-type'], body },
        (call) => {
          calls.push(call);
          if (calls.length > KEPT_CALLS) calls.shift();
        },
        (line) => log.write('Error', line),
      );
      const after = faults.take(target, body, true);
      if (after && (await suffer(after, request, response))) return;
      response.writeHead(result.status, { 'Content-Type': result.type, 'Cache-Control': 'no-store' });
      return void response.end(result.body);
    }
    if (await options.extraRoutes?.(request, response, url)) return;
    if (routes.some((route) => route(request, response, url))) return;
    response.writeHead(404, { 'Content-Type': 'text/plain; charset=utf-8' }).end('404 page not found\n');
  }

  const listener = (request: http.IncomingMessage, response: http.ServerResponse): void => {
    answer(request, response).catch((error: Error) => {
      log.write('Error', `${request.url}: ${error.stack ?? error.message}`);
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  };
  const server = options.https ? https.createServer(makeSelfSigned(), listener) : http.createServer(listener);
  // Go's server has no timeout for idle connections.
  server.keepAliveTimeout = 0;
  const address = host.includes(':') ? '::1' : '127.0.0.1';
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, address, resolve);
  });
  ({ port } = server.address() as AddressInfo);

  return {
    url: `${scheme}://${address.includes(':') ? `[${address}]` : address}:${port}`,
    configDir: config.configDir,
    library,
    config,
    credentials,
    calls,
    log: log.lines,
    scan: (folders, scanOptions = {}) =>
      scan(scanParts, folders, { covers: false, previews: false, ...scanOptions }),
    addFault: (fault) => faults.add(fault),
    clearFaults: () => faults.clear(),
    jobs: () => jobs.queue() ?? [],
    findJob: (id) => jobs.find(id),
    idle: () => jobs.idle(),
    processIds: () => [...running].flatMap((run) => run.child.pid ?? []),
    createCookie: () => sessions.create(),
    restart: () => jobs.forget(),
    async close() {
      jobs.stopAll();
      for (const run of running) run.kill();
      await Promise.all([...running].map((run) => run.ended));
      server.closeAllConnections();
      await new Promise((resolve) => void server.close(resolve));
    },
  };
}

type ScanInput = {
  paths?: string[] | null;
  scanGenerateCovers?: boolean | null;
  scanGeneratePreviews?: boolean | null;
};
