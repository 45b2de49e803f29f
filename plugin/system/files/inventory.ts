/**
The list of files that we made below `runtime` and `models` of a data folder, with name and SHA-256. A user may put files of
their own into both. Therefore a file there is deleted or replaced only when it is on this list, or in the receipt of an
unpacked artifact (`INSTALL_RECEIPT`), and its content has not changed.
*/
import {
  closeSync,
  constants,
  fsyncSync,
  lstatSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { message } from '../../../core/messages/message.ts';
import { FILE_MODE, hasModes, NotOurOwn, replaceFile } from './own-files.ts';
import { FETCHED, INVENTORY, REFERENCE_PACKS } from './own-names.ts';

/** File in each unpacked folder: the hash of its archive, then a line for each file. */
export const INSTALL_RECEIPT = '.stash-sense-part';

/** Names are relative to the data folder, with slashes; a folder's ends in a slash. The hash is null for what is being made. */
export type Inventory = {
  readonly root: string;
  /**
  Call it before the first byte is written, so that the remains of a killed process are known as ours.
  @param place absolute path; a folder's ends in a separator
  */
  making(place: string): void;
  /** Call it before the finished file gets its final name. */
  made(place: string, sha256: string): void;
  has(place: string): boolean;
  entries(): ReadonlyMap<string, string | null>;
  /** Replaces the list by these entries. */
  keep(entries: ReadonlyMap<string, string | null>): void;
};

const LINE = /^([0-9a-f]{64}|-) (.+)$/;

/**
@param root the data folder
@param file the name of the list in it
*/
export function openInventory(root: string, file: string = INVENTORY): Inventory {
  const list = path.join(root, file);
  const nameOf = (place: string): string => {
    const name = path.relative(root, place).split(path.sep).join('/') + (place.endsWith(path.sep) ? '/' : '');
    if (!isSafeName(name)) throw new Error(`${place} cannot stand in the inventory of ${root}`);
    return name;
  };
  const entries = (): Map<string, string | null> => {
    const found = new Map<string, string | null>();
    if (!lstatSync(list, { throwIfNoEntry: false })?.isFile()) return found;
    for (const line of readFileSync(list, 'utf8').split('\n')) {
      const [, sha256, name = ''] = LINE.exec(line) ?? [];
      if (sha256 !== undefined && isSafeName(name)) found.set(name, sha256 === '-' ? null : sha256);
    }
    return found;
  };

  return {
    root,
    making: (place) => append(list, `- ${nameOf(place)}`),
    made: (place, sha256) => append(list, `${sha256} ${nameOf(place)}`),
    has: (place) => entries().has(nameOf(place)),
    entries,
    keep(kept) {
      if (kept.size === 0) return rmSync(list, { force: true });
      replaceFile(list, [...kept].map(([name, sha256]) => `${sha256 ?? '-'} ${name}\n`).join(''));
    },
  };
}

/**
Renames whatever exists at this path, so that a file of ours can take the name; nothing is deleted.
@returns the new path; null when nothing existed
*/
export function setAside(place: string): string | null {
  if (lstatSync(place, { throwIfNoEntry: false }) === undefined) return null;
  const kept = `${place}.kept-${randomBytes(4).toString('hex')}`;
  renameSync(place, kept);
  return kept;
}

/** Appends a line in one write. The leading newline ends a line that a crash has cut. */
function append(list: string, line: string): void {
  const found = lstatSync(list, { throwIfNoEntry: false });
  if (found && !found.isFile())
    throw new NotOurOwn(
      found.isSymbolicLink() ? 'ELOOP' : 'EEXIST',
      message('file.notOurs', { place: list }),
    );
  const flags = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT;
  const handle = openSync(list, flags | (hasModes ? constants.O_NOFOLLOW : 0), FILE_MODE);
  try {
    writeSync(handle, `\n${line}\n`);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** Whether the name is below `FETCHED` or `REFERENCE_PACKS`, which a move copies too, on every system. */
function isSafeName(name: string): boolean {
  const [top, ...rest] = name.replace(/\/$/, '').split('/');
  return (
    [...FETCHED, REFERENCE_PACKS].some((folder) => folder === top) &&
    rest.length > 0 &&
    // eslint-disable-next-line no-control-regex -- these are what it looks for
    !/[\\:\u0000-\u001f]/.test(name) &&
    rest.every((segment) => segment !== '' && segment !== '.' && segment !== '..')
  );
}
