/** A whole library on the double: how soon the first suggestions are there, whether memory stays flat, how long operations take. */
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openStore } from '../../plugin/store/store.ts';
import { startStashDouble } from '../double/stash-double.ts';
import { connectStash } from '../e2e/stash.ts';
import { makeSmallLibrary, npmFfmpeg, npmFfprobe } from '../fixtures/footage.ts';
import { watchResources } from './resources.ts';

export type LibraryTimes = {
  readonly scenes: number;
  readonly scanned: number;
  readonly peopleSeconds: number;
  /** From the start of the scan; null: the run was ended before. */
  readonly firstHundredSeconds: number | null;
  readonly scenesPerHour: number;
  readonly peakBytes: number | null;
  /** Megabytes of resident memory that a thousand more scenes add, from the second half of the run. */
  readonly growthMbPerThousand: number | null;
  readonly cropMbPerThousand: number;
  readonly databaseMbPerThousand: number;
  /** Median of several cold processes, milliseconds, through the double's HTTP. */
  readonly operationMs: Readonly<Record<string, number>>;
};

/** `scenes` in the library, of which about `scanAtLeast` are looked at before it is stopped. */
export async function measureLibrary({
  scenes,
  scanAtLeast,
  pluginDir,
  weightsDir,
  engine,
}: {
  scenes: number;
  scanAtLeast: number;
  pluginDir: string;
  weightsDir: string;
  engine: 'native' | 'wasm';
}): Promise<LibraryTimes> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'stash-sense-bench-'));
  const configDir = path.join(folder, 'config');
  const library = await makeSmallLibrary(path.join(folder, 'media'));
  const double = await startStashDouble({
    configDir,
    pluginDirs: [pluginDir, weightsDir],
    ffmpegPath: npmFfmpeg,
    ffprobePath: npmFfprobe,
    env: { STASH_SENSE_ENGINE: engine, ...(engine === 'wasm' && { STASH_SENSE_PORTABLE: '1' }) },
  });
  try {
    for (const { name, picture } of library.performers)
      double.library.addPerformer({
        name,
        ...(picture !== null && { image: path.join(library.folder, picture) }),
      });
    const clips = library.scenes.filter((scene) => !scene.damaged);
    for (let n = 0; n < scenes; n++) {
      const clip = clips[n % clips.length]!;
      const file = double.library.addFile({
        kind: 'video',
        path: path.join(library.folder, clip.file),
        duration: 16,
        width: 640,
        height: 360,
        videoCodec: 'h264',
        format: 'mp4',
        // Each counts as another film, so that each is looked at.
        fingerprints: [{ type: 'oshash', value: n.toString(16).padStart(16, '0') }],
      });
      double.library.addScene({ title: `${clip.title} ${n}`, fileIds: [file.id] });
    }
    const stash = connectStash(double.url);
    await stash.ask('mutation($input: Map!) { configurePlugin(plugin_id: "stash-sense", input: $input) }', {
      input: { threads: engine === 'wasm' ? 1 : 2, sliceMinutes: 240 },
    });

    const peopleBegan = performance.now();
    await stash.waitForJob(await stash.startTask('Update people'), { timeoutMs: 600_000 });
    const peopleSeconds = (performance.now() - peopleBegan) / 1000;

    const began = performance.now();
    const job = await stash.startTask('Scan library');
    while (double.processIds().length === 0) await sleep(20);
    const resources = watchResources(double.processIds()[0], 100);
    const store = await openStore({ folder: path.join(configDir, 'stash-sense') });
    let firstHundredSeconds: number | null = null;
    let scanned = 0;
    const marks: { atMs: number; scanned: number }[] = [];
    for (;;) {
      await sleep(500);
      ({ done: scanned } = await store.work.counts('scan'));
      marks.push({ atMs: performance.now(), scanned });
      const { total } = await store.suggestions.list({ state: 'open' }, 'newest', 1, 0);
      if (total >= 100) firstHundredSeconds ??= (performance.now() - began) / 1000;
      const over = (await stash.jobs()).length === 0;
      if (over || (scanned >= scanAtLeast && firstHundredSeconds !== null)) break;
    }
    const seconds = (performance.now() - began) / 1000;
    const { peakBytes, samples } = resources.stop();
    await stash.ask('mutation($id: ID!) { stopJob(job_id: $id) }', { id: job });
    const sizes = await store.sizes();
    const { observations } = await store.observations.size();
    await store.close();

    const operationMs: Record<string, number> = {};
    for (const [name, input] of [
      ['status', {}],
      ['scene.faces', { sceneId: String(scenes - 1) }],
      ['suggestions.list', {}],
      ['journal.list', {}],
      ['people.info', {}],
      ['settings.get', {}],
    ] as const) {
      const times: number[] = [];
      for (let n = 0; n < 9; n++) {
        const at = performance.now();
        await stash.operation(name, input);
        times.push(performance.now() - at);
      }
      operationMs[name] = times.toSorted((a, b) => a - b)[4]!;
    }

    return {
      scenes,
      scanned,
      peopleSeconds,
      firstHundredSeconds,
      scenesPerHour: (scanned / seconds) * 3600,
      peakBytes,
      growthMbPerThousand: growth(samples, marks),
      cropMbPerThousand: (sizes.cropBytes / 1e6 / Math.max(1, observations)) * 1000,
      databaseMbPerThousand: (sizes.databaseBytes / 1e6 / Math.max(1, observations)) * 1000,
      operationMs,
    };
  } finally {
    await double.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Slope of memory over scenes (least squares) in the second half, when everything is warm. */
function growth(
  samples: readonly { atMs: number; bytes: number }[],
  marks: readonly { atMs: number; scanned: number }[],
): number | null {
  const late = samples.slice(Math.floor(samples.length / 2));
  const points = late.flatMap(({ atMs, bytes }) => {
    const mark = marks.findLast((candidate) => candidate.atMs <= atMs);
    return mark ? [{ x: mark.scanned / 1000, y: bytes / 1e6 }] : [];
  });
  if (points.length < 5) return null;
  const meanX = points.reduce((sum, point) => sum + point.x, 0) / points.length;
  const meanY = points.reduce((sum, point) => sum + point.y, 0) / points.length;
  const spread = points.reduce((sum, point) => sum + (point.x - meanX) ** 2, 0);
  return spread === 0
    ? null
    : points.reduce((sum, point) => sum + (point.x - meanX) * (point.y - meanY), 0) / spread;
}
