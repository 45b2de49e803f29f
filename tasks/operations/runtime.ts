import type { RuntimeView } from '../../core/contract.ts';
import { StashSenseError } from '../../core/errors.ts';
import { Consent, RUNTIME_CONSENT } from '../../core/state-values.ts';
import { gainOf } from '../runtime-gain.ts';
import type { Context, Operations, SightDescription } from '../task.ts';
import { startRun } from './runs.ts';

export const runtimeOperation: Pick<Operations, 'runtime.consent'> = {
  'runtime.consent': async (context, { parts }) => {
    const { store, runtime, now } = context;
    if (parts.length === 0) {
      await store.state.delete(RUNTIME_CONSENT);
      return { jobId: null, joined: false };
    }
    const known = new Set((await runtime.state()).parts.map(({ part }) => part.id));
    const unknown = parts.filter((it) => !known.has(it));
    if (unknown.length > 0)
      throw new StashSenseError(
        'bad-input',
        `This version of the plugin has nothing called ${unknown.join(', ')} for this machine: reload the page and choose again.`,
      );
    await store.state.set(RUNTIME_CONSENT, { at: now(), parts: [...new Set(parts)] });
    return await startRun(context, 'set-up');
  },
};

/** No network, no model: for the status page. */
export async function runtimeView(
  { store, runtime }: Pick<Context, 'store' | 'runtime'>,
  description: Promise<Pick<SightDescription, 'weights'>>,
): Promise<RuntimeView> {
  const [{ machine, channel, parts, problems }, choice, stored, { weights }] = await Promise.all([
    runtime.state(),
    runtime.choice(),
    store.state.get(RUNTIME_CONSENT),
    description,
  ]);
  const consent = Consent.safeParse(stored);
  return {
    machine,
    channel,
    parts: parts
      // Who has the package of the weights need not fetch them one by one.
      .filter(({ part, installed }) => part.kind !== 'model' || installed || !weights.ok)
      .map(({ part, installed }) => ({
        id: part.id,
        kind: part.kind,
        provides: part.provides,
        version: part.version,
        sizeBytes: part.size,
        licence: part.licence,
        installed,
        gain: gainOf(part),
      })),
    consent: consent.success ? consent.data : null,
    choice: choice && {
      at: choice.at,
      engine: choice.engine.engine,
      provider: choice.engine.provider,
      modules: Object.entries(choice.modules).map(([name, it]) => ({ name, ...it })),
      engines: choice.engines,
    },
    problems: [...problems],
  };
}
