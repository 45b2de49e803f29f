/** Deletes files that we made below `runtime` and `models`, and no others. */
import { lstatSync, readdirSync, readFileSync, rmdirSync, rmSync, type Stats } from 'node:fs';
import path from 'node:path';
import { sha256OfFile } from './hash-file.ts';
import { openInventory, INSTALL_RECEIPT, type Inventory } from './inventory.ts';
import { FETCHED } from './own-names.ts';

const OUR_FOLDERS = [...FETCHED, 'runtime/downloads'];

export type MadeFile = { readonly name: string; readonly bytes: number };
export type ErasedFiles = { readonly count: number; readonly bytes: number };

type Options = {
  /** Limits it to these paths and what is below them (relative to the data folder, with slashes). Default: everything. */
  readonly below?: readonly string[];
  /** Files to keep although they are ours. */
  readonly except?: (name: string) => boolean;
};

/** Lists the files that we made and that exist. Does not read their content and follows no links. */
export function listMade(root: string, options: Options = {}): MadeFile[] {
  const files: MadeFile[] = [];
  for (const name of allMade(openInventory(root), options).keys())
    // The receipt is ours too, but was not fetched.
    if (path.posix.basename(name) !== INSTALL_RECEIPT)
      for (const [file, found] of filesAt(root, name)) files.push({ name: file, bytes: found.size });
  return files;
}

/**
Deletes our files whose content has not changed, and folders that become empty. Keeps files that are not ours, changed files,
and all behind a link. When it is killed at any point, a second call completes it.
@returns what was deleted
*/
export async function eraseMade(
  root: string,
  { inventory = openInventory(root), ...options }: Options & { readonly inventory?: Inventory } = {},
): Promise<ErasedFiles> {
  const made = allMade(inventory, options);
  dissolveReceipts(inventory, made);
  const known = new Map<string, string>();
  // Candidates: `rmdir` refuses those that hold files of the user.
  const emptied = new Set<string>(OUR_FOLDERS);
  let [count, bytes] = [0, 0];
  for (const [name, sha256] of made) {
    const place = placeOf(root, name);
    for (const [file, found] of filesAt(root, name)) {
      if (sha256 !== null && (await hashOf(placeOf(root, file), found, known)) !== sha256) continue;
      // On Windows a library that another process has loaded cannot be deleted; a later call deletes it.
      if (!removed(() => rmSync(placeOf(root, file), { force: true }))) continue;
      count += 1;
      bytes += found.size;
      for (let folder = path.posix.dirname(file); folder !== '.'; folder = path.posix.dirname(folder))
        emptied.add(folder);
    }
    // Everything in a folder that was being made is ours: also its empty folders and links.
    if (
      name.endsWith('/') &&
      isReached(root, name) &&
      lstatSync(place, { throwIfNoEntry: false })?.isDirectory()
    )
      removed(() => rmSync(place, { recursive: true, force: true }));
    emptied.add(path.posix.dirname(name.replace(/\/$/, '')));
  }
  // The deepest first; `rmdir` fails for those that are not empty.
  for (const name of [...emptied].toSorted((a, b) => b.length - a.length))
    if (name !== '.' && isMeant(name, options.below) && isReached(root, `${name}/`))
      removed(() => rmdirSync(placeOf(root, name)));
  const kept = [...inventory.entries()].filter(([name]) =>
    lstatSync(path.join(root, name), { throwIfNoEntry: false }),
  );
  inventory.keep(new Map(kept));
  return { count, bytes };
}

/** The entries that are left directly in `runtime` and `models`, after `eraseMade`: `runtime/mine`, `models (a link)`. */
export function listOthers(root: string, { except }: Pick<Options, 'except'> = {}): string[] {
  return FETCHED.flatMap((top) => {
    const found = lstatSync(path.join(root, top), { throwIfNoEntry: false });
    if (found === undefined) return [];
    if (!found.isDirectory()) return [found.isSymbolicLink() ? `${top} (a link)` : top];
    return readdirSync(path.join(root, top))
      .map((file) => `${top}/${file}`)
      .filter((file) => !(except?.(file) ?? false));
  });
}

