/** Fetched artifacts, the machine profile, and the child processes that try packages and engines. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus } from 'node:os';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { z } from 'zod';
import {
  EngineAnswer,
  ModuleTrial,
  NATIVE_MODULES,
  type MachineProfile,
} from '../../core/setup/acceleration.ts';
import { message, type Message } from '../../core/messages/message.ts';
import { saidTask } from '../../core/runs/task-words.ts';
import type { ModelsParts } from '../../models/open.ts';
import { thisMachine } from '../../plugin/system/platform.ts';
import { createMachineProfileFile } from '../../plugin/artifacts/machine-profile.ts';
import { createArtifacts } from '../../plugin/artifacts/artifacts.ts';
import { killProcess, startProcess } from '../../plugin/system/child-process.ts';
import { readSmallFile } from '../../plugin/system/files/regular-file.ts';
import type { Acceleration } from '../runs/task.ts';
import { type Trials, tryRuntime } from '../setup/benchmark-engines.ts';
import type { TrialRequest } from './trial-process.ts';

export type ChosenRuntime = Acceleration & {
  /** Options for `openModels`. Fetched packages are used only after they were tried on this machine. */
  chosen(): Promise<Pick<ModelsParts, 'runtimeFolders'> & { choice: MachineProfile | null }>;
};

type Parts = Pick<ModelsParts, 'weightFolders' | 'wasmFolder' | 'threads'> & {
  readonly bundleFile: string;
  readonly dataFolder: string;
  readonly now: () => number;
  /** The setting "Channel". */
  readonly channelSetting: string;
  /** Time limit for a trial of a compiled package. */
  readonly moduleLimitMs?: number;
};

const MODULE_LIMIT_MS = 30_000;
/** A graphics driver may compile its shaders for a minute at the first use. */
const ENGINE_LIMIT_MS = 150_000;

export function createChosenRuntime(parts: Parts): ChosenRuntime {
  const { bundleFile, dataFolder } = parts;
  const acceleration = createArtifacts({ ...parts, pluginDir: path.dirname(bundleFile) });
  const file = createMachineProfileFile(dataFolder);
  const byHand = path.join(dataFolder, 'runtime');
  const madeFor = async (): Promise<string> =>
    [
      thisMachine().name,
      ...hardware(),
      ...surroundings([byHand]),
      await acceleration.installedVersion(),
    ].join('; ');
  const folders = async (): Promise<string[]> => [
    ...(await acceleration.folders()).map((folder) => folder.folder),
    byHand,
  ];
  const choice = async (): Promise<MachineProfile | null> => {
    const kept = await file.read();
    return kept !== null && kept.madeFor === (await madeFor()) ? kept : null;
  };

  return {
    async state() {
      const hasNvidia = hasNvidiaDevice();
      const [{ artifacts: all, problems, ...state }, known] = await Promise.all([
        acceleration.state(),
        file.read(),
      ]);
      return {
        ...state,
        // Without an NVIDIA device CUDA, which has gigabytes, is not offered.
        artifacts: all.filter(
          ({ artifact, installed }) => artifact.kind !== 'cuda' || hasNvidia || installed,
        ),
        problems: known === null || known.madeFor === (await madeFor()) ? problems : [...problems, OUTDATED],
      };
    },
    install: (artifactId, options) => acceleration.install(artifactId, options),
    sweep: () => acceleration.sweep(),
    choice,

    async chosen() {
      const found = await choice();
      return { choice: found, runtimeFolders: found === null ? [byHand] : await folders() };
    },

    async tryOut({ say, signal }) {
      const trials = createTrials(parts, await folders());
      const tried = await tryRuntime(trials, { madeFor: await madeFor(), now: parts.now, say, signal });
      if (tried.choice) await file.write(tried.choice);
      return tried;
    },
  };
}

const OUTDATED = message('setup.profileOutdated', { task: saidTask('set-up') });

/** Processor and graphics devices: a profile is not used when the data folder was copied to a machine with others. */
function hardware(): string[] {
  const devices = ['/dev/nvidiactl', '/dev/dri/renderD128', '/dev/kfd', '/dev/dxg'].filter((device) =>
    existsSync(device),
  );
  return [cpus()[0]?.model.trim() ?? '', ...devices];
}

function hasNvidiaDevice(): boolean {
  // Windows has no device files: assumed to be there.
  return process.platform === 'win32' || existsSync('/dev/nvidiactl') || existsSync('/dev/dxg');
}

const Manifest = z.object({ version: z.string() });

