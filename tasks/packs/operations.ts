import { startRun } from '../runs/run-views.ts';
import type { Operations } from '../runs/task.ts';
import { wantPack } from './change-pack.ts';

export const packOperations: Pick<Operations, 'packs.choose'> = {
  'packs.choose': async (context, { pack }) => {
    await wantPack(context, pack);
    return await startRun(context, 'people', { only: 'match' });
  },
};
