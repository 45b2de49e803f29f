/** What the command line learnt of people in plain pictures, kept in the user's cache folder. */
import { homedir } from 'node:os';
import path from 'node:path';
import { hasCode, SaidError, StashSenseError } from '../../../core/errors.ts';
import { firstLineOf, messageOf } from '../../../core/message-of.ts';
import { say } from '../language.ts';
import type { PictureCache } from '../../../core/people/learnt-picture.ts';
import { erasePictureCache, openPictureCache } from '../../../plugin/store/picture-cache.ts';
import { hasSqlite } from '../../../plugin/store/sqlite/database.ts';
import { realOf } from '../../../plugin/system/data-place.ts';
import { type LookAtPicture, rememberLooks } from './look.ts';

declare const STASH_SENSE_LOOKING: string | undefined;
/** Of `hashOfLooking` (tools/esbuild/looking.ts); null for a checkout that runs from its sources, which keeps nothing. */
const LOOKING = typeof STASH_SENSE_LOOKING === 'string' ? STASH_SENSE_LOOKING : null;

const NAME = 'stash-sense';

type Environment = Readonly<Record<string, string | undefined>>;

/** The user's folder for what programs may lose, by the rules of each system. A relative XDG_CACHE_HOME counts as none, as its standard says. */
export function cacheFolderOfUser(
  env: Environment = process.env,
  platform: NodeJS.Platform = process.platform,
  home = homedir(),
): string {
  const system = platform === 'win32' ? path.win32 : path.posix;
  const named = platform === 'win32' ? env['LOCALAPPDATA'] : env['XDG_CACHE_HOME'];
  if (named !== undefined && system.isAbsolute(named)) return system.join(named, NAME);
  if (platform === 'win32') return system.join(home, 'AppData', 'Local', NAME);
  return platform === 'darwin'
    ? system.join(home, 'Library', 'Caches', NAME)
    : system.join(home, '.cache', NAME);
}

/** Whether the folder is `outer` or lies in it, whatever links lead there. */
export function liesIn(folder: string, outer: string): boolean {
  const relative = path.relative(realOf(outer), realOf(folder));
  return relative.split(path.sep)[0] !== '..' && !path.isAbsolute(relative);
}

export type RememberedLook = { readonly look: LookAtPicture; readonly close: () => Promise<void> };

/**
`look` with what earlier runs have found. Where the cache cannot be used, this is said in one sentence, and all pictures are
looked at; nothing that lies in the folder is changed then.
@param packId of the models that look
*/
export async function withPeopleCache(
  look: LookAtPicture,
  { folder, people, packId, now }: { folder: string; people: string; packId: string; now: () => number },
  report: (sentence: string) => void,
): Promise<RememberedLook> {
  const onTrouble = (error: unknown): void =>
    report(say('cli.cacheNotUsed', { folder, reason: reasonOf(error) }));
  const uncached = { look, close: () => Promise.resolve() };
  if (LOOKING === null) return uncached;
  const problem = whyNotKept(folder, people);
  if (problem !== null) {
    report(problem);
    return uncached;
  }
  let cache: PictureCache | null = null;
  try {
    cache = await openPictureCache({ folder, looking: `${LOOKING} ${packId}`, now });
  } catch (error) {
    if (!isTroubleOfFolder(error)) throw error;
    onTrouble(error);
  }
  return {
    look: rememberLooks(look, cache, onTrouble),
    async close() {
      try {
        await cache?.close();
      } catch (error) {
        if (!isTroubleOfFolder(error)) throw error;
        onTrouble(error);
      }
    },
  };
}

function whyNotKept(folder: string, people: string): string | null {
  if (!hasSqlite()) return say('cli.cacheNeedsNode', { version: process.versions.node });
  return liesIn(folder, people) ? say('cli.cacheAmongPeople', { folder }) : null;
}

/** Erases what is kept in the folder. `left`: the folder or the file is a link, or not ours. */
export function clearPeopleCache(folder: string): { outcome: 'erased' | 'nothing' | 'left'; text: string } {
  try {
    const wasThere = erasePictureCache(folder);
    return {
      outcome: wasThere ? 'erased' : 'nothing',
      text: say(wasThere ? 'cli.cacheErased' : 'cli.cacheNothing', { folder }),
    };
  } catch (error) {
    if (!isTroubleOfFolder(error)) throw error;
    return { outcome: 'left', text: say('cli.cacheNotErased', { folder, reason: reasonOf(error) }) };
  }
}

/** What the folder or the disk refuses, and no error of ours in the code. */
function isTroubleOfFolder(error: unknown): boolean {
  return (
    hasCode(error, 'store-unusable', 'busy') ||
    error instanceof SaidError ||
    (error instanceof Error && 'syscall' in error)
  );
}

/** Without what our sentences about a store tell to do in Stash. */
function reasonOf(error: unknown): string {
  const isOfStore = error instanceof StashSenseError && error.cause instanceof Error;
  return isOfStore ? firstLineOf(error.cause) : messageOf(error);
}
