import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { build, type BuildOptions } from 'esbuild';
import { thisMachine } from '../plugin/system/platform.ts';
import { WEIGHTS } from './data-packages.ts';
import { loaderBundle, programBundle, wasmBundle } from './esbuild/node.ts';
import { uiBundle, uiPageBundle } from './esbuild/ui.ts';
import { bundledPackages, NOTICES_FILE, writeNotices } from './notices.ts';
import { bundleFiles } from './packaging/channel.ts';
import { bundles } from './packaging/channel-bundles.ts';
import { createInstalledSource } from './packaging/channel-packages.ts';

const root = path.join(import.meta.dirname, '..');
const built = (id: string): string => readFileSync(path.join(root, 'dist', id, NOTICES_FILE), 'utf8');

/** Of an installed package: its name with version, its licence, and the lines of its licence that say whose it is. */
function mustBeSaid(folder: string): string[] {
  const it = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as Record<string, string>;
  const texts = readdirSync(folder)
    .filter((file) => /^(licen[cs]e|notice|copying)/i.test(file))
    .map((file) => readFileSync(path.join(folder, file), 'utf8'));
  const lines = texts
    .flatMap((text) => text.split(/\r?\n/))
    .filter((line) => /(copyright|©).*\w{3}/i.test(line));
  return [`${it['name']} ${it['version']}\nLicence: ${it['license']}\n`, ...lines];
}

/** The folders of all packages that a bundle holds something of. */
async function foldersIn(options: BuildOptions): Promise<string[]> {
  const { metafile } = await build({ ...options, metafile: true, write: false, outfile: 'out.js' });
  const [output] = Object.values(metafile.outputs);
  const files = Object.entries(output!.inputs).filter(([, { bytesInOutput }]) => bytesInOutput > 0);
  const folders = files
    .map(([file]) => file.split('/'))
    .filter((parts) => parts.includes('node_modules'))
    .map((parts) => {
      const at = parts.lastIndexOf('node_modules') + 1;
      return parts.slice(0, at + (parts[at]!.startsWith('@') ? 2 : 1)).join('/');
    });
  return [...new Set(folders)];
}

test("every package that the plugin's scripts hold stands in its notices: name, version, licence, copyright", async () => {
  const notices = built('stash-sense');
  const main = await foldersIn(programBundle(root, '0', '0'));
  assert.deepEqual(await foldersIn(loaderBundle(root, '0')), []);
  for (const name of ['zod', 'graphql', 'graphql-request', 'keyv', 'node-cron', 'tar-stream', 'yauzl'])
    assert.ok(main.includes(`node_modules/${name}`), name);
  const wasm = await foldersIn(wasmBundle(root));
  assert.deepEqual(wasm.toSorted(), ['node_modules/onnxruntime-common', 'node_modules/onnxruntime-web']);
  const ui = [...(await foldersIn(uiBundle(root, '0', '0'))), ...(await foldersIn(uiPageBundle(root, '0')))];
  for (const folder of [...main, ...wasm, ...ui])
    for (const line of mustBeSaid(path.join(root, folder))) assert.ok(notices.includes(line), line);
});

test('the notices name what the WASM engine is linked with', () => {
  for (const words of ['Copyright (c) Microsoft Corporation', 'Eigen', 'abseil'])
    assert.ok(built('stash-sense').includes(words), words);
});

test('the package of the weights says whose they are', () => {
  const notices = built('stash-sense-faces');
  assert.ok(notices.includes(`${WEIGHTS.name} ${WEIGHTS.version}\nLicence: MIT\n`));
  assert.match(notices, /^Copyright \(c\) 2021 /m);
});

const installed = createInstalledSource(path.join(root, 'package-lock.json'));
for (const bundle of bundles.filter((it) => it.platform === thisMachine().platform))
  test(`the channel's archive of ${bundle.provides} holds notices for each package in it`, async () => {
    const { files } = await bundleFiles(bundle, installed);
    const notices = Buffer.from(files.find((it) => it.name === NOTICES_FILE)!.bytes).toString('utf8');
    for (const { name } of bundle.packages) {
      const folder = path.join(root, 'node_modules', name);
      const [head = '', ...lines] = mustBeSaid(folder);
      assert.ok(notices.includes(head.replace('Apache 2.0', 'Apache-2.0')), head);
      for (const line of lines) assert.ok(notices.includes(line), line);
      if (existsSync(path.join(folder, 'LICENSE')))
        assert.ok(notices.includes(readFileSync(path.join(folder, 'LICENSE'), 'utf8').trimEnd()), name);
    }
    const linked = { sharp: 'GNU LESSER GENERAL PUBLIC LICENSE', 'onnxruntime-node': 'abseil', usearch: '' };
    assert.ok(notices.includes(linked[bundle.provides]));
    if (bundle.provides === 'sharp') assert.match(notices, /^\| librsvg +\| LGPLv3/m);
  });

test('a package without the text of its licence is not packed', () => {
  const odd = { name: 'odd', version: '1.0.0', licence: 'MIT', files: ['index.js'], read: () => Buffer.of() };
  assert.throws(() => writeNotices([odd]), /^Error: odd 1\.0\.0 carries no text of its licence \(MIT\): /);
});

test('a licence that names nobody is followed by the author; of one package in two versions both count', () => {
  const inputs = ['tar-stream/node_modules/b4a', 'zod/v4', 'keyv'].map((it) => [
    `node_modules/${it}/index.js`,
    { bytesInOutput: it === 'keyv' ? 0 : 1 },
  ]);
  const output = { inputs: Object.fromEntries(inputs) as Record<string, { bytesInOutput: number }> };
  const found = bundledPackages(root, [
    { inputs: {}, outputs: { x: { ...output, bytes: 1, imports: [], exports: [] } } },
  ]);
  assert.deepEqual(
    found.map((it) => it.name),
    ['b4a', 'zod'],
  );
  assert.match(writeNotices(found), /^b4a 1\.\d+\.\d+\nLicence: Apache-2\.0\nCopyright: Holepunch$/m);
});
