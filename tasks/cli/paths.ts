/** The paths that the command line works with: given as options, or named by Stash. */
import { lookup } from 'node:dns/promises';
import { constants, existsSync } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { StashSenseError } from '../../core/errors.ts';
import type { Library } from '../../core/ports/library.ts';
import { isThisMachine, toConnectHost } from '../../plugin/system/local-address.ts';
import { message } from '../../core/messages/message.ts';

/**
The absolute path that the value of `--option` means: a relative one begins at the folder of the terminal. A shell leaves the
`~` of `--option=~/x` as it is, so it is put in the place of the home folder here.
@throws StashSenseError `bad-input` for an empty value, or one of blanks alone, which would mean the terminal's folder
*/
export function readPathOption(option: string, value: string): string {
  if (value.trim() === '') throw new StashSenseError('bad-input', message('cli.emptyPath', { option }));
  return path.resolve(/^~([/\\]|$)/.test(value) ? path.join(homedir(), value.slice(1)) : value);
}

/**
The same for a program.
@throws StashSenseError `bad-input` when there is no file that may be started
*/
export async function readProgramOption(option: string, value: string): Promise<string> {
  const file = readPathOption(option, value);
  const found = await stat(file).catch(() => null);
  const mayStart = await access(file, process.platform === 'win32' ? constants.F_OK : constants.X_OK).then(
    () => true,
    () => false,
  );
  if (found?.isFile() !== true || !mayStart)
    throw new StashSenseError(
      'bad-input',
      found === null
        ? message('cli.programMissing', { option, file })
        : message('cli.programNotExecutable', { option, file }),
    );
  return file;
}

/**
Where Stash and its plugin keep things, when that is on this machine. A Stash on another one could name any folder here,
and what lies in the data folder is written to, and may be a compiled package that is loaded.
@throws StashSenseError `bad-input`
*/
export async function folderOfStash(url: string, library: Pick<Library, 'environment'>): Promise<string> {
  const { configDir } = await library.environment();
  const { hostname } = new URL(url);
  const addresses = await lookup(toConnectHost(hostname), { all: true }).catch(() => []);
  const isHere = addresses.length > 0 && addresses.every((address) => isThisMachine(address.address));
  if (isHere && path.isAbsolute(configDir) && existsSync(configDir)) return configDir;
  throw new StashSenseError(
    'bad-input',
    message('cli.notThisMachine', { host: hostname, folder: configDir }),
  );
}
