/** Packages in the lockfile's versions, for any platform: fetched with npm and checked against the lockfile's hash. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fetchPackage } from '../npm-pack.ts';

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

/** Each is fetched once. */
export function createPackageSource(lockFile: string): PackageSource {
  let lock: Promise<Lock> | null = null;
  const known = new Map<string, Promise<NpmPackage>>();
  return async (name) => {
    const { packages } = await (lock ??= readFile(lockFile, 'utf8').then((text) => JSON.parse(text) as Lock));
    const pinned = packages[`node_modules/${name}`];
    if (!pinned?.integrity) throw new Error(`${lockFile} pins no ${name}.`);
    const entry = { version: pinned.version, integrity: pinned.integrity, license: pinned.license ?? '' };
    let found = known.get(name);
    if (!found) known.set(name, (found = fetchPinned(name, entry)));
    return await found;
  };
}

async function fetchPinned(
  name: string,
  pinned: { version: string; integrity: string; license: string },
): Promise<NpmPackage> {
  const files = await fetchPackage({ name, ...pinned });
  return {
    version: pinned.version,
    licence: licenceOf(pinned),
    files: [...files.keys()],
    read: (text) => files.get(text)!,
  };
}

/** What npm has installed here: the same versions, but this platform only. */
export function createInstalledSource(lockFile: string): PackageSource {
  const lock = JSON.parse(readFileSync(lockFile, 'utf8')) as Lock;
  return async (name) => {
    const folder = path.join(path.dirname(lockFile), 'node_modules', name);
    const pinned = lock.packages[`node_modules/${name}`];
    if (!pinned) throw new Error(`${lockFile} pins no ${name}.`);
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .map((text) => text.replaceAll('\\', '/'))
      .filter((text) => statSync(path.join(folder, text)).isFile());
    return {
      version: pinned.version,
      licence: licenceOf(pinned),
      files,
      read: (text) => readFileSync(path.join(folder, text)),
    };
  };
}

function licenceOf({ license = '' }: { license?: string }): string {
  return license.replace(/^Apache 2\.0$/, 'Apache-2.0');
}
