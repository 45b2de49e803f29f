/** The double with our plugin and an empty library, in a folder of its own, for a bench to fill. */
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { startStashDouble, type StashDouble } from '../../double/stash-double.ts';
import { npmFfmpeg, npmFfprobe } from '../../fixtures/footage.ts';

export type BenchFolders = { readonly pluginDir: string; readonly weightsDir: string };

export type BenchLibrary = {
  readonly double: StashDouble;
  /** Holds Stash's config folder, and the media that the bench makes. */
  readonly folder: string;
  /** Ends the double and removes the folder. */
  close(): Promise<void>;
};

/** @param fill what it returns is told of the library; where it fails, the library is closed */
export async function openLibrary<Filled extends object>(
  { pluginDir, weightsDir }: BenchFolders,
  fill: (library: Omit<BenchLibrary, 'close'>) => Promise<Filled>,
): Promise<BenchLibrary & Filled> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'stash-sense-bench-'));
  const double = await startStashDouble({
    configDir: path.join(folder, 'config'),
    pluginDirs: [pluginDir, weightsDir],
    ffmpegPath: npmFfmpeg,
    ffprobePath: npmFfprobe,
  });
  const close = async (): Promise<void> => {
    await double.close();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    return { ...(await fill({ double, folder })), double, folder, close };
  } catch (error) {
    await close();
    throw error;
  }
}
