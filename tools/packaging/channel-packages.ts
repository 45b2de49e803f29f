/** Packages as the lockfile pins them, for any platform: npm fetches, the lockfile's hash decides. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { createGunzip } from 'node:zlib';
import { readTar } from '../../plugin/runtime/tar.ts';

export type NpmPackage = {
  readonly version: string;
  readonly licence: string;
  /** Paths in the package. */
  readonly files: readonly string[];
  readonly read: (file: string) => Uint8Array;
};
export type PackageSource = (name: string) => Promise<NpmPackage>;

type Lock = {
  readonly packages: Record<string, { version: string; integrity?: string; license?: string } | undefined>;
};

const run = promisify(execFile);

/** Each is fetched once. */
export function createPackageSource(lockFile: string): PackageSource {
  let lock: Promise<Lock> | null = null;
  const known = new Map<string, Promise<NpmPackage>>();
  return async (name) => {
    const { packages } = await (lock ??= readFile(lockFile, 'utf8').then((it) => JSON.parse(it) as Lock));
    const pinned = packages[`node_modules/${name}`];
    if (!pinned?.integrity) throw new Error(`${lockFile} pins no ${name}.`);
    const entry = { version: pinned.version, integrity: pinned.integrity, license: pinned.license ?? '' };
    let found = known.get(name);
    if (!found) known.set(name, (found = fetchPackage(name, entry)));
    return await found;
  };
}

async function fetchPackage(
  name: string,
  pinned: { version: string; integrity: string; license: string },
): Promise<NpmPackage> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'stash-sense-npm-'));
  try {
    const npm = process.env['npm_execpath'];
    const [command, ...before] = npm?.endsWith('.js') ? [process.execPath, npm] : ['npm'];
    const args = [
      'pack',
      `${name}@${pinned.version}`,
      '--json',
      '--ignore-scripts',
      '--prefer-offline',
      '--pack-destination',
      folder,
    ];
    const { stdout } = await run(command, [...before, ...args], { cwd: folder, maxBuffer: 64 << 20 });
    const [packed] = JSON.parse(stdout) as { filename: string }[];
    const file = path.join(folder, path.basename(packed!.filename));
    const bytes = await readFile(file);
    const [algorithm = '', wanted] = pinned.integrity.split(/-(.*)/s);
    if (createHash(algorithm).update(bytes).digest('base64') !== wanted)
      throw new Error(`${name}@${pinned.version} is not what the lockfile pins (${algorithm}).`);
    const files = await filesOf(file);
    return {
      version: pinned.version,
      licence: licenceOf(pinned),
      files: [...files.keys()],
      read: (it) => files.get(it)!,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What npm has installed here: the same versions, but this platform only. */
export function createInstalledSource(lockFile: string): PackageSource {
  const lock = JSON.parse(readFileSync(lockFile, 'utf8')) as Lock;
  return async (name) => {
    const folder = path.join(path.dirname(lockFile), 'node_modules', name);
    const pinned = lock.packages[`node_modules/${name}`];
    if (!pinned) throw new Error(`${lockFile} pins no ${name}.`);
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .map((it) => it.replaceAll('\\', '/'))
      .filter((it) => statSync(path.join(folder, it)).isFile());
    return {
      version: pinned.version,
      licence: licenceOf(pinned),
      files,
      read: (it) => readFileSync(path.join(folder, it)),
    };
  };
}

function licenceOf({ license = '' }: { license?: string }): string {
  return license.replace(/^Apache 2\.0$/, 'Apache-2.0');
}

async function filesOf(tarball: string): Promise<Map<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  for await (const entry of readTar(
    createReadStream(tarball).pipe(createGunzip()) as AsyncIterable<Uint8Array>,
  )) {
    if (entry.kind !== 'file') continue;
    const chunks: Uint8Array[] = [];
    for await (const chunk of entry.bytes) chunks.push(Buffer.from(chunk));
    // The first folder is called `package`, or whatever its publisher liked.
    files.set(entry.name.slice(entry.name.indexOf('/') + 1), Buffer.concat(chunks));
  }
  return files;
}
