import { StashSenseError } from '../../core/errors.ts';
import type { Operations } from '../runs/task.ts';
import { startRun } from '../runs/run-views.ts';
import { message } from '../../core/messages/message.ts';

export const setupOperations: Pick<Operations, 'setup.consent'> = {
  'setup.consent': async (context, { artifacts }) => {
    const { store, acceleration, now } = context;
    if (artifacts.length === 0) {
      await store.state.delete('artifact-consent');
      return { jobId: null, joined: false };
    }
    const known = new Set((await acceleration.state()).artifacts.map(({ artifact }) => artifact.id));
    const unknown = artifacts.filter((id) => !known.has(id));
    if (unknown.length > 0)
      throw new StashSenseError(
        'bad-input',
        message('setup.unknownArtifact', { unknown: unknown.join(', ') }),
      );
    await store.state.set('artifact-consent', { at: now(), artifacts: [...new Set(artifacts)] });
    return await startRun(context, 'set-up');
  },
};
