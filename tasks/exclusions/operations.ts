import { message } from '../../core/messages/message.ts';
import type { Operations } from '../runs/task.ts';

export const exclusionOperations: Pick<Operations, 'exclusions.apply'> = {
  'exclusions.apply': async ({ store, exclusions }) => {
    const now = await exclusions.apply();
    const lately = await store.state.get('excluded-erased-lately');
    if (lately !== null) await store.state.delete('excluded-erased-lately');
    const entities = now.entities + (lately?.entities ?? 0);
    const performers = now.performers + (lately?.performers ?? 0);
    return {
      entities,
      performers,
      message: entities + performers === 0 ? null : message('exclusions.erased', { entities, performers }),
    };
  },
};
