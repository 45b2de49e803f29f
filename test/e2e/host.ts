/**
Where the suite runs: a real Stash on this machine (`STASH_URL`), or the double.

Both are driven over GraphQL alone; only how they are started differs.
*/
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { execFile } from 'node:child_process';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { npmFfmpeg, npmFfprobe } from '../fixtures/footage.ts';
import type { EndedJob, Stash } from './stash.ts';
import { openDouble } from './host-double.ts';
import { openRealStash } from './host-real.ts';

const run = promisify(execFile);

export type Host = {
  readonly kind: 'double' | 'stash';
  readonly version: string;
  readonly stash: Stash;
  /** Where its config.yml lies. */
  readonly configDir: string;
  /** Stash ends and begins anew: its queue is gone, its job ids begin at 1. Null: it cannot be done from here. */
  readonly restart: (() => Promise<void>) | null;
  /** Scratch of this suite, gone after `close`. Stash's library is inside. */
  readonly folder: string;
  /** Files that were given to ffmpeg as input since the last call. */
  readonly decoded: () => Promise<string[]>;
  close(): Promise<void>;
};

export type Started = Pick<Host, 'kind' | 'version' | 'stash' | 'configDir' | 'restart'> & {
  close(): Promise<void>;
};

export async function openHost(): Promise<Host> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'stash-sense-e2e-'));
  const spy = await spyOnFfmpeg(path.join(folder, 'bin'));
  const url = process.env['STASH_URL'];
  try {
    const started =
      url === undefined || url === ''
        ? await openDouble({ folder, ffmpegPath: spy.ffmpeg, ffprobePath: spy.ffprobe })
        : await openRealStash(url.replace(/\/+$/, ''), spy);
    return {
      ...started,
      folder,
      decoded: spy.decoded,
      async close() {
        await started.close();
        await rm(folder, { recursive: true, force: true });
      },
    };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

/**
Runs a task. Stash's log shows 30 lines, of earlier calls too: `said` is what the plugin told it from the start of this task,
oldest first, each line with its level in front.
*/
export async function runTaskAndRead(stash: Stash, name: string): Promise<EndedJob & { said: string[] }> {
  const [newest] = await stash.logs();
  const ended = await stash.runTask(name);
  const lines = await stash.logs();
  const old = lines.findIndex((line) => line.time === newest?.time && line.message === newest.message);
  const said = lines
    .slice(0, old === -1 ? lines.length : old)
    .filter(({ message }) => message.startsWith('[Plugin / Stash Sense]'))
    .map(({ level, message }) => `${level} ${message}`)
    .toReversed();
  return { ...ended, said };
}

/** Every process whose command line names `text`: what is left over of us. */
export async function processesNaming(text: string): Promise<string[]> {
  const { stdout } = await run('ps', ['-eo', 'pid,args', '-ww']);
  return stdout.split('\n').filter((line) => line.includes(text) && !line.includes('ps -eo'));
}

/** An ffmpeg and an ffprobe that write down what they are asked and hand over to the real ones. */
async function spyOnFfmpeg(
  folder: string,
): Promise<{ ffmpeg: string; ffprobe: string; decoded: () => Promise<string[]> }> {
  await mkdir(folder, { recursive: true });
  const log = path.join(folder, 'asked.log');
  const hand = async (name: string, real: string): Promise<string> => {
    const file = path.join(folder, name);
    await writeFile(
      file,
      `#!/bin/sh\nfor it in "$@"; do printf '%s\\n' "${name} $it" >> '${log}'; done\nexec '${real}' "$@"\n`,
    );
    await chmod(file, 0o755);
    return file;
  };
  const [ffmpeg, ffprobe] = await Promise.all([
    hand('ffmpeg', await systemOr('ffmpeg', npmFfmpeg)),
    hand('ffprobe', await systemOr('ffprobe', npmFfprobe)),
  ]);
  return {
    ffmpeg,
    ffprobe,
    async decoded() {
      const text = await readFile(log, 'utf8').catch(() => '');
      await rm(log, { force: true });
      const files = text
        .split('\n')
        .filter((line) => /^ffmpeg .*\.(mp4|mkv)$/.test(line))
        .map((line) => path.basename(line.slice('ffmpeg '.length).replace(/^file:/, '')));
      return [...new Set(files)].toSorted();
    },
  };
}

/** Stash of today refuses the npm packages' ffmpeg of 2018 for nothing we need, yet the system's is what users have. */
async function systemOr(name: string, fallback: string): Promise<string> {
  for (const folder of (process.env['PATH'] ?? '').split(path.delimiter)) {
    const file = path.join(folder, name);
    const works = await run(file, ['-version']).then(
      () => true,
      () => false,
    );
    if (works) return file;
  }
  return fallback;
}
