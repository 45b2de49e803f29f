import type { packChannelOperations as declared } from '../../core/contract/reference-packs/channel.ts';
import { StashSenseError } from '../../core/errors.ts';
import { startRun } from '../runs/run-views.ts';
import type { Operations } from '../runs/task.ts';
import { checkChannel, noteTold, wantPack } from './known.ts';
import { viewChannel } from './view.ts';

export const packChannelOperations: Pick<Operations, keyof typeof declared> = {
  'packChannel.view': (context) => viewChannel(context),

  'packChannel.check': async (context) => {
    try {
      await checkChannel(context);
    } catch (error) {
      // The view says why.
      if (!(error instanceof StashSenseError)) throw error;
    }
    return await viewChannel(context);
  },

  'packChannel.fetch': async (context, { id }) => {
    await wantPack(context, id);
    return await startRun(context, 'fetch-reference-packs');
  },

  'packChannel.told': async (context) => {
    await noteTold(context);
    return {};
  },
};
