/** Stash over HTTP as its page sees it: a few scenes, and a plugin whose answers a test writes down. */
import { build, type BuildOptions } from 'esbuild';
import { buildSchema, graphql } from 'graphql';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { operations, type Input, type OperationName, type Output } from '../../core/contract/operations.ts';
import { languagesIn } from '../../tools/esbuild/languages.ts';
import { hashOfScript } from '../../tools/esbuild/hash-of-script.ts';
import { uiBundle, uiPageBundle, uiStyles } from '../../tools/esbuild/ui.ts';
import { pageRoutes } from '../double-page/page-routes.ts';

const ROOT = path.join(path.dirname(fileURLToPath(import.meta.url)), '../..');

/** What the Node side would answer. A missing one fails the operation, a thrown error is the plugin's message. */
export type Answers = {
  [Name in OperationName]?: (input: Input<Name>) => Output<Name> | Promise<Output<Name>>;
};

export type Call = { readonly name: OperationName; readonly input: unknown; readonly at: number };

export type ScriptedStash = {
  readonly url: string;
  /** May be changed while the page is open. */
  answers: Answers;
  /** What the page asked of our Node side, in order. */
  readonly calls: Call[];
  /** Those whose page was gone before the answer: Stash would have killed the process. */
  readonly cutOff: OperationName[];
  /** Tasks the page started past our Node side. */
  readonly started: { readonly description: string | undefined; readonly args: unknown }[];
  /** What Stash says of those; null: it has the job no more. */
  job: { readonly status: string; readonly progress: number | null } | null;
  /** Those of Stash's settings. */
  stashBoxes: readonly { readonly endpoint: string; readonly name: string }[];
  /** What Stash's own data hold; the page sees it when it asks again. */
  readonly library: Library;
  /** Scripts of other plugins, loaded before ours. */
  otherPlugins: Readonly<Record<string, string>>;
  /** Of its settings, as Stash names it. */
  language: string;
  /** Path a proxy would serve it under; empty is none. */
  prefix: string;
  /** Our plugin is not loaded: what a broken manifest looks like. */
  isLoaded: boolean;
  /** Whether the script of the plugin's own page is there. */
  hasOwnPage: boolean;
  close: () => Promise<void>;
};

type Performer = {
  id: string;
  name: string;
  disambiguation: string;
  alias_list?: string[];
  image_path: string;
};
type EntityRow = { id: string; title: string; performers: Performer[] };
export type Library = {
  scenes: EntityRow[];
  images: EntityRow[];
  galleries: EntityRow[];
  performers: Performer[];
};

