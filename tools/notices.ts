/** THIRD-PARTY-NOTICES.txt: authors and licences of the third-party code in a package. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Metafile } from 'esbuild';

export const NOTICES_FILE = 'THIRD-PARTY-NOTICES.txt';

export type NoticedPackage = {
  readonly name: string;
  readonly version: string;
  /** As its package.json says, an SPDX expression. */
  readonly licence: string;
  /** Paths in the package; texts are looked for among them. */
  readonly files: readonly string[];
  readonly read: (file: string) => Uint8Array;
};

const OUR_TEXTS = path.join(import.meta.dirname, 'licences');
const LICENCE_FILE = /(^|\/)(licen[cs]e|copying|notice|third-?party-?notices?)([.-][\w-]+)*$/i;

/** What packages do not carry although they must be handed on with it: a licence's text, that of what they are linked with. */
const MISSING_TEXTS: [RegExp, string[]][] = [
  [/^onnxruntime-common$/, ['onnxruntime.txt']],
  [/^onnxruntime-(node|web)$/, ['onnxruntime.txt', 'onnxruntime-third-party.txt']],
  // Their README lists the licences of what libvips is linked with.
  [/^@img\/sharp-(libvips|win32)-/, ['LGPL-3.0.txt', 'GPL-3.0.txt']],
];

/**
@param packages in any order
@throws Error one sentence: a package has no licence's text
*/
export function writeNotices(packages: readonly NoticedPackage[]): string {
  const sorted = packages.toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  const sections = sorted.map((entry) => {
    const texts = textsOf(entry);
    if (texts.length === 0)
      throw new Error(
        `${entry.name} ${entry.version} carries no text of its licence (${entry.licence}): put one into tools/licences and name it in tools/notices.ts.`,
      );
    return [
      '='.repeat(80),
      `${entry.name} ${entry.version}`,
      `Licence: ${entry.licence}`,
      // A licence's text without a copyright line, as Apache's, names nobody.
      ...(texts.some((text) => /copyright|©/i.test(text)) && !isApacheAlone(texts)
        ? []
        : [`Copyright: ${authorOf(entry)}`]),
      '='.repeat(80),
      '',
      texts.map((text) => text.trimEnd()).join(`\n\n${'-'.repeat(80)}\n\n`),
      '',
    ].join('\n');
  });
  return [
    'This package carries work of others. Each is named below with its version, its licence and its copyright.\n',
    ...sections,
  ].join('\n');
}

/** Of its package.json. */
function authorOf({ name, files, read }: NoticedPackage): string {
  if (!files.includes('package.json')) return `the authors of ${name}`;
  const { author } = JSON.parse(Buffer.from(read('package.json')).toString('utf8')) as {
    author?: string | { name: string };
  };
  return (typeof author === 'object' ? author.name : author) ?? `the authors of ${name}`;
}

function isApacheAlone(texts: readonly string[]): boolean {
  return texts.length === 1 && /Copyright \[yyyy\] \[name of copyright owner\]/.test(texts[0]!);
}

function textsOf({ name, files, read }: NoticedPackage): string[] {
  const missing = MISSING_TEXTS.find(([names]) => names.test(name))?.[1] ?? [];
  const own = files
    .filter((file) => LICENCE_FILE.test(file) || (missing.includes('LGPL-3.0.txt') && file === 'README.md'))
    .toSorted();
  return [
    ...own.map((text) => Buffer.from(read(text)).toString('utf8')),
    ...missing.map((text) => readFileSync(path.join(OUR_TEXTS, text), 'utf8')),
  ].map((text) => text.replaceAll('\r\n', '\n'));
}

/** The installed packages of which the bundler took in at least one byte. `root`: what its paths are relative to. */
export function bundledPackages(root: string, metafiles: readonly Metafile[]): NoticedPackage[] {
  const folders = new Set<string>();
  for (const { outputs } of metafiles)
    for (const { inputs } of Object.values(outputs))
      for (const [file, { bytesInOutput }] of Object.entries(inputs)) {
        // The last of them: a package may have packages of its own.
        const [folder] = /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(file) ?? [];
        if (folder !== undefined && bytesInOutput > 0) folders.add(path.resolve(root, folder));
      }
  const found = [...folders].map((folder) => installedPackage(folder));
  return [...new Map(found.map((entry) => [`${entry.name} ${entry.version}`, entry])).values()];
}

/** Of an installed package only the files beside its package.json count. */
export function installedPackage(folder: string): NoticedPackage {
  const {
    name,
    version,
    license = 'not stated',
  } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as {
    name: string;
    version: string;
    license?: string;
  };
  return {
    name,
    version,
    licence: license,
    files: readdirSync(folder),
    read: (file) => readFileSync(path.join(folder, file)),
  };
}
