/** The setting that names the data folder, and the folder in use. */
import { StashSenseError } from '../../core/errors.ts';
import { message } from '../../core/messages/message.ts';
import { saidTask } from '../../core/runs/task-words.ts';
import { dataFolderOf, realOf } from '../../plugin/system/data-place.ts';
import type { Context } from '../runs/task.ts';

/** Refuses when the setting names another folder than the one in use, for example with --data on the command line. */
export async function checkSetting({
  library,
  readSettings,
  dataFolder,
}: Pick<Context, 'library' | 'readSettings' | 'dataFolder'>): Promise<void> {
  const { settings } = readSettings(await library.settings());
  const { configDir } = await library.environment();
  const named = dataFolderOf(configDir, settings.dataFolder);
  if (!isHere(dataFolder, named))
    throw new StashSenseError(
      'bad-input',
      message('move.otherFolder', { folder: dataFolder, named, task: saidTask('move-data') }),
    );
}

/** After an error reads the setting: the write may have succeeded, and the folder that Stash names must not be deleted. */
export async function changeSetting(
  { library, formerData }: Pick<Context, 'library' | 'formerData'>,
  to: string,
): Promise<void> {
  try {
    await library.changeSettings({ dataFolder: to, ...formerData.settled(to) });
  } catch (error) {
    if ((await library.settings())['dataFolder'] !== to) throw error;
  }
  formerData.remember(to);
}

export function isHere(dataFolder: string, other: string): boolean {
  return realOf(dataFolder) === realOf(other);
}
