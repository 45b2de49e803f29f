/** Checks of what the tasks need, for "Set up" and the Status tab. */
import { statfsSync } from 'node:fs';
import type { Check, Status } from '../../core/contract/status.ts';
import { saidOf } from '../../core/errors.ts';
import { message } from '../../core/messages/message.ts';
import type { StashEnvironment } from '../../core/ports/library.ts';
import { saidTask } from '../../core/runs/task-words.ts';
import type { VisionDescription } from '../runs/task.ts';

/** Below this a scan of a large library could fill the disk: 1 000 scenes take 60 MB. */
const LOW_SPACE_BYTES = 500e6;

/** Checks that open no model. */
export function quickChecks(dataFolder: string, description: VisionDescription): Check[] {
  return [
    { id: 'weights', ...description.weights },
    { id: 'ffmpeg', ...description.ffmpeg },
    spaceCheck(dataFolder),
    { id: 'store', ok: true, message: message('setup.check.dataFolder', { folder: dataFolder }) },
  ];
}

function spaceCheck(folder: string): Check {
  try {
    const { bavail, bsize } = statfsSync(folder);
    const free = bavail * bsize;
    const ok = free >= LOW_SPACE_BYTES;
    const id = ok ? 'setup.check.space' : 'setup.check.lowSpace';
    return { id: 'space', ok, message: message(id, { gigabytes: free / 1e9, folder }) };
  } catch (error) {
    return {
      id: 'space',
      ok: false,
      message: message('setup.check.spaceUnknown', { folder, problem: saidOf(error) }),
    };
  }
}

export function stashCheck({ version, versionNote }: StashEnvironment): Check {
  return {
    id: 'stash',
    ok: versionNote === undefined,
    message: versionNote ?? message('setup.check.stashAnswers', { version }),
  };
}

/** @param toLearn performers that no *Update people* has looked at yet */
export function peopleCheck({ performers, withReference }: Status['people'], toLearn: number): Check {
  if (withReference > 0)
    return {
      id: 'people',
      ok: true,
      message: message('setup.check.recognised', { count: withReference, total: performers }),
    };
  if (performers > 0 && toLearn >= performers)
    return {
      id: 'people',
      ok: false,
      message: message('setup.check.nobodyLearnt', {
        count: performers,
        people: saidTask('people'),
        scan: saidTask('scan'),
      }),
    };
  return {
    id: 'people',
    ok: false,
    message:
      performers === 0
        ? message('setup.check.nobodyKnown', { people: saidTask('people'), scan: saidTask('scan') })
        : message('setup.check.nobodyRecognised', { count: performers, people: saidTask('people') }),
  };
}
