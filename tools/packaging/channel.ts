/**
`npm run package -- --channel DIR`: the folder that a publisher puts on a static host beside `index.yml`, and the list with
the hash of everything in it that runs, which goes into the plugin's own package.

The same lockfile gives the same bytes.
*/
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  createReadStream,
  existsSync,
  mkdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Artifact } from '../../core/setup/acceleration.ts';
import type { ModelSpec } from '../../models/catalog/catalog.ts';
import type { Manifest } from '../../plugin/artifacts/manifest.ts';
import { NOTICES_FILE, type NoticedPackage, writeNotices } from '../notices.ts';
import { type Bundle, bundles } from './channel-bundles.ts';
import type { PackageSource } from './channel-packages.ts';
import { type TarFile, writeTarGz } from './channel-tar.ts';
import { findCudaArchives, findNodeArchives } from './channel-publisher.ts';

export type ChannelOptions = {
  readonly out: string;
  /** Of the plugin. */
  readonly version: string;
  readonly packages: PackageSource;
  /** Fewer, in tests. */
  readonly only?: readonly Bundle[];
  /** Folder with the weights of the catalogue's models. */
  readonly weights: string;
  readonly models: readonly ModelSpec[];
  readonly withNode?: string | undefined;
  readonly withCuda?: string | undefined;
  readonly channelUrl?: string | undefined;
  readonly say: (line: string) => void;
};

/** @returns what goes into the plugin's package as `runtime.json` */
export async function writeChannel(options: ChannelOptions): Promise<Manifest> {
  mkdirSync(options.out, { recursive: true });
  const artifacts: Artifact[] = [];
  const add = (artifact: Artifact): void => {
    artifacts.push(artifact);
    options.say(`${artifact.name}  ${(artifact.size / 1e6).toFixed(1)} MB`);
  };
  for (const bundle of options.only ?? bundles) add(await writeBundle(bundle, options));
  for (const model of options.models) add(await modelArtifact(model, options));
  for (const archive of [
    ...findNodeArchives(options.withNode, options.say),
    ...(await findCudaArchives(options.withCuda, options.say)),
  ])
    add(await copyArtifact(archive.file, options.out, archive.artifact));
  writeFileSync(
    path.join(options.out, 'channel.json'),
    // Read by people and other tools: the plugin goes by the list in its own package.
    `${JSON.stringify({ format: 1, version: options.version, artifacts }, null, 1)}\n`,
  );
  return { format: 1, channelUrl: options.channelUrl ?? null, artifacts };
}

/** A model that is not in the folder of weights is fetched from its publisher. */
async function modelArtifact(model: ModelSpec, { weights, out }: ChannelOptions): Promise<Artifact> {
  const artifact = {
    id: model.id,
    kind: 'model',
    provides: model.id,
    version: '1',
    platform: 'any',
    name: model.file,
    licence: model.license,
  } as const;
  const file = path.join(weights, model.file);
  if (model.download === undefined || existsSync(file)) return await copyArtifact(file, out, artifact);
  return Artifact.parse({ ...artifact, size: model.bytes, sha256: model.sha256, url: model.download });
}

async function writeBundle(bundle: Bundle, { out, packages }: ChannelOptions): Promise<Artifact> {
  const { files, version, licence } = await bundleFiles(bundle, packages);
  const id = `${bundle.provides}-${version}-${bundle.platform}`;
  const bytes = await writeTarGz(files);
  writeFileSync(path.join(out, `${id}.tar.gz`), bytes);
  return Artifact.parse({
    id,
    kind: 'runtime',
    provides: bundle.provides,
    version,
    platform: bundle.platform,
    ...(bundle.minGlibc !== undefined && { minGlibc: bundle.minGlibc }),
    name: `${id}.tar.gz`,
    size: bytes.length,
    unpackedSize: files.reduce((total, file) => total + file.bytes.length, 0),
    sha256: createHash('sha256').update(bytes).digest('hex'),
    licence,
    url: `${id}.tar.gz`,
  });
}

/** What is packed, with the notices of whose work it is, and the licences of all of it. */
export async function bundleFiles(
  bundle: Bundle,
  packages: PackageSource,
): Promise<{ files: TarFile[]; version: string; licence: string }> {
  const files: TarFile[] = [];
  const licences = new Set<string>();
  const noticed: NoticedPackage[] = [];
  let version = '';
  for (const { name, keep } of bundle.packages) {
    const found = await packages(name);
    if (name === bundle.provides) version = found.version;
    licences.add(found.licence);
    noticed.push({ name, ...found });
    const kept = found.files.filter((file) => keep(file));
    if (kept.length === 0)
      throw new Error(`Nothing of ${name} is wanted for ${bundle.platform}: its files have moved.`);
    for (const file of kept) files.push({ name: `node_modules/${name}/${file}`, bytes: found.read(file) });
  }
  files.push({ name: NOTICES_FILE, bytes: Buffer.from(writeNotices(noticed)) });
  return { files, version, licence: [...licences].toSorted().join(' AND ') };
}

async function copyArtifact(
  file: string,
  out: string,
  artifact: Omit<Artifact, 'size' | 'sha256' | 'url' | 'mirrors'>,
): Promise<Artifact> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  copyFileSync(file, path.join(out, artifact.name));
  return Artifact.parse({
    ...artifact,
    size: statSync(file).size,
    sha256: hash.digest('hex'),
    url: artifact.name,
  });
}

/** What the launcher, which reads no JSON, needs of the parts: one line each, `platform size sha256 file`. */
export function nodeList({ artifacts, channelUrl }: Manifest): string {
  const lines = artifacts
    .filter((artifact) => artifact.kind === 'node')
    .map(({ platform, size, sha256, url }) => `${platform} ${size} ${sha256} ${url}`);
  return lines.length === 0 ? '' : `${[`channel ${channelUrl ?? '-'}`, ...lines].join('\n')}\n`;
}

/** The menu says how much "Install Node" fetches; the largest of the platforms. */
export function withNodeSize(manifest: string, { artifacts }: Manifest): string {
  const sizes = artifacts.filter((artifact) => artifact.kind === 'node').map((artifact) => artifact.size);
  return sizes.length === 0
    ? manifest
    : manifest.replace(/^( *- name: Install Node)$/m, `$1 (${Math.ceil(Math.max(...sizes) / 1e6)} MB)`);
}

/** Of the package as built: the same file with and without a channel but for these. */
export function bakeInto(built: string, baked: Manifest): void {
  writeFileSync(path.join(built, 'runtime.json'), `${JSON.stringify(baked)}\n`);
  const list = nodeList(baked);
  if (list === '') return;
  writeFileSync(path.join(built, 'node.list'), list);
  const manifest = path.join(built, 'stash-sense.yml');
  writeFileSync(manifest, withNodeSize(readFileSync(manifest, 'utf8'), baked));
}
