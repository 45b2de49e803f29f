import { message } from '../../core/messages/message.ts';
import type { Operations } from '../runs/task.ts';

export const exclusionOperations: Pick<Operations, 'exclusions.apply'> = {
  'exclusions.apply': async ({ exclusions }) => {
    const { entities, performers } = await exclusions.apply();
    return {
      entities,
      performers,
      message: entities + performers === 0 ? null : message('exclusions.erased', { entities, performers }),
    };
  },
};
