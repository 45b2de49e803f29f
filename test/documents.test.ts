/** What the documents name is there: files, links, npm scripts, and names in the code. */
import assert from 'node:assert/strict';
import { existsSync, globSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { CROP_MIGRATIONS, MIGRATIONS, PICTURE_CACHE_MIGRATIONS } from '../plugin/store/sqlite/schema.ts';

const FOLDERS = ['.ci', '.github', 'core', 'docs', 'models', 'plugin', 'tasks', 'test', 'tools', 'ui'];
const LAYERS = ['core', 'models', 'plugin', 'tasks', 'ui'];

/** All files of the repository, as paths from its root. */
const files = [
  ...readdirSync('.').filter((name) => statSync(name).isFile()),
  ...FOLDERS.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => path.posix.join(folder, name)),
  ).filter((name) => statSync(name).isFile()),
];
const documents = files.filter((file) => file.endsWith('.md') && !file.includes('node_modules'));
const baseNames = new Set(files.map((file) => path.posix.basename(file)));
const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };

/** Documents about the code: each name of the code in them is looked up. In the others, backticks also hold names of other programs. */
const ABOUT_CODE = [
  'ARCHITECTURE.md',
  'CONTRIBUTING.md',
  'docs/glossary.md',
  'docs/data-model.md',
  'docs/how-to-add.md',
  'test/double/README.md',
];

for (const document of documents) {
  const text = readFileSync(document, 'utf8');

  test(`${document} links to files and headings that are there`, () => {
    const dead = [...withoutFences(text).matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, target = '']) => target)
      .filter((target) => !/^[a-z]+:/.test(target) && !isLinkAlive(document, target));
    assert.deepEqual(dead, []);
  });

  test(`${document} names files and folders that are there`, () => {
    assert.deepEqual(
      inBackticks(text).filter((name) => isPath(name) && !isThere(name, path.posix.dirname(document))),
      [],
    );
  });

  test(`${document} names npm scripts that are there`, () => {
    const named = [...text.matchAll(/\bnpm run ([\w:]+)/g)].map(([, script = '']) => script);
    assert.deepEqual(
      named.filter((script) => !Object.hasOwn(scripts, script)),
      [],
    );
  });
}

test('documents about the code name what is in the code', () => {
  const words = wordsOfCode();
  const strange = ABOUT_CODE.flatMap((document) =>
    inBackticks(readFileSync(document, 'utf8'))
      .filter((name) => isName(name))
      // Of `learnPeople(context, slice)` and `slice.advanced` each part is looked up.
      .flatMap((name) => name.replace(/\(.*\)$/, '').split('.'))
      .filter((name) => !words.has(name))
      .map((name) => `${document}: ${name}`),
  );
  assert.deepEqual(strange, []);
});

test('ARCHITECTURE.md says of every room what it is', () => {
  const map = readFileSync('ARCHITECTURE.md', 'utf8');
  const rooms = LAYERS.flatMap((layer) =>
    readdirSync(layer, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => `${layer}/${name}`),
  );
  assert.deepEqual(
    rooms.filter((room) => !map.includes(`| \`${room}/\` |`)),
    [],
  );
});

test('CONTRIBUTING.md says of every npm script what it does', () => {
  const table = readFileSync('CONTRIBUTING.md', 'utf8');
  assert.deepEqual(
    Object.keys(scripts).filter((script) => !new RegExp(`npm (run )?${script}(?![\\w:])`).test(table)),
    [],
  );
});

test('docs/data-model.md has a line for every table of the store', () => {
  const model = readFileSync('docs/data-model.md', 'utf8');
  const tables = [...MIGRATIONS, ...CROP_MIGRATIONS, ...PICTURE_CACHE_MIGRATIONS].flatMap((sql) =>
    [...sql.matchAll(/CREATE TABLE (\w+)/g)].map(([, name = '']) => name),
  );
  assert.ok(tables.length > 10);
  assert.deepEqual(
    tables.filter((name) => !model.includes(`| \`${name}\` |`)),
    [],
  );
});

function isLinkAlive(document: string, target: string): boolean {
  const [file = '', anchor] = target.split('#');
  const to = file === '' ? document : path.posix.join(path.posix.dirname(document), file);
  if (!existsSync(to)) return false;
  return anchor === undefined || headings(readFileSync(to, 'utf8')).includes(anchor);
}

/** As GitHub names them. */
function headings(text: string): string[] {
  return [...withoutFences(text).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );
}

/** A path from the root or from the document, or the name of one of our source files. */
function isPath(name: string): boolean {
  if (/\s|:\/\/|^[-~/$]/.test(name)) return false;
  return (
    FOLDERS.some((folder) => name.startsWith(`${folder}/`)) ||
    /^[\w.*<>/-]+\.(?:tsx?|mts|sh|ps1|cmd)$/.test(name)
  );
}

/** `*` and `<room>` stand for any name. */
function isThere(name: string, folder: string): boolean {
  const pattern = name.replaceAll(/<[\w-]+>/g, '*').replace(/\/$/, '');
  if (pattern.includes('*')) return globSync(pattern).length > 0;
  return (
    existsSync(pattern) ||
    existsSync(path.posix.join(folder, pattern)) ||
    (!pattern.includes('/') && baseNames.has(pattern))
  );
}

/** A name as only code has it: a capital or an underscore inside, or a call. */
function isName(name: string): boolean {
  return (
    /^[A-Za-z_$][\w$.]*(\(.*\))?$/.test(name) &&
    !isPath(name) &&
    !/\.(?:js|mjs|css|ya?ml|json|md|html|zip|txt|db|sqlite|onnx)$/.test(name) &&
    /[a-z][A-Z]|[A-Za-z]_[A-Za-z]|^[A-Z][a-z]+[A-Z]|\(/.test(name)
  );
}

function wordsOfCode(): Set<string> {
  const code = files.filter((file) => /\.(?:tsx?|json|yml|sh|ps1|cmd|graphql)$/.test(file));
  return new Set(code.flatMap((file) => readFileSync(file, 'utf8').match(/[\w$]+/g) ?? []));
}

function inBackticks(text: string): string[] {
  return [...withoutFences(text).matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code);
}

function withoutFences(text: string): string {
  return text.replaceAll(/^\s*```[\s\S]*?^\s*```/gm, '');
}