export async function startScriptedStash(library: Library, version = '0.1.0'): Promise<ScriptedStash> {
  const [page, { script, ownPage }, style] = await Promise.all([
    pageRoutes(),
    uiScripts(version),
    built(uiStyles(ROOT)),
  ]);
  const languages = languagesIn(ROOT);
  const server = createServer((request, response) => {
    void answer(request, response).catch((error: unknown) => {
      response.writeHead(500).end(String(error));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  const stash: ScriptedStash = {
    url: `http://127.0.0.1:${port}`,
    answers: {},
    calls: [],
    cutOff: [],
    started: [],
    job: null,
    stashBoxes: [],
    library,
    otherPlugins: {},
    language: 'en-GB',
    prefix: '',
    isLoaded: true,
    hasOwnPage: true,
    close: async () => await closed(server),
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? '/', stash.url);
    const file = pathname.startsWith(stash.prefix) ? pathname.slice(stash.prefix.length) : '';
    if (file === '/graphql') {
      const question = await json(request);
      const { mode } = (question.variables?.['args'] ?? {}) as { mode?: OperationName };
      response.on('close', () => {
        if (mode !== undefined && !response.writableFinished) stash.cutOff.push(mode);
      });
      send(response, 'application/json', JSON.stringify(await answerGraphql(stash, question)));
      return;
    }
    const plugin = /^\/plugin\/([\w-]+)\/(javascript|css)$/.exec(file);
    if (plugin) {
      const [, id = '', kind] = plugin;
      if (id !== 'stash-sense') send(response, 'text/javascript', stash.otherPlugins[id] ?? '');
      else if (kind === 'css') send(response, 'text/css', style);
      else send(response, 'text/javascript', script);
      return;
    }
    if (file === '/plugin/stash-sense/assets/page.js') {
      if (stash.hasOwnPage) send(response, 'text/javascript', ownPage);
      else response.writeHead(500).end('the plugin is being replaced');
      return;
    }
    const language = languages.find((one) => file === `/plugin/stash-sense/assets/${one.file}`);
    if (language !== undefined) {
      send(response, 'text/javascript', language.script);
      return;
    }
    if (/^\/(performer|image|scene)\/\d+\//.test(file)) {
      send(response, 'image/svg+xml', PORTRAIT);
      return;
    }
    const found = page(file, stash.prefix, stash.language);
    if (found) response.writeHead(found.status, { ...found.headers }).end(found.body);
    else response.writeHead(404).end('404 page not found');
  }

  return stash;
}

async function uiScripts(version: string): Promise<{ script: Uint8Array; ownPage: Uint8Array }> {
  const ownPage = await built(uiPageBundle(ROOT, version));
  return { script: await built(uiBundle(ROOT, version, hashOfScript(ownPage))), ownPage };
}

async function built(options: BuildOptions): Promise<Uint8Array> {
  const { outputFiles } = await build({ ...options, write: false });
  return outputFiles?.[0]?.contents ?? new Uint8Array();
}

const PORTRAIT =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect width="9" height="9" fill="#789"/><circle cx="4.5" cy="4" r="2.5" fill="#edc"/></svg>';

/** The corner of Stash's schema that the page and the plugin's bundle ask. */
const SCHEMA = buildSchema(`
  scalar Map
  scalar Any
  enum SortDirectionEnum { ASC DESC }
  input FindFilterType { q: String page: Int per_page: Int sort: String direction: SortDirectionEnum }
  enum CriterionModifier { IS_NULL NOT_NULL EQUALS }
  input StashIDCriterionInput { endpoint: String stash_id: String modifier: CriterionModifier! }
  input SceneFilterType { organized: Boolean }
  input ImageFilterType { organized: Boolean }
  input PerformerFilterType { stash_id_endpoint: StashIDCriterionInput }
  type PluginPaths { javascript: [String!] css: [String!] }
  type Plugin { id: ID! enabled: Boolean! paths: PluginPaths! }
  type Performer { id: ID! name: String! disambiguation: String alias_list: [String!] image_path: String }
  type File { id: ID! basename: String! path: String! duration: Float! width: Int! height: Int! }
  type Tag { id: ID! name: String! }
  type Paths { screenshot: String stream: String image: String thumbnail: String }
  type Scene { id: ID! title: String files: [File!]! paths: Paths! performers: [Performer!]! tags: [Tag!]! }
  type ImageFile { path: String! }
  type VideoFile { path: String! }
  union VisualFile = ImageFile | VideoFile
  type Folder { path: String! }
  type Image { id: ID! title: String paths: Paths! visual_files: [VisualFile!]! performers: [Performer!]! }
  type Gallery { id: ID! title: String files: [ImageFile!]! folder: Folder }
  type FindScenesResultType { count: Int! scenes: [Scene!]! }
  type FindImagesResultType { count: Int! images: [Image!]! }
  type FindPerformersResultType { count: Int! performers: [Performer!]! }
  type FindTagsResultType { count: Int! tags: [Tag!]! }
  type Directory { path: String! directories: [String!]! }
  input FindJobInput { id: ID! }
  type Job { id: ID! status: String! progress: Float }
  type Version { version: String }
  type StashBox { endpoint: String! name: String! }
  type ConfigGeneralResult { stashBoxes: [StashBox!]! }
  type ConfigResult { general: ConfigGeneralResult! }
  type Studio { id: ID! name: String! }
  type FindStudiosResultType { count: Int! studios: [Studio!]! }
  type Query {
    version: Version!
    configuration: ConfigResult!
    findJob(input: FindJobInput!): Job
    plugins: [Plugin!]
    findScene(id: ID): Scene
    findScenes(filter: FindFilterType, scene_filter: SceneFilterType): FindScenesResultType!
    findImages(filter: FindFilterType, image_filter: ImageFilterType): FindImagesResultType!
    findImage(id: ID): Image
    findGallery(id: ID!): Gallery
    findPerformer(id: ID!): Performer
    findPerformers(filter: FindFilterType, performer_filter: PerformerFilterType): FindPerformersResultType!
    findStudio(id: ID!): Studio
    findStudios(filter: FindFilterType): FindStudiosResultType!
    findTags(filter: FindFilterType): FindTagsResultType!
    directory(path: String): Directory!
  }
  input SceneUpdateInput { id: ID! title: String performer_ids: [ID!] }
  input ImageUpdateInput { id: ID! title: String performer_ids: [ID!] }
  type Mutation {
    sceneUpdate(input: SceneUpdateInput!): Scene
    imageUpdate(input: ImageUpdateInput!): Image
    runPluginOperation(plugin_id: ID!, args: Map): Any
    runPluginTask(plugin_id: ID!, task_name: String, description: String, args_map: Map): ID!
  }
`);

const STUDIOS = [
  { id: '7', name: 'Northern Lights' },
  { id: '8', name: 'Southern Cross Pictures and Sons, with a name that is far too long for a narrow page' },
];

type Question = { query: string; operationName?: string; variables?: Record<string, unknown> };

async function answerGraphql(stash: ScriptedStash, question: Question): Promise<unknown> {
  const { library } = stash;
  return await graphql({
    schema: SCHEMA,
    source: question.query,
    operationName: question.operationName ?? null,
    variableValues: question.variables ?? null,
    rootValue: {
      plugins: () => [
        ...Object.keys(stash.otherPlugins).map((id) => pluginOf(stash, id)),
        pluginOf(stash, 'stash-sense'),
      ],
      configuration: () => ({ general: { stashBoxes: stash.stashBoxes } }),
      findScene: ({ id }: { id: string }) => withMedia('scene', byId(library.scenes, id)),
      findScenes: () => ({
        count: library.scenes.length,
        scenes: library.scenes.map((scene) => withMedia('scene', scene)),
      }),
      findImages: ({ filter }: { filter?: { q?: string } }) => {
        const images = library.images.filter(({ title }) => title.includes(filter?.q ?? ''));
        return {
          count: images.length,
          images: images.map((image) => ({ ...withMedia('image', image), visual_files: [] })),
        };
      },
      findImage: ({ id }: { id: string }) => {
        const image = withMedia('image', byId(library.images, id));
        return image && { ...image, visual_files: [] };
      },
      findGallery: ({ id }: { id: string }) => {
        const gallery = byId(library.galleries, id);
        return gallery && { ...gallery, files: [{ path: `/films/${gallery.id}.zip` }] };
      },
      findPerformer: ({ id }: { id: string }) => byId(library.performers, id),
      findPerformers: ({ filter }: { filter?: { q?: string } }) => {
        const performers = library.performers.filter(({ name }) =>
          name.toLowerCase().includes((filter?.q ?? '').toLowerCase()),
        );
        return { count: performers.length, performers };
      },
      findStudio: ({ id }: { id: string }) => byId(STUDIOS, id),
      findStudios: ({ filter }: { filter?: { q?: string } }) => {
        const studios = STUDIOS.filter(({ name }) =>
          name.toLowerCase().includes((filter?.q ?? '').toLowerCase()),
        );
        return { count: studios.length, studios };
      },
      findTags: () => ({ count: 1, tags: [{ id: '12', name: 'Private' }] }),
      directory: ({ path: at }: { path?: string }) => ({ path: at ?? '/', directories: [] }),
      sceneUpdate: ({ input }: { input: Update }) => update('scene', library, library.scenes, input),
      imageUpdate: ({ input }: { input: Update }) => update('image', library, library.images, input),
      version: () => ({ version: 'v0.30.1' }),
      findJob: ({ input: { id } }: { input: { id: string } }) => stash.job && { id, ...stash.job },
      runPluginTask: ({ description, args_map: args }: { description?: string; args_map?: unknown }) => {
        stash.started.push({ description, args });
        return String(stash.started.length);
      },
      runPluginOperation: async ({ args }: { args: { mode: string; input: unknown } }) =>
        await runOperation(stash, args.mode, args.input),
    },
  });
}

type Update = { id: string; title: string; performer_ids: string[] };

/** Every field that was sent, as Stash does: performers that are not among them are taken off. */
function update(
  kind: 'scene' | 'image',
  { performers }: Library,
  rows: EntityRow[],
  { id, title, performer_ids: ids }: Update,
): object | null {
  const row = byId(rows, id);
  if (row) Object.assign(row, { title, performers: performers.filter((one) => ids.includes(one.id)) });
  const updated = withMedia(kind, row);
  return updated && { ...updated, visual_files: [] };
}

function byId<T extends { id: string }>(list: readonly T[], id: unknown): T | null {
  return list.find((candidate) => candidate.id === String(id)) ?? null;
}

/** Where a test writes none down: what the Settings tab asks beside what most tests are about. */
const DEFAULT_ANSWERS: Partial<Record<OperationName, () => unknown>> = {
  'health.view': () => ({ analyzers: [] }),
  'fingerprints.view': () => ({ boxes: [] }),
};

/** Checks both sides against the contract: a test that scripts nonsense, or a page that asks it, fails. */
async function runOperation(stash: ScriptedStash, mode: string, input: unknown): Promise<unknown> {
  if (!stash.isLoaded)
    throw new Error(
      'Internal system error. Error <runtime error: invalid memory address or nil pointer dereference>',
    );
  const operation = Object.hasOwn(operations, mode) ? operations[mode as OperationName] : null;
  if (operation === null) throw new Error(`no operation ${mode}`);
  const name = mode as OperationName;
  const checked = operation.input().parse(input);
  stash.calls.push({ name, input: checked, at: Date.now() });
  const answerIt = (stash.answers[name] ?? DEFAULT_ANSWERS[name]) as
    | ((input: unknown) => unknown)
    | undefined;
  if (!answerIt) throw new Error(`the test has no answer to ${name}`);
  const answer = await answerIt(checked);
  // What could not be done is no error of Stash: the plugin answers with it.
  const isFailure = typeof answer === 'object' && answer !== null && 'operationError' in answer;
  return isFailure ? answer : operation.output().parse(answer);
}

function pluginOf(stash: ScriptedStash, id: string): object {
  const of = (kind: string): string => `${stash.url}${stash.prefix}/plugin/${id}/${kind}`;
  return {
    id,
    enabled: true,
    paths: { javascript: [of('javascript')], css: id === 'stash-sense' ? [of('css')] : [] },
  };
}

function withMedia(kind: 'scene' | 'image', entity: EntityRow | null): object | null {
  if (!entity) return null;
  const at = `${kind}/${entity.id}`;
  return {
    ...entity,
    tags: [],
    files: [
      {
        id: entity.id,
        basename: 'file.mp4',
        path: '/media/file.mp4',
        duration: 600,
        width: 1920,
        height: 1080,
      },
    ],
    paths: {
      screenshot: `${at}/screenshot`,
      stream: `${at}/stream`,
      image: `${at}/image`,
      thumbnail: `/${at}/thumbnail`,
    },
  };
}

async function json(request: IncomingMessage): Promise<Question> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString()) as Question;
}

function send(response: ServerResponse, type: string, body: string | Uint8Array): void {
  response.writeHead(200, { 'content-type': type }).end(body);
}

async function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise<void>((resolve) => server.close(() => resolve()));
}
