import type { RuntimeView } from '../../core/contract/setup.ts';
import { Consent, RUNTIME_CONSENT } from '../../core/state-values.ts';
import { gainOf } from './speedups.ts';
import type { Context, VisionDescription } from '../runs/task.ts';

/** No network, no model: for the status page. */
export async function runtimeView(
  { store, runtime }: Pick<Context, 'store' | 'runtime'>,
  description: Promise<Pick<VisionDescription, 'weights'>>,
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
