import type { AccelerationView } from '../../core/contract/setup.ts';
import { gainOf } from './speedups.ts';
import type { Context, VisionDescription } from '../runs/task.ts';

/** No network, no model: for the status page. */
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
      // Who has the package of the weights need not fetch them one by one.
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
