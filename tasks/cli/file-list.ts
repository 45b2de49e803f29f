import { readFile } from 'node:fs/promises';
import { StashSenseError } from '../../core/errors.ts';
import { messageOf } from '../../core/message-of.ts';
import { message } from '../../core/messages/message.ts';
import { readPathOption } from './paths.ts';

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

async function read(file: string): Promise<string> {
  return await readFile(file, 'utf8').catch((error: unknown) => {
    throw new StashSenseError('bad-input', message('cli.fileList', { file, reason: messageOf(error) }), {
      cause: error,
    });
  });
}

async function readStdin(): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of process.stdin as AsyncIterable<Buffer>) parts.push(part);
  return Buffer.concat(parts).toString('utf8');
}
