/** Artifacts that were fetched into `<data>/runtime` and `<data>/models`, and those that can be. */
import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { StashSenseError } from '../../core/errors.ts';
import { message, type Message } from '../../core/messages/message.ts';
import type { Artifact } from '../../core/setup/acceleration.ts';
import { diskProblem } from '../system/disk-error.ts';
import { fetchArtifact, type FetchOptions } from './download.ts';
import { findChannel, shownUrl } from './channel.ts';
import { type Machine, incompatibility, thisMachine } from '../system/platform.ts';
import { eraseMade } from '../system/files/erase-made.ts';
import { openInventory, INSTALL_RECEIPT, setAside } from '../system/files/inventory.ts';
import { isLink, makeFolder } from '../system/files/own-files.ts';
import { readManifest } from './manifest.ts';
import { composeCuda, placeOfCudaLibrary } from './cuda.ts';
import { isUnharmed, isUnpacked, sha256Of } from './install-receipt.ts';
import { unpackArtifact } from './unpack.ts';

export type ArtifactState = { readonly artifact: Artifact; readonly installed: boolean };

export type ArtifactsState = {
  /** `Linux x64, glibc 2.36`. */
  readonly machine: string;
  /** Address of the channel without password or query, for display; null: none is known. */
  readonly channel: string | null;
  /** What this version of the plugin may fetch for this machine. Node is not included: the launcher fetches it. */
  readonly artifacts: readonly ArtifactState[];
  readonly problems: readonly Message[];
};

export type Artifacts = {
  /** Reads the disk, not the network. */
  state(): Promise<ArtifactsState>;
  /**
  Fetches and unpacks one artifact without loading it. Does nothing when it is installed.
  @throws StashSenseError `fetch-failed`, `stopped`, `not-found`
  */
  install(artifactId: string, options?: Pick<FetchOptions, 'onProgress' | 'signal'>): Promise<void>;
  /** One folder with a `node_modules` for each installed native package, and the package it provides. */
  folders(): Promise<
    { readonly provides: string; readonly folder: string; readonly installedVersion: string }[]
  >;
  /** Short hashes of the installed native packages and CUDA: differs whenever one is added, removed or replaced. Reads the disk only. */
  installedVersion(): Promise<string>;
  /**
  Removes what crashes and older versions left, and artifacts whose files differ from their receipt (reads and hashes all of
  them), so that they are fetched anew. Does nothing when this version's manifest cannot be read.
  @returns the bytes removed; `kept`: the new places of changed files and files we did not make, which are never deleted
  */
  sweep(): Promise<{ readonly bytes: number; readonly kept: readonly string[] }>;
};

