/** Finds out which compiled packages work on this machine, and which engine is the fastest. */
import {
  type Tried,
  type EngineTrial,
  type EngineAnswer,
  type ModuleTrial,
  NATIVE_MODULES,
  type NativeModule,
  type MachineProfile,
} from '../../core/setup/acceleration.ts';
import { engineLabel } from '../../core/setup/engine-label.ts';
import { message, plain, type Message } from '../../core/messages/message.ts';

/** Each trial runs in a process of its own: a crash or a hang is a result. */
export type Trials = {
  module(name: NativeModule, signal: AbortSignal): Promise<ModuleTrial>;
  /** Compares golden values, then measures pictures with one face per second; else gives the reason why the engine is not used. */
  engine(engine: 'native' | 'wasm', provider: string, signal: AbortSignal): Promise<EngineAnswer>;
};

/** In the order of the trials. */
const PROVIDERS = ['cpu', 'cuda', 'webgpu', 'dml', 'coreml'];
/** Factor by which a graphics card must be faster than the processor, to outweigh its memory use and the risks of its driver. */
const MIN_SPEEDUP = 1.15;

const TWINS: Record<NativeModule, string | Message> = {
  'onnxruntime-node': 'WASM',
  sharp: 'ffmpeg',
  usearch: message('setup.exactSearch'),
};

export async function tryRuntime(
  trials: Trials,
  options: {
    readonly madeFor: string;
    readonly now: () => number;
    readonly say: (said: Message, fraction: number) => void;
    readonly signal: AbortSignal;
  },
): Promise<Tried> {
  const { madeFor, now, say, signal } = options;
  const modules: Partial<MachineProfile['modules']> = {};
  const failures: Message[] = [];
  let providers: readonly string[] = [];
  for (const [n, name] of NATIVE_MODULES.entries()) {
    signal.throwIfAborted();
    say(message('setup.isTrying', { name }), (0.3 * n) / NATIVE_MODULES.length);
    const trial = await trials.module(name, signal);
    const words = wordsOf(name, trial);
    modules[name] = { ok: trial.state === 'works', message: words };
    if (trial.state === 'fails') failures.push(words);
    if (name === 'onnxruntime-node' && trial.state === 'works') ({ providers } = trial);
  }

  const wanted: [engine: 'native' | 'wasm', provider: string][] = [
    ...PROVIDERS.filter((provider) => providers.includes(provider)).map(
      (provider) => ['native', provider] as ['native', string],
    ),
    ['wasm', 'wasm'],
  ];
  const tried: EngineTrial[] = [];
  for (const [n, [engine, provider]] of wanted.entries()) {
    signal.throwIfAborted();
    const name = engineLabel({ name: engine, provider });
    say(message('setup.isMeasuring', { name }), 0.3 + (0.7 * n) / wanted.length);
    const { framesPerSecond, reason } = await trials.engine(engine, provider, signal);
    tried.push({
      engine,
      provider,
      ok: framesPerSecond !== null,
      framesPerSecond,
      message:
        framesPerSecond === null
          ? message('setup.trial.engineNotUsed', { engine: name, reason: withoutStop(reason) })
          : message('setup.trial.engineRate', { engine: name, rate: framesPerSecond }),
    });
  }
  // An abort also ends a trial, which is no failure of the engine.
  signal.throwIfAborted();
  // A package that loads but does not work on the processor counts as failed.
  const onProcessor = tried.find((trial) => trial.engine === 'native' && trial.provider === 'cpu');
  if (onProcessor?.ok === false) failures.push(onProcessor.message);
  const best = fastest(tried);
  return {
    choice: best && {
      madeFor,
      at: now(),
      engine: { engine: best.engine, provider: best.provider },
      modules: modules as MachineProfile['modules'],
      engines: tried,
    },
    engines: tried,
    failures,
  };
}

function wordsOf(name: NativeModule, { state, reason }: ModuleTrial): Message {
  if (state === 'works') return message('setup.trial.moduleWorks', { name });
  const twin = TWINS[name];
  if (state === 'missing') return message('setup.trial.moduleMissing', { name, twin });
  return message('setup.trial.moduleFails', { name, reason: withoutStop(reason), twin });
}

/** Removes the full stop of a system's text, which is put into a sentence of ours. */
function withoutStop(reason: Message | null): Message {
  const text = reason?.id === 'plain' ? reason.values?.['text'] : undefined;
  return typeof text === 'string' ? plain(text.replace(/\.$/, '')) : (reason ?? plain(''));
}

function fastest(tried: readonly EngineTrial[]): EngineTrial | null {
  const [best] = tried.filter((trial) => trial.ok).toSorted((a, b) => worth(b) - worth(a));
  return best ?? null;
}

function worth({ framesPerSecond, provider }: EngineTrial): number {
  return (framesPerSecond ?? 0) / (provider === 'cpu' || provider === 'wasm' ? 1 : MIN_SPEEDUP);
}
