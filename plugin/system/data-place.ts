/** Which folders can be the data folder, and its file modes: only Stash's user may read it. */
import { chmodSync, lstatSync, readdirSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { saidOf, StashSenseError } from '../../core/errors.ts';
import { message, type Message } from '../../core/messages/message.ts';
import { isIgnored, isOurName, isPictureCacheFile, isStoreFile } from './files/own-names.ts';
import { hasModes, makeFolder } from './files/own-files.ts';
import { typedCommand } from './typed-command.ts';

const MAX_LENGTH = 1000;
/** Folders of the system: no user data below them. */
const SYSTEM_TREES = [
  '/bin',
  '/boot',
  '/dev',
  '/etc',
  '/lib',
  '/lib32',
  '/lib64',
  '/libx32',
  '/proc',
  '/run',
  '/sbin',
  '/sys',
  '/usr',
  '/Applications',
  '/Library',
  '/System',
  '/private/etc',
];
/** Allowed although below `SYSTEM_TREES`: removable disks, and folders that administrators use. */
const EXCEPTIONS = ['/usr/home', '/usr/local', '/run/media', '/run/user', '/run/mount'];
/** File systems of the kernel, which keep no files. Below the other trees Stash's own folder may lie, and ours beside it. */
const KERNEL_TREES = ['/dev', '/proc', '/sys'];
/** Cannot be the data folder themselves, since other programs use them; a folder in them can. */
const SHARED = [
  '/home',
  '/media',
  '/mnt',
  '/opt',
  '/private',
  '/private/tmp',
  '/private/var',
  '/root',
  '/srv',
  '/tmp',
  '/Users',
  '/Volumes',
  '/usr/home',
  '/usr/local',
  '/run/media',
  '/run/mount',
  '/run/user',
  '/var',
  '/var/cache',
  '/var/lib',
  '/var/log',
  '/var/tmp',
];
const WINDOWS_TREES = ['windows', 'program files', 'program files (x86)', '$recycle.bin'];
const WINDOWS_SHARED = ['', 'users', 'programdata'];

/** The folder in the setting, else `stash-sense` beside Stash's config.yml. */
export function dataFolderOf(configDir: string, setting = ''): string {
  return path.resolve(configDir, setting || 'stash-sense');
}

/** Why a folder with this path cannot be the data folder, as "must …"; null: it can. Checks the path only, not the disk. */
export function whyNoDataFolder(
  folder: string,
  platform: NodeJS.Platform = process.platform,
): Message | null {
  const system = platform === 'win32' ? path.win32 : path.posix;
  // eslint-disable-next-line no-control-regex -- these are what it looks for
  if (/[\u0000-\u001f\u007f]/.test(folder)) return message('dataFolder.mustHoldNoControl');
  if (folder.length > MAX_LENGTH) return message('dataFolder.mustBeShorter', { limit: MAX_LENGTH });
  if (!system.isAbsolute(folder))
    return message('dataFolder.mustBeWhole', {
      example: platform === 'win32' ? 'D:\\stash-sense' : '/data/stash-sense',
    });
  return isOfSystem(system.resolve(folder), platform) ? message('dataFolder.mustNotBeOfSystem') : null;
}

function isOfSystem(folder: string, platform: NodeJS.Platform): boolean {
  if (platform === 'win32') {
    const { root } = path.win32.parse(folder);
    const [first = '', ...deeper] = folder.slice(root.length).toLowerCase().split('\\').filter(Boolean);
    return WINDOWS_TREES.includes(first) || (deeper.length === 0 && WINDOWS_SHARED.includes(first));
  }
  if (folder === '/' || SHARED.includes(folder)) return true;
  return isBelowAny(folder, SYSTEM_TREES) && !isBelowAny(folder, EXCEPTIONS);
}

function isBelowAny(folder: string, trees: readonly string[]): boolean {
  return trees.some((tree) => folder === tree || folder.startsWith(`${tree}/`));
}

/**
Creates the folder when missing, and sets the modes: 0700, its files 0600. A folder that other users can open is changed only
when all files in it are ours. On a file system without modes it is used as it is.
@throws StashSenseError `store-unusable`: one sentence; nothing was changed
*/
export function prepareDataFolder(folder: string): void {
  const real = realOf(folder);
  if (real === path.parse(real).root || (hasModes && isBelowAny(real, KERNEL_TREES)))
    throw unusable(folder, message('dataFolder.isOfSystem'));
  try {
    makeFolder(folder, { mayBeLink: true });
  } catch (error) {
    throw unusable(folder, message('dataFolder.cannotBeMade', { reason: saidOf(error) }), error);
  }
  let names: string[];
  try {
    names = readdirSync(folder);
    makeFolderPrivate(folder, names);
  } catch (error) {
    if (error instanceof StashSenseError) throw error;
    throw unusable(folder, message('dataFolder.cannotBeRead', { reason: saidOf(error) }), error);
  }
  for (const name of names)
    if (isStoreFile(name) || isPictureCacheFile(name)) makeFilePrivate(folder, path.join(folder, name));
}

function makeFolderPrivate(folder: string, names: readonly string[]): void {
  if (!hasModes) return;
  const { mode, uid } = statSync(folder);
  if ((mode & 0o077) === 0) return;
  const shown = (mode & 0o777).toString(8);
  const own = process.geteuid?.() ?? 0;
  if (uid !== own && own !== 0)
    throw unusable(
      folder,
      message('dataFolder.isOfOtherUser', {
        user: uid,
        mode: shown,
        command: typedCommand(['chown', String(own), folder], ['chmod', '700', folder]),
      }),
    );
  const others = names.filter((name) => !isOurName(name) && !isIgnored(name));
  if (others.length > 0)
    throw unusable(
      folder,
      message('dataFolder.isOpen', {
        mode: shown,
        command: typedCommand(['chmod', '700', folder]),
        names: [...others.slice(0, 3), ...(others.length > 3 ? ['…'] : [])].join(', '),
      }),
    );
  chmodIfPossible(folder, mode & 0o700);
}

/** User id that a network file system shows for root, and a container for users it does not know. */
const NOBODY = 65_534;

function makeFilePrivate(folder: string, file: string): void {
  const found = lstatSync(file, { throwIfNoEntry: false });
  if (found === undefined) return;
  if (!found.isFile())
    throw unusable(
      folder,
      message(found.isSymbolicLink() ? 'dataFolder.fileIsLink' : 'dataFolder.fileIsNone', { file }),
    );
  if (!hasModes) return;
  // The owner of a file can read it whatever its mode: through an open handle, or a hard link elsewhere.
  const own = process.geteuid?.() ?? 0;
  if (![own, statSync(folder).uid, NOBODY].includes(found.uid))
    throw unusable(
      folder,
      message('dataFolder.fileOfOtherUser', {
        file,
        user: found.uid,
        command: typedCommand(['chown', String(own), file]),
      }),
    );
  if ((found.mode & 0o077) !== 0) chmodIfPossible(file, found.mode & 0o700);
}

/** Ignores errors of FAT, exFAT and some network file systems, which have no modes: the mount options decide there. */
function chmodIfPossible(place: string, mode: number): void {
  try {
    chmodSync(place, mode);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EINVAL', 'ENOENT'].includes(code)) throw error;
  }
}

/** The path with links resolved, as far as it exists. */
export function realOf(place: string): string {
  const rest: string[] = [];
  for (let folder = path.resolve(place); ; folder = path.dirname(folder)) {
    try {
      return path.join(realpathSync(folder), ...rest);
    } catch {
      if (path.dirname(folder) === folder) return path.resolve(place);
      rest.unshift(path.basename(folder));
    }
  }
}

function unusable(folder: string, trouble: Message, cause?: unknown): StashSenseError {
  return new StashSenseError('store-unusable', message('dataFolder.cannotBeUsed', { folder, trouble }), {
    cause,
  });
}
