/** Erases what we have made below `runtime` and `models`, and nothing else. */
import { lstatSync, readdirSync, readFileSync, rmdirSync, rmSync, type Stats } from 'node:fs';
import path from 'node:path';
import { sha256OfFile } from './hash-file.ts';
import { openInventory, INSTALL_RECEIPT, type Inventory } from './inventory.ts';
import { FETCHED } from './own-names.ts';

const OUR_FOLDERS = [...FETCHED, 'runtime/downloads'];

export type MadeFile = { readonly name: string; readonly bytes: number };
export type ErasedFiles = { readonly count: number; readonly bytes: number };

type Options = {
  /** Only what lies at or below one of these names (below the data folder, with slashes). Unless given: everything. */
  readonly below?: readonly string[];
  /** What stays although it is ours. */
  readonly except?: (name: string) => boolean;
};

/** What is there of what we have made, by name; nothing is read. Links are not followed. */
export function listMade(root: string, options: Options = {}): MadeFile[] {
  const files: MadeFile[] = [];
  for (const name of allMade(openInventory(root), options).keys())
    // Ours too, but nothing that was fetched.
    if (path.posix.basename(name) !== INSTALL_RECEIPT)
      for (const [file, found] of filesAt(root, name)) files.push({ name: file, bytes: found.size });
  return files;
}

/**
What has the content it was made with is gone afterwards, and so are the folders which that leaves empty. What is not ours,
what was changed since, and what lies behind a link stays. May be killed at any moment and called again.
@returns what is gone
*/
export async function eraseMade(
  root: string,
  { inventory = openInventory(root), ...options }: Options & { readonly inventory?: Inventory } = {},
): Promise<ErasedFiles> {
  const made = allMade(inventory, options);
  dissolveReceipts(inventory, made);
  const known = new Map<string, string>();
  // Of these a user may have filled one, and then it is not empty.
  const emptied = new Set<string>(OUR_FOLDERS);
  let [count, bytes] = [0, 0];
  for (const [name, sha256] of made) {
    const place = placeOf(root, name);
    for (const [file, found] of filesAt(root, name)) {
      if (sha256 !== null && (await hashOf(placeOf(root, file), found, known)) !== sha256) continue;
      // On Windows a library that another process has loaded stays until the next time.
      if (!removed(() => rmSync(placeOf(root, file), { force: true }))) continue;
      count += 1;
      bytes += found.size;
      for (let it = path.posix.dirname(file); it !== '.'; it = path.posix.dirname(it)) emptied.add(it);
    }
    // Of a folder that was being made all is ours, empty folders and what is no file too.
    if (
      name.endsWith('/') &&
      isReached(root, name) &&
      lstatSync(place, { throwIfNoEntry: false })?.isDirectory()
    )
      removed(() => rmSync(place, { recursive: true, force: true }));
    emptied.add(path.posix.dirname(name.replace(/\/$/, '')));
  }
  // The deepest first; one in which something is left says so.
  for (const name of [...emptied].toSorted((a, b) => b.length - a.length))
    if (name !== '.' && isMeant(name, options.below) && isReached(root, `${name}/`))
      removed(() => rmdirSync(placeOf(root, name)));
  const kept = [...inventory.entries()].filter(([name]) =>
    lstatSync(path.join(root, name), { throwIfNoEntry: false }),
  );
  inventory.keep(new Map(kept));
  return { count, bytes };
}

/** What is left below `runtime` and `models`, as far up as nothing of it is ours: `runtime/mine`, `models (a link)`. */
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

/** A folder with a receipt counts as whole: what that says goes to the inventory, then it is the first to go. */
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

/** Regular files at this name, or below it where it is that of a folder. */
function* filesAt(root: string, name: string): Iterable<[name: string, found: Stats]> {
  if (!isReached(root, name)) return;
  const place = placeOf(root, name);
  const found = lstatSync(place, { throwIfNoEntry: false });
  if (found?.isFile()) yield [name, found];
  else if (found?.isDirectory() && name.endsWith('/'))
    for (const entry of readdirSync(place, { withFileTypes: true }))
      yield* filesAt(root, `${name}${entry.name}${entry.isDirectory() ? '/' : ''}`);
}

/** Whether all folders on the way to it are folders, and none is a link. */
function isReached(root: string, name: string): boolean {
  const parts = name.replace(/\/$/, '').split('/').slice(0, -1);
  let folder = root;
  return parts.every((part) => {
    folder = path.join(folder, part);
    return lstatSync(folder, { throwIfNoEntry: false })?.isDirectory() ?? false;
  });
}

/** Without the slash at the end of a folder's name: with it a link in its place would be followed. */
function placeOf(root: string, name: string): string {
  return path.join(root, ...name.split('/'));
}

/** Of files that are one on the disk (hard links) the content is read once. */
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