function allMade(inventory: Inventory, { below, except }: Options): Map<string, string | null> {
  const { root } = inventory;
  const made = new Map(inventory.entries());
  const runtime = path.join(root, 'runtime');
  if (lstatSync(runtime, { throwIfNoEntry: false })?.isDirectory())
    for (const entry of readdirSync(runtime, { withFileTypes: true }))
      if (entry.isDirectory()) for (const item of readReceipt(root, entry.name)) made.set(...item);
  for (const name of made.keys()) {
    const bare = name.replace(/\/$/, '');
    if (!isMeant(bare, below) || except?.(bare)) made.delete(name);
  }
  return made;
}

function isMeant(name: string, below: Options['below']): boolean {
  return below?.some((folder) => name === folder || name.startsWith(`${folder}/`)) ?? true;
}

function* readReceipt(root: string, folder: string): Iterable<[name: string, sha256: string | null]> {
  const file = path.join(root, 'runtime', folder, INSTALL_RECEIPT);
  if (!lstatSync(file, { throwIfNoEntry: false })?.isFile()) return;
  const [, ...lines] = readFileSync(file, 'utf8').split('\n');
  for (const line of lines) {
    const [, sha256 = '', name = ''] = /^([0-9a-f]{64}) (.+)$/.exec(line) ?? [];
    const normal = path.posix.normalize(name);
    if (sha256 !== '' && normal === name && !/^(\.\.)?\/|^\.\.?$|\\/.test(name))
      yield [`runtime/${folder}/${name}`, sha256];
  }
  yield [`runtime/${folder}/${INSTALL_RECEIPT}`, null];
}

/**
Moves the entries of receipts to the inventory and deletes the receipts first: a folder with a receipt counts as complete, and
this one is about to lose files.
*/
function dissolveReceipts(inventory: Inventory, made: ReadonlyMap<string, string | null>): void {
  const receipts = [...made.keys()].filter((file) => path.posix.basename(file) === INSTALL_RECEIPT);
  if (receipts.length === 0) return;
  const merged = new Map(inventory.entries());
  for (const [name, sha256] of made)
    if (receipts.some((receipt) => name.startsWith(`${path.posix.dirname(receipt)}/`)))
      merged.set(name, sha256);
  inventory.keep(merged);
  for (const name of receipts) rmSync(placeOf(inventory.root, name), { force: true });
}

/** Regular files with this name, or below it when it names a folder (ends in a slash). */
function* filesAt(root: string, name: string): Iterable<[name: string, found: Stats]> {
  if (!isReached(root, name)) return;
  const place = placeOf(root, name);
  const found = lstatSync(place, { throwIfNoEntry: false });
  if (found?.isFile()) yield [name, found];
  else if (found?.isDirectory() && name.endsWith('/'))
    for (const entry of readdirSync(place, { withFileTypes: true }))
      yield* filesAt(root, `${name}${entry.name}${entry.isDirectory() ? '/' : ''}`);
}

/** Whether all parent folders are real folders and not links. */
function isReached(root: string, name: string): boolean {
  const parts = name.replace(/\/$/, '').split('/').slice(0, -1);
  let folder = root;
  return parts.every((part) => {
    folder = path.join(folder, part);
    return lstatSync(folder, { throwIfNoEntry: false })?.isDirectory() ?? false;
  });
}

/** The path without a slash at its end: with it the system would follow a link in the folder's place. */
function placeOf(root: string, name: string): string {
  return path.join(root, ...name.split('/'));
}

/** Reads the content of hard links to one file once. */
async function hashOf(
  file: string,
  { dev, ino, nlink }: Stats,
  known: Map<string, string>,
): Promise<string | null> {
  const key = nlink > 1 ? `${dev}:${ino}` : null;
  const before = key === null ? undefined : known.get(key);
  if (before !== undefined) return before;
  try {
    const sha256 = await sha256OfFile(file);
    if (key !== null) known.set(key, sha256);
    return sha256;
  } catch {
    return null;
  }
}

function removed(step: () => void): boolean {
  try {
    step();
    return true;
  } catch {
    return false;
  }
}
