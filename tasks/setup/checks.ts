/** What must be there for the tasks to work, as "Set up" and the Status tab say it. */
import { statfs } from 'node:fs/promises';
import type { Status } from '../../core/contract/status.ts';
import { messageOf } from '../../core/errors.ts';
import type { StashEnvironment } from '../../core/ports/library.ts';
import type { VisionDescription } from '../runs/task.ts';

/** Below this a scan of a large library could fill the disk: 60 MB for 1 000 scenes. */
const LOW_SPACE_BYTES = 500e6;

type Check = Status['checks'][number];

/** What can be seen without opening a model. */
export async function quickChecks(dataFolder: string, description: VisionDescription): Promise<Check[]> {
  return [
    { id: 'weights', ...description.weights },
    { id: 'ffmpeg', ...description.ffmpeg },
    await spaceCheck(dataFolder),
    { id: 'store', ok: true, message: `The data is in ${dataFolder}.` },
  ];
}

async function spaceCheck(folder: string): Promise<Check> {
  try {
    const { bavail, bsize } = await statfs(folder);
    const free = bavail * bsize;
    const ok = free >= LOW_SPACE_BYTES;
    return {
      id: 'space',
      ok,
      message: `${(free / 1e9).toFixed(1)} GB free for ${folder}${ok ? '' : ': less than the 0.5 GB a scan wants; make room or choose another data folder in the settings'}.`,
    };
  } catch (error) {
    return {
      id: 'space',
      ok: false,
      message: `The space left for ${folder} is not known: ${messageOf(error)}.`,
    };
  }
}

export function stashCheck({ version, versionNote }: StashEnvironment): Check {
  return { id: 'stash', ok: versionNote === undefined, message: versionNote ?? `Stash ${version} answers.` };
}

export function peopleCheck({ performers, withReference }: Status['people']): Check {
  if (withReference > 0)
    return {
      id: 'people',
      ok: true,
      message: `${withReference} of ${performers} performers can be recognised.`,
    };
  return {
    id: 'people',
    ok: false,
    message:
      performers === 0
        ? 'Nobody is known yet: give your performers pictures in Stash, then run "Update people" (or "Scan library", which does it first).'
        : `None of ${performers} performers can be recognised: give them pictures with one clear face, then run "Update people".`,
  };
}
