/** What the user chose for data that are left in another folder. */
import type { Input } from '../../core/contract/operations.ts';
import { StashSenseError } from '../../core/errors.ts';
import { message, type Message } from '../../core/messages/message.ts';
import type { FormerFolder } from '../../core/ports/store.ts';
import { TASKS } from '../../core/runs/tasks.ts';
import { realOf } from '../../plugin/system/data-place.ts';
import type { Context } from '../runs/task.ts';
import { markTarget } from './move-plan.ts';

type Parts = Pick<Context, 'store' | 'library' | 'dataFolder' | 'formerData' | 'settings'>;

/** @throws StashSenseError `not-found`: there are none any more; `bad-input`: the folder in use holds data of its own */
export async function decideFormer(context: Parts, { what }: Input<'data.former'>): Promise<Message> {
  const { library, dataFolder, formerData, settings } = context;
  const former = formerData.find();
  if (former === null) throw new StashSenseError('not-found', message('former.gone'));
  const { folder } = former;
  if (what === 'leave') {
    await library.changeSettings(formerData.settled(settings.dataFolder));
    formerData.remember(settings.dataFolder);
    return message('former.left', { folder, here: dataFolder });
  }
  if (what === 'move') return await moveHere(context, former);
  await useAgain(context, former);
  return message('former.used', { folder });
}

async function useAgain(
  { library, formerData }: Pick<Parts, 'library' | 'formerData'>,
  { setting }: FormerFolder,
): Promise<void> {
  await library.changeSettings({ dataFolder: setting, ...formerData.settled(setting) });
  formerData.remember(setting);
}

/** The move works in the folder that holds the data; killed before it begins, that folder is in use again and nothing is lost. */
async function moveHere(context: Parts, former: FormerFolder): Promise<Message> {
  const { store, library, dataFolder } = context;
  const kept = Object.values(await store.measure());
  if (kept.some(({ count }) => count > 0))
    throw new StashSenseError(
      'bad-input',
      message('former.notEmpty', { folder: former.folder, here: dataFolder }),
    );
  const to = realOf(dataFolder);
  await markTarget({ from: former.folder, to });
  await useAgain(context, former);
  await library.startTask(TASKS['move-data'].name, { folder: to });
  return message('move.isQueued');
}