/** Compiled packages that were installed in other ways, as in a checkout or a prepared container, with their versions. */
function surroundings(folders: readonly string[]): string[] {
  const places = [...folders.map((folder) => path.join(folder, 'package.json')), import.meta.url];
  return NATIVE_MODULES.flatMap((name) =>
    places.flatMap((place) => {
      try {
        const main = createRequire(place).resolve(name);
        const home = main.slice(0, main.lastIndexOf(path.join('node_modules', name)));
        const manifest = path.join(home, 'node_modules', name, 'package.json');
        const { version } = Manifest.parse(JSON.parse(readSmallFile(manifest, { links: 'follow' })));
        return [`${home}${name} ${version}`];
      } catch {
        return [];
      }
    }),
  );
}

function createTrials(
  { bundleFile, weightFolders, wasmFolder, threads, moduleLimitMs = MODULE_LIMIT_MS }: Parts,
  runtimeFolders: readonly string[],
): Trials {
  const ask = (what: TrialRequest['what'], limitMs: number, signal: AbortSignal): Promise<ChildEnd> =>
    runChild(bundleFile, { parent: process.pid, limitMs, runtimeFolders: [...runtimeFolders], what }, signal);
  return {
    async module(name, signal) {
      const { text, reason } = await ask({ kind: 'module', name }, moduleLimitMs, signal);
      return parseAnswer(ModuleTrial, text) ?? { state: 'fails', reason, providers: [] };
    },

    async engine(engine, provider, signal) {
      const { text, reason } = await ask(
        { kind: 'engine', engine, provider, weightFolders: [...weightFolders], wasmFolder, threads },
        ENGINE_LIMIT_MS,
        signal,
      );
      return parseAnswer(EngineAnswer, text) ?? { framesPerSecond: null, reason };
    },
  };
}

/** Null when there is no answer or not a valid one. */
function parseAnswer<Answer>(schema: z.ZodType<Answer>, text: string | null): Answer | null {
  if (text === null) return null;
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

type ChildEnd = {
  /** The answer; null: none. */
  readonly text: string | null;
  /** Why there is no valid answer, to follow "because". */
  readonly reason: Message;
};

/** An answer has a few hundred bytes. */
const MAX_ANSWER_BYTES = 64 << 10;

const NONSENSE = message('setup.trial.reason.unreadable');

/** Ignores the child's stdout: a library may write to it, and ours must hold only the one JSON for Stash. */
async function runChild(bundleFile: string, request: TrialRequest, signal: AbortSignal): Promise<ChildEnd> {
  const child = startProcess(
    process.execPath,
    ['--no-warnings', bundleFile, '--try-native', JSON.stringify(request)],
    {
      // The last pipe is `ANSWER_FD` of the child.
      stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    },
  );
  let answer = Buffer.alloc(0);
  let said = '';
  let isTooLong = false;
  let isTimedOut = false;
  const kill = (): void => killProcess(child);
  const timer = setTimeout(() => {
    isTimedOut = true;
    kill();
  }, request.limitMs);
  signal.addEventListener('abort', kill);
  const pipe = child.stdio[3] as Readable | null;
  pipe?.on('error', () => undefined);
  pipe?.on('data', (chunk: Buffer) => {
    if (answer.length + chunk.length > MAX_ANSWER_BYTES) {
      isTooLong = true;
      kill();
    } else answer = Buffer.concat([answer, chunk]);
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said = `${said}${text}`.slice(-4000);
  });
  try {
    const end = await new Promise<string | Error>((resolve) => {
      child.once('error', resolve);
      child.once('close', (code, killedBy) => resolve(killedBy ?? `exit code ${code ?? 0}`));
    });
    if (isTooLong)
      return {
        text: null,
        reason: message('setup.trial.reason.endless', { kilobytes: MAX_ANSWER_BYTES >> 10 }),
      };
    if (answer.length > 0) return { text: answer.toString('utf8'), reason: NONSENSE };
    if (isTimedOut)
      return {
        text: null,
        reason: message('setup.trial.reason.late', { seconds: request.limitMs / 1000 }),
      };
    if (end instanceof Error)
      return {
        text: null,
        reason: message('setup.trial.reason.notStarted', { problem: end.message }),
      };
    return {
      text: null,
      reason: message('setup.trial.reason.ended', { end: [end, ...errorLine(said)].join(': ') }),
    };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', kill);
  }
}

/** The line of stderr in which the loader or Node names the error, without Node's stack trace. */
function errorLine(said: string): string[] {
  const line = said.split('\n').find((text) => /symbol lookup|relocating|not found|error:|Error:/.test(text));
  return line === undefined ? [] : [line.trim().slice(0, 200)];
}
