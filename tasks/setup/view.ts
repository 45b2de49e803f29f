import type { AccelerationView } from '../../core/contract/setup.ts';
import { gainOf } from './speedups.ts';
import type { Context, VisionDescription } from '../runs/task.ts';

/** State of acceleration for the Status tab. Uses no network and opens no model. */
export async function accelerationView(
  { store, acceleration }: Pick<Context, 'store' | 'acceleration'>,
  description: Promise<Pick<VisionDescription, 'weights'>>,
): Promise<AccelerationView> {
  const [{ machine, channel, artifacts, problems }, choice, consent, { weights }] = await Promise.all([
    acceleration.state(),
    acceleration.choice(),
    store.state.get('artifact-consent'),
    description,
  ]);
  return {
    machine,
    channel,
    artifacts: artifacts
      // With the weights installed, for example as Stash's package, they need not be fetched one by one.
      .filter(({ artifact, installed }) => artifact.kind !== 'model' || installed || !weights.ok)
      .map(({ artifact, installed }) => ({
        id: artifact.id,
        kind: artifact.kind,
        provides: artifact.provides,
        version: artifact.version,
        sizeBytes: artifact.size,
        licence: artifact.licence,
        installed,
        gain: gainOf(artifact),
      })),
    consent,
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
