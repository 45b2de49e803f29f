/** "Update people" on the double: how long it takes to learn people of one picture each. */
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { startStashDouble } from '../../double/stash-double.ts';
import { connectStash } from '../../e2e/stash.ts';
import { npmFfmpeg, npmFfprobe } from '../../fixtures/footage.ts';
import { peoplePictures } from './pictures.ts';
import { cpuSecondsOf } from '../resources.ts';

export type UpdateTimes = {
  readonly people: number;
  readonly seconds: number;
  /** Of the plugin's processes; null elsewhere than on Linux. */
  readonly cpuSeconds: number | null;
};

export async function measureUpdate({
  root,
  people,
  engine,
}: {
  root: string;
  people: number;
  engine: 'native' | 'wasm';
}): Promise<UpdateTimes> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'stash-sense-bench-'));
  const pictures = await peoplePictures(path.join(root, '.scratch/people'), people);
  const double = await startStashDouble({
    configDir: path.join(folder, 'config'),
    pluginDirs: ['stash-sense', 'stash-sense-faces'].map((name) => path.join(root, 'dist', name)),
    ffmpegPath: npmFfmpeg,
    ffprobePath: npmFfprobe,
    env: { STASH_SENSE_ENGINE: engine },
  });
  try {
    for (const [n, image] of pictures.entries()) double.library.addPerformer({ name: `Person ${n}`, image });
    const stash = connectStash(double.url);
    await stash.ask('mutation($input: Map!) { configurePlugin(plugin_id: "stash-sense", input: $input) }', {
      input: { threads: 2, sliceMinutes: 240 },
    });
    const began = performance.now();
    const cpu = new Map<number, number>();
    const watch = setInterval(() => {
      for (const pid of double.processIds()) cpu.set(pid, cpuSecondsOf(pid) ?? cpu.get(pid) ?? 0);
    }, 100);
    await stash.waitForJob(await stash.startTask('Update people'), { timeoutMs: 3_600_000 });
    await stash.waitForIdle();
    clearInterval(watch);
    return {
      people: pictures.length,
      seconds: (performance.now() - began) / 1000,
      cpuSeconds: process.platform === 'linux' ? [...cpu.values()].reduce((sum, one) => sum + one, 0) : null,
    };
  } finally {
    await double.close();
    await rm(folder, { recursive: true, force: true });
  }
}
