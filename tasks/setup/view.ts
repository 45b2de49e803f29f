import type { AccelerationView } from '../../core/contract/setup.ts';
import type { Artifact } from '../../core/setup/acceleration.ts';
import { gainOf } from './speedups.ts';
import type { Context, VisionDescription } from '../runs/task.ts';

/** State of acceleration for the Status tab. Uses no network and opens no model. */
export async function accelerationView(
  { store, acceleration, vision }: Pick<Context, 'store' | 'acceleration' | 'vision'>,
  description: Promise<Pick<VisionDescription, 'weights'>>,
): Promise<AccelerationView> {
  const [{ machine, channel, artifacts, problems }, choice, consent, { weights }, packs] = await Promise.all([
    acceleration.state(),
    acceleration.choice(),
    store.state.get('artifact-consent'),
    description,
    vision.packs(),
  ]);
  const added = new Set(packs.flatMap(({ adds }) => adds));
  const isAdded = ({ kind, provides }: Pick<Artifact, 'kind' | 'provides'>): boolean =>
    kind === 'model' && added.has(provides);
  return {
    machine,
    channel,
    artifacts: artifacts
      // With the weights installed, for example as Stash's package, they need not be fetched one by one.
      .filter(
        ({ artifact, installed }) =>
          artifact.kind !== 'model' || installed || !weights.ok || isAdded(artifact),
      )
      .map(({ artifact, installed }) => ({
        id: artifact.id,
        kind: artifact.kind,
        provides: artifact.provides,
        version: artifact.version,
        sizeBytes: artifact.size,
        licence: artifact.licence,
        installed,
        gain: gainOf(artifact),
        isOptional: isAdded(artifact),
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