export function createArtifacts(parts: {
  readonly pluginDir: string;
  readonly dataFolder: string;
  /** The setting "Channel". */
  readonly channelSetting: string;
  readonly machine?: Machine;
  readonly fetching?: Pick<FetchOptions, 'freeBytes' | 'retryDelaysMs' | 'silenceMs'>;
}): Artifacts {
  const { pluginDir, dataFolder, channelSetting, fetching = {} } = parts;
  // Lazy: most processes do not need it, and it costs milliseconds.
  const machine = (): Machine => parts.machine ?? thisMachine();
  const home = path.join(dataFolder, 'runtime');
  const downloads = path.join(home, 'downloads');
  const models = path.join(dataFolder, 'models');
  /** The folder the artifact is unpacked to; a model is a single file. */
  const placeOf = (artifact: Artifact): string =>
    artifact.kind === 'model' ? path.join(models, artifact.name) : path.join(home, artifact.id);
  const inventory = openInventory(dataFolder);
  let reading: ReturnType<typeof readManifest> | null = null;
  const manifest = (): ReturnType<typeof readManifest> => (reading ??= readManifest(pluginDir));
  const wanted = async (): Promise<Artifact[]> =>
    (await manifest()).manifest.artifacts.filter(
      (artifact) => artifact.kind !== 'node' && incompatibility(artifact, machine()) === null,
    );

  async function isInstalled(artifact: Artifact): Promise<boolean> {
    if (artifact.kind !== 'model') return await isUnpacked(placeOf(artifact), artifact);
    return (await sizeOf(placeOf(artifact))) === artifact.size;
  }

  async function isDamaged(artifact: Artifact): Promise<boolean> {
    if (artifact.kind !== 'model') return !(await isUnharmed(placeOf(artifact)));
    return (await sha256Of(placeOf(artifact))) !== artifact.sha256;
  }

  async function erase(place: string): Promise<number> {
    const name = path.relative(dataFolder, place).split(path.sep).join('/');
    return (await eraseMade(dataFolder, { below: [name], inventory })).bytes;
  }

  async function dropDamaged(): Promise<{ bytes: number; kept: string[] }> {
    let bytes = 0;
    const kept: string[] = [];
    const discard = async (place: string): Promise<void> => {
      bytes += await erase(place);
      const left = setAside(place);
      if (left !== null) kept.push(left);
    };
    for (const artifact of await wanted()) {
      if (!(await isInstalled(artifact)) || !(await isDamaged(artifact))) continue;
      if (isLink(artifact.kind === 'model' ? models : home)) continue;
      const place = placeOf(artifact);
      if (artifact.kind === 'model' && !inventory.has(place)) continue;
      await discard(place);
      // Composed CUDA folders hold hard links to the same files; `composeCuda` rebuilds them when they are used.
      for (const { id } of await wanted()) {
        const composed = path.join(home, `${id}-cuda`);
        if (existsSync(path.join(composed, INSTALL_RECEIPT))) await discard(composed);
      }
    }
    return { bytes, kept };
  }

  return {
    async state() {
      const { manifest: known, problem } = await manifest();
      const problems = problem === null ? [] : [problem];
      let channel: string | null = null;
      try {
        const found = await findChannel({ setting: channelSetting, builtIn: known.channelUrl, pluginDir });
        channel = found && shownUrl(found.base);
      } catch (error) {
        if (!(error instanceof StashSenseError)) throw error;
        problems.push(error.said);
      }
      const states = await Promise.all(
        (await wanted()).map(async (artifact) => ({ artifact, installed: await isInstalled(artifact) })),
      );
      return { machine: machine().name, channel, artifacts: states, problems };
    },

    async install(artifactId, options = {}) {
      const artifact = (await wanted()).find((entry) => entry.id === artifactId);
      if (!artifact)
        throw new StashSenseError(
          'not-found',
          message('fetch.unknownArtifact', { id: artifactId, machine: machine().name }),
        );
      if (await isInstalled(artifact)) return;
      const { manifest: known } = await manifest();
      const channel = await findChannel({ setting: channelSetting, builtIn: known.channelUrl, pluginDir });
      if (!channel) throw new StashSenseError('fetch-failed', message('fetch.noChannel'));
      const into = artifact.kind === 'model' ? models : downloads;
      try {
        if (artifact.kind !== 'model') makeFolder(home);
      } catch (error) {
        throw new StashSenseError(
          'fetch-failed',
          message('fetch.notKept', { name: artifact.name, problem: diskProblem(error, home) }),
          { cause: error },
        );
      }
      const archive = await fetchArtifact(artifact, {
        ...fetching,
        ...options,
        base: channel.base,
        folder: into,
        inventory,
      });
      if (artifact.kind === 'model') return;
      await unpackArtifact(archive, artifact, {
        into: placeOf(artifact),
        inventory,
        signal: options.signal,
        ...(artifact.kind === 'cuda' && { place: placeOfCudaLibrary }),
      });
      await erase(archive);
    },

    async folders() {
      const found: { provides: string; folder: string; installedVersion: string }[] = [];
      const installed = await Promise.all(
        (await wanted()).map(async (artifact) => ((await isInstalled(artifact)) ? [artifact] : [])),
      ).then((lists) => lists.flat());
      for (const artifact of installed.filter((candidate) => candidate.kind === 'runtime')) {
        const base = { artifact, folder: placeOf(artifact) };
        const additions = installed
          .filter(
            (candidate) =>
              candidate.kind === 'cuda' && candidate.provides === artifact.provides && !isLink(home),
          )
          .map((candidate) => ({ artifact: candidate, folder: placeOf(candidate) }));
        const folder =
          (additions.length > 0 && (await composeCuda(home, base, additions, inventory))) || base.folder;
        const installedVersion = [base, ...additions]
          .map((addition) => versionOf(addition.artifact))
          .join('+');
        found.push({ provides: artifact.provides, folder, installedVersion });
      }
      return found;
    },

    async installedVersion() {
      const versions: string[] = [];
      for (const artifact of (await wanted()).filter(
        (candidate) => candidate.kind === 'runtime' || candidate.kind === 'cuda',
      ))
        if (await isInstalled(artifact)) versions.push(versionOf(artifact));
      return versions.join('+');
    },

    async sweep() {
      if (!(await manifest()).isKnown) return { bytes: 0, kept: [] };
      // `node_modules`: a user may install native packages there by hand.
      const keep = new Set(['downloads', 'node', 'node_modules']);
      for (const artifact of await wanted()) keep.add(artifact.id).add(`${artifact.id}-cuda`);
      const damaged = await dropDamaged();
      let { bytes } = damaged;
      for (const entry of await list(home))
        if (entry.isDirectory() && !keep.has(entry.name)) bytes += await erase(path.join(home, entry.name));
      const partials = new Set(
        (await wanted()).map((artifact) => `${artifact.name}.${artifact.sha256.slice(0, 8)}.part`),
      );
      for (const entry of await list(downloads))
        if (!partials.has(entry.name)) bytes += await erase(path.join(downloads, entry.name));
      return { bytes, kept: damaged.kept };
    },
  };
}

function versionOf({ sha256 }: Artifact): string {
  return sha256.slice(0, 12);
}

async function list(folder: string): Promise<{ name: string; isDirectory(): boolean }[]> {
  return await readdir(folder, { withFileTypes: true }).catch(() => []);
}

async function sizeOf(file: string): Promise<number | null> {
  return await stat(file).then(
    (stats) => (stats.isFile() ? stats.size : null),
    () => null,
  );
}
