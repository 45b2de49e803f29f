/** Stash's package manager: an index, zips with their hashes, a folder for each package (Stash: pkg/pkg). */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { unzipSync } from 'fflate';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { pluginsFolder, type HostConfig } from '../host-config.ts';
import type { Jobs } from '../jobs.ts';
import type { Plugins } from './plugins.ts';
import type { StashLog } from '../stash-log.ts';

const Offer = z.object({
  id: z.string(),
  name: z.string(),
  version: z.coerce.string(),
  date: z.coerce.string(),
  path: z.string(),
  sha256: z.string(),
  requires: z.array(z.string()).default([]),
  metadata: z.record(z.string(), z.unknown()).default({}),
});
type Offer = z.output<typeof Offer>;

/** What the installer writes beside what it installed. */
const Manifest = z.object({
  id: z.string(),
  name: z.string(),
  version: z.string(),
  date: z.string(),
  requires: z.array(z.string()).default([]),
  source_repository: z.string(),
  files: z.array(z.string()),
});
type Manifest = z.output<typeof Manifest>;
type Spec = { id: string; sourceURL: string };

/** Of the index and of each zip, from asking to the last byte; nothing is tried again. */
const DOWNLOAD_MS = 10_000;

export function createPackageFields(parts: {
  config: HostConfig;
  jobs: Jobs;
  plugins: Plugins;
  log: StashLog;
}): { query: Record<string, unknown>; mutation: Record<string, unknown> } {
  const { config, jobs, plugins, log } = parts;
  const folderOf = ({ id, sourceURL }: Spec): string => {
    const source = config.pluginPackageSources.find((candidate) => candidate.url === sourceURL);
    return path.join(pluginsFolder(config), source?.local_path ?? '', id);
  };

  /** The job ends as FINISHED whether or not it worked. */
  const job = (description: string, specs: readonly Spec[], work: (spec: Spec) => Promise<void>): string =>
    jobs.add(description, async () => {
      for (const spec of specs)
        await work(spec).catch((error: Error) =>
          log.write('Error', `${description}: ${spec.id}: ${error.message}`),
        );
      plugins.reload();
    });

  async function install(spec: Spec): Promise<void> {
    const offers = await readIndex(spec.sourceURL);
    const offer = offers.find((candidate) => candidate.id === spec.id);
    if (!offer) throw new Error(`package ${spec.id} not found`);
    const zip = await download(new URL(offer.path, spec.sourceURL).href);
    if (createHash('sha256').update(zip).digest('hex') !== offer.sha256)
      throw new Error('invalid package: sha256 differs');
    const folder = folderOf(spec);
    removeFiles(folder);
    const files = Object.entries(unzipSync(zip)).filter(([name]) => !name.endsWith('/'));
    for (const [name, bytes] of files) {
      const target = path.join(folder, name);
      if (!target.startsWith(folder + path.sep)) throw new Error(`${name} leads out of the package`);
      mkdirSync(path.dirname(target), { recursive: true });
      writeFileSync(target, bytes);
    }
    const manifest: Manifest = {
      id: offer.id,
      name: offer.name,
      version: offer.version,
      date: offer.date,
      requires: offer.requires,
      source_repository: spec.sourceURL,
      files: files.map(([name]) => name),
    };
    writeFileSync(path.join(folder, 'manifest'), stringify(manifest));
  }

  const installed = (): { manifest: Manifest; folder: string }[] =>
    manifestsBelow(pluginsFolder(config)).map((file) => ({
      manifest: Manifest.parse(parse(readFileSync(file, 'utf8'))),
      folder: path.dirname(file),
    }));

  return {
    query: {
      availablePackages: async ({ source }: { source: string }) => {
        const offers = await readIndex(source);
        const view = (offer: Offer): object => ({
          ...toPackage(offer, source),
          requires: () => offers.filter((candidate) => offer.requires.includes(candidate.id)).map(view),
        });
        return offers.toSorted((a, b) => (a.id < b.id ? -1 : 1)).map(view);
      },
      installedPackages: () => {
        const all = installed().map((plugin) => plugin.manifest);
        const view = (manifest: Manifest): object => ({
          ...toPackage({ ...manifest, metadata: {} }, manifest.source_repository),
          requires: () => all.filter((candidate) => manifest.requires.includes(candidate.id)).map(view),
        });
        return all.map(view);
      },
    },
    mutation: {
      installPackages: ({ packages }: { packages: Spec[] }) =>
        job('Installing packages...', packages, install),
      uninstallPackages: ({ packages }: { packages: Spec[] }) =>
        job('Uninstalling packages...', packages, async ({ id }) => {
          const found = installed().find((plugin) => plugin.manifest.id === id);
          if (!found) throw new Error(`package ${id} is not installed`);
          removeFiles(found.folder);
          // Files that the plugin itself has written there are kept.
          if (readdirSync(found.folder).length === 0) rmdirSync(found.folder);
        }),
    },
  };
}

function toPackage(
  offered: Pick<Offer, 'id' | 'name' | 'version' | 'date' | 'metadata'>,
  sourceURL: string,
): Record<string, unknown> {
  return {
    package_id: offered.id,
    name: offered.name,
    version: offered.version,
    date: offered.date,
    metadata: offered.metadata,
    sourceURL,
    source_package: null,
  };
}

async function readIndex(url: string): Promise<Offer[]> {
  return z.array(Offer).parse(parse(Buffer.from(await download(url)).toString('utf8')));
}

async function download(url: string): Promise<Uint8Array> {
  const response = await fetch(url, { signal: AbortSignal.timeout(DOWNLOAD_MS) });
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

/** Only the files of the package, by its manifest. */
function removeFiles(folder: string): void {
  const file = path.join(folder, 'manifest');
  if (!existsSync(file)) return;
  const { files } = Manifest.parse(parse(readFileSync(file, 'utf8')));
  for (const name of files) rmSync(path.join(folder, name), { force: true });
  rmSync(file);
  const folders = new Set(
    files.map((parent) => path.dirname(path.join(folder, parent))).filter((parent) => parent !== folder),
  );
  for (const emptied of [...folders].toSorted((a, b) => b.length - a.length))
    if (existsSync(emptied) && readdirSync(emptied).length === 0) rmdirSync(emptied);
}

function manifestsBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => path.basename(file) === 'manifest')
    .map((file) => path.join(folder, file));
}
