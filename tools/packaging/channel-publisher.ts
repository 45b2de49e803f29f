/** Archives that the publisher of a channel adds: copied unchanged, or left out with a line that says why. */
import { createReadStream, existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { createGunzip } from 'node:zlib';
import { type Artifact, type Platform, PLATFORMS } from '../../core/setup/acceleration.ts';
import { placeOfCudaLibrary } from '../../plugin/artifacts/cuda.ts';
import { readTar } from '../../plugin/system/archives/tar.ts';
import { readZip } from '../../plugin/system/archives/zip.ts';

export type PublisherArchive = {
  readonly file: string;
  readonly artifact: Omit<Artifact, 'size' | 'sha256' | 'url' | 'mirrors'>;
};

const NODE_PLATFORMS: Record<string, Platform> = {
  'linux-x64': 'linux-x64',
  'linux-arm64': 'linux-arm64',
  'linux-x64-musl': 'linuxmusl-x64',
  'linux-arm64-musl': 'linuxmusl-arm64',
  'win-x64': 'win-x64',
  'darwin-arm64': 'darwin-arm64',
};

/** `node-v24.21.0-linux-x64.tar.gz` as Node's own project calls them: tar.gz, for Windows zip, because every system can open these. */
export function findNodeArchives(
  folder: string | undefined,
  say: (line: string) => void,
): PublisherArchive[] {
  const found = new Map<Platform, PublisherArchive>();
  for (const name of folder === undefined ? [] : readdirSync(folder).toSorted()) {
    const [, version = '', system = '', ending] =
      /^node-v(\d+\.\d+\.\d+)-([a-z0-9-]+)\.(tar\.gz|zip)$/.exec(name) ?? [];
    const platform = NODE_PLATFORMS[system];
    const fits = platform !== undefined && ending === (platform === 'win-x64' ? 'zip' : 'tar.gz');
    if (!fits || !isNewEnough(version)) {
      say(`left out: ${name} (wanted are node-v22.19 or newer, .tar.gz, for Windows .zip)`);
      continue;
    }
    if (found.has(platform))
      throw new Error(`Two archives of Node for ${platform} lie in ${folder}: keep one.`);
    found.set(platform, {
      file: path.join(folder!, name),
      artifact: {
        id: `node-${version}-${platform}`,
        kind: 'node',
        provides: 'node',
        version,
        platform,
        name,
        licence: 'MIT',
      },
    });
  }
  const missing = Object.values(NODE_PLATFORMS).filter((platform) => !found.has(platform));
  if (missing.length > 0)
    say(`no Node for ${missing.join(', ')}: "Install Node" says there how to install it by hand`);
  return [...found.values()];
}

/** `DIR/<platform>/*.nupkg|whl|zip|tar.gz`: onnxruntime's CUDA provider and NVIDIA's runtime libraries. */
export async function findCudaArchives(
  folder: string | undefined,
  say: (line: string) => void,
): Promise<PublisherArchive[]> {
  const found: PublisherArchive[] = [];
  for (const platform of folder === undefined ? [] : PLATFORMS) {
    const below = path.join(folder!, platform);
    for (const name of existsSync(below) ? readdirSync(below).toSorted() : []) {
      const file = path.join(below, name);
      const read = /\.(zip|nupkg|whl)$/.test(name)
        ? readZip(file)
        : /\.(tar\.gz|tgz)$/.test(name)
          ? readTar(createReadStream(file).pipe(createGunzip()) as AsyncIterable<Uint8Array>)
          : null;
      let unpackedSize = 0;
      if (read && statSync(file).isFile())
        for await (const entry of read)
          if (placeOfCudaLibrary(entry.name) !== null) unpackedSize += entry.size;
      if (unpackedSize === 0) {
        say(`left out: ${platform}/${name} (no archive with libraries that can be opened everywhere)`);
        continue;
      }
      const safe = name.replace(/[^A-Za-z0-9._-]/g, '-');
      found.push({
        file,
        artifact: {
          id: `cuda-${platform}-${safe.toLowerCase().replace(/\.(tar\.gz|\w+)$/, '')}`.slice(0, 100),
          kind: 'cuda',
          provides: 'onnxruntime-node',
          version: '1',
          platform,
          name: safe,
          unpackedSize,
          licence: 'as its publisher says',
        },
      });
    }
  }
  if (found.length === 0)
    say('no CUDA: onnxruntime runs on the processor, or through WebGPU, DirectML or CoreML');
  return found;
}

function isNewEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major >= 24 || (major === 22 && minor >= 19);
}
