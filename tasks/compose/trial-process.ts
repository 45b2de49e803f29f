/** The child process in which "Set up" tries code that may crash: `main.mjs --try-native REQUEST`. */
import { writeSync } from 'node:fs';
import { z } from 'zod';
import { message } from '../../core/messages/message.ts';
import type { Log } from '../../core/ports/log.ts';
import type { Scratch } from '../../core/ports/media.ts';
import { type EngineAnswer, NATIVE_MODULES } from '../../core/setup/acceleration.ts';
import { modelsOf } from '../../models/catalog/catalog.ts';
import { drawFace } from '../../models/faces/drawn-face.ts';
import { tryNative } from '../../models/trial.ts';
import { openModels } from '../../models/open.ts';
import { providerProblem } from '../../models/onnx/providers.ts';
import { dieWithParent } from '../../plugin/system/exit-with-parent.ts';
import { packInUse } from './pack-in-use.ts';
import { selfTest } from '../setup/self-test.ts';

export const TRY_NATIVE = '--try-native';

export const TrialRequest = z.object({
  /** Process id of the process that started the trial. */
  parent: z.int(),
  limitMs: z.number(),
  runtimeFolders: z.array(z.string()),
  what: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('module'), name: z.enum(NATIVE_MODULES) }),
    z.object({
      kind: z.literal('engine'),
      engine: z.enum(['native', 'wasm']),
      provider: z.string(),
      weightFolders: z.array(z.string()),
      wasmFolder: z.string(),
      threads: z.int(),
    }),
  ]),
});
export type TrialRequest = z.infer<typeof TrialRequest>;

const MEASURED_MS = 2000;
/** Added to the limit: usually the parent enforces it and reports the timeout; this ends the child when the parent has died. */
const GRACE_MS = 5000;

/** Pipe to the parent for the answer only, since a library may write to stdout. */
export const ANSWER_FD = 3;

export async function runTrial(argument: string | undefined): Promise<void> {
  const request = TrialRequest.parse(JSON.parse(argument ?? ''));
  dieWithParent({ parent: request.parent, deadlineMs: request.limitMs + GRACE_MS });
  const { what, runtimeFolders } = request;
  const answer =
    what.kind === 'module'
      ? await tryNative(what.name, runtimeFolders)
      : await tryEngine(what, runtimeFolders);
  try {
    // The newline makes it a valid message also when this pipe is Node's IPC channel.
    writeSync(ANSWER_FD, `${JSON.stringify(answer)}\n`);
  } catch {
    // The parent has ended.
  }
  // Explicit exit: a graphics driver may keep the event loop alive.
  process.exit(0);
}

async function tryEngine(
  what: Extract<TrialRequest['what'], { kind: 'engine' }>,
  runtimeFolders: readonly string[],
): Promise<EngineAnswer> {
  const models = openModels({
    ...what,
    pack: packInUse,
    runtimeFolders,
    ffmpeg: null,
    scratch: noScratch,
    log: silent,
    // Only the engine and provider of this trial.
    env: { STASH_SENSE_ENGINE: what.engine, STASH_SENSE_PROVIDERS: what.provider },
  });
  try {
    const tested = await selfTest(await models.engine(), modelsOf(packInUse));
    if (!tested.ok)
      return {
        framesPerSecond: null,
        reason: message('setup.trial.reason.selfTest', { models: tested.wrongModels.join(', ') }),
      };
    const analyzer = await models.analyzer();
    const picture = drawFace();
    const { length: faces } = await analyzer.analyze(picture);
    if (faces !== 1)
      return { framesPerSecond: null, reason: message('setup.trial.reason.wrongFaces', { count: faces }) };
    const began = performance.now();
    let frames = 0;
    while (performance.now() - began < MEASURED_MS) {
      await analyzer.analyze(picture);
      frames++;
    }
    return { framesPerSecond: (frames * 1000) / (performance.now() - began), reason: null };
  } catch (error) {
    return { framesPerSecond: null, reason: providerProblem(what.provider, error) };
  }
}

/** Not used: only ffmpeg needs temporary files. */
const noScratch: Scratch = { withFile: () => Promise.reject(new Error('a trial writes no file')) };

const silent: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  progress: () => undefined,
};
