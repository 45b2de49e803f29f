/** Paths for the command line, from options or from Stash. */
import { lookup } from 'node:dns/promises';
import { constants, existsSync } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { StashSenseError } from '../../core/errors.ts';
import type { Library } from '../../core/ports/library.ts';
import { isThisMachine, toConnectHost } from '../../plugin/system/local-address.ts';
import { messageOf } from '../../core/message-of.ts';
import { readRegularFile } from '../../plugin/system/files/regular-file.ts';
import { message } from '../../core/messages/message.ts';

/**
The absolute path for the value of `--option`: relative ones begin at the current folder. Expands `~`, which a shell does not
expand in `--option=~/x`.
@throws StashSenseError `bad-input` for an empty or blank value, which would mean the current folder
*/
export function readPathOption(option: string, value: string): string {
  if (value.trim() === '') throw new StashSenseError('bad-input', message('cli.emptyPath', { option }));
  return path.resolve(/^~([/\\]|$)/.test(value) ? path.join(homedir(), value.slice(1)) : value);
}

/**
As `readPathOption`, for a program.
@throws StashSenseError `bad-input` when it is missing or not executable
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
Folder of Stash's config.yml, when Stash runs on this machine. A Stash on another machine could name any folder here, and we
write to the data folder and load compiled packages from it.
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

const MAX_LIST_BYTES = 100e6;

/**
The paths of a list: one a line, or separated by NUL as `find -print0` writes them, since a name can hold a line break.
@param list a file, or `-` for standard input
@throws StashSenseError `bad-input`
*/
export async function readFileList(list: string): Promise<string[]> {
  const text = list === '-' ? await readStdin() : await read(readPathOption('files-from', list));
  const separator = text.includes('\0') ? '\0' : /\r?\n/;
  return text.split(separator).filter((file) => file !== '');
}

/** Ids in a file, separated by whitespace or commas; what follows a `#` is a remark. @throws StashSenseError `bad-input` */
export async function readIdList(option: string, list: string): Promise<string[]> {
  const text = list === '-' ? await readStdin() : await read(readPathOption(option, list));
  return text
    .replace(/#.*$/gm, '')
    .split(/[\s,;]+/)
    .filter((id) => id !== '');
}

async function read(file: string): Promise<string> {
  const bytes = await readRegularFile(file, MAX_LIST_BYTES).catch((error: unknown) => {
    throw new StashSenseError('bad-input', message('cli.fileList', { file, reason: messageOf(error) }), {
      cause: error,
    });
  });
  return Buffer.from(bytes).toString('utf8');
}

async function readStdin(): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of process.stdin as AsyncIterable<Buffer>) parts.push(part);
  return Buffer.concat(parts).toString('utf8');
}
