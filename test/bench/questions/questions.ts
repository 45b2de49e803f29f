/** How long a question of the page takes, cold: `launch.sh`, Node, our program, and what it asks Stash, a process a question. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { sessionCookie } from '../../double/plugins/process.ts';
import { cpuSecondsOfChildren } from '../resources.ts';
import { scannedLibrary, type ScannedLibrary } from './library.ts';

export type QuestionTimes = {
  readonly question: string;
  /** From the start of the launcher to the end of the process, milliseconds. */
  readonly least: number;
  readonly median: number;
  /** Of the processor, mean, milliseconds; null elsewhere than on Linux. */
  readonly cpu: number | null;
  /** Of Stash's GraphQL, in one process. */
  readonly requests: number;
  readonly answerBytes: number;
};

/** The questions in turns, `runs` times, after each was asked three times, so that their code is kept. */
export async function measureQuestions({
  scenes,
  runs,
  pluginDir,
  weightsDir,
}: {
  readonly scenes: number;
  readonly runs: number;
  readonly pluginDir: string;
  readonly weightsDir: string;
}): Promise<readonly QuestionTimes[]> {
  const library = await scannedLibrary(scenes, { pluginDir, weightsDir });
  const questions = Object.entries({
    status: {},
    'scene.faces': { sceneId: library.sceneId },
    // The pictures that a window of 1280 x 800 shows.
    'suggestions.list': { pictures: 16 },
    'settings.get': {},
  }).map(([mode, input]) => ({ mode, input, asked: [] as Asked[] }));
  try {
    for (let n = 0; n < runs + 3; n++)
      for (const question of questions) {
        const asked = await askOnce(library, pluginDir, question);
        if (n >= 3) question.asked.push(asked);
      }
  } finally {
    await library.close();
  }
  return questions.map(({ mode, asked }) => summaryOf(mode, asked));
}

export function summaryOf(question: string, asked: readonly Asked[]): QuestionTimes {
  const ms = asked.map((one) => one.ms).toSorted((a, b) => a - b);
  const last = asked.at(-1)!;
  const cpu = asked.map((one) => one.cpu);
  return {
    question,
    least: ms[0]!,
    median: ms[Math.floor(ms.length / 2)]!,
    cpu: cpu.includes(null) ? null : cpu.reduce((sum: number, one) => sum + one!, 0) / cpu.length,
    requests: last.requests,
    answerBytes: last.answerBytes,
  };
}

type Asked = Pick<QuestionTimes, 'cpu' | 'requests' | 'answerBytes'> & { readonly ms: number };

/** Started as Stash starts it. */
export async function askOnce(
  { double }: Pick<ScannedLibrary, 'double'>,
  pluginDir: string,
  { mode, input }: { mode: string; input: object },
): Promise<Asked> {
  const { protocol, hostname, port } = new URL(double.url);
  const given = {
    server_connection: {
      Scheme: protocol.replace(':', ''),
      Host: hostname,
      Port: Number(port),
      SessionCookie: sessionCookie(double.createCookie()),
      Dir: double.configDir,
      PluginDir: pluginDir,
    },
    args: { mode, input },
  };
  const before = { calls: double.calls.length, cpu: cpuSecondsOfChildren(), at: performance.now() };
  const child = spawn('sh', [path.join(pluginDir, 'launch.sh'), '--stash'], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  child.stdin.end(JSON.stringify(given));
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  await once(child, 'close');
  const ms = performance.now() - before.at;
  const cpu = cpuSecondsOfChildren();
  const text = Buffer.concat(chunks).toString('utf8');
  const { output } = JSON.parse(text) as { output?: { operationError?: unknown } };
  if (output === undefined || output.operationError !== undefined) throw new Error(`${mode}: ${text}`);
  return {
    ms,
    cpu: cpu === null || before.cpu === null ? null : 1000 * (cpu - before.cpu),
    requests: double.calls.length - before.calls,
    answerBytes: text.length,
  };
}
