/** Makes dist/stash-sense (the plugin's folder as Stash installs it) and dist/stash-sense-faces (the weights' package). */
import { build, type BuildOptions } from 'esbuild';
import { chmod, copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { catalog } from './models/catalog.ts';
import { oneLocale, plainHttp } from './tools/esbuild/slim.ts';
import { openWeights, WEIGHTS } from './tools/data-packages.ts';
import { uiBundle } from './tools/esbuild/ui.ts';
import { finishInstall } from './tools/installed.ts';

await finishInstall();
const root = path.dirname(fileURLToPath(import.meta.url));
const require = createRequire(import.meta.url);
const { version } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8')) as {
  version: string;
};

const plugin = path.join(root, 'dist/stash-sense');
const faces = path.join(root, 'dist/stash-sense-faces');
await rm(plugin, { recursive: true, force: true });
await rm(faces, { recursive: true, force: true });
await mkdir(path.join(plugin, 'wasm'), { recursive: true });
await mkdir(faces, { recursive: true });

const shared: BuildOptions = {
  bundle: true,
  sourcemap: false,
  legalComments: 'none',
  logLevel: 'warning',
  define: { STASH_SENSE_VERSION: JSON.stringify(version) },
  absWorkingDir: root,
  // Lazy modules carry their path in the bundle: it must not be that of where a linked node_modules really lies.
  preserveSymlinks: true,
};

await build({
  ...shared,
  entryPoints: ['tasks/main.ts'],
  outfile: path.join(plugin, 'main.mjs'),
  platform: 'node',
  format: 'esm',
  target: 'node22.19',
  minifySyntax: true,
  minifyWhitespace: true,
  // graphql's ES modules: of its CommonJS ones nothing can be left out.
  mainFields: ['module', 'main'],
  plugins: [oneLocale, plainHttp],
  inject: ['tools/esbuild/fetch.ts'],
  // Native packages are looked for at run time (models/native.ts); onnxruntime-web lies beside the bundle as a file.
  external: ['onnxruntime-node', 'sharp', 'usearch', 'onnxruntime-web'],
  loader: { '.sql': 'text' },
  // Bundled CommonJS packages ask for node's own modules through `require`.
  banner: {
    js: "#!/usr/bin/env node\nimport { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
});
await chmod(path.join(plugin, 'main.mjs'), 0o755);

await build({ ...uiBundle(root, version), outfile: path.join(plugin, 'ui.js') });

for (const file of [
  'stash-sense.yml',
  'LICENSE',
  'plugin/launch.sh',
  'plugin/install-node.sh',
  'plugin/install-node.ps1',
  'plugin/sh.cmd',
  'ui/styles.css',
])
  await copyFile(
    path.join(root, file),
    path.join(plugin, file === 'ui/styles.css' ? 'ui.css' : path.basename(file)),
  );
await chmod(path.join(plugin, 'launch.sh'), 0o755);

const web = path.join(path.dirname(require.resolve('onnxruntime-web')));
// Imports the package onnxruntime-common, which an installed plugin has not.
await build({
  ...shared,
  entryPoints: [path.join(web, 'ort.node.min.mjs')],
  outfile: path.join(plugin, 'wasm/ort.node.min.mjs'),
  platform: 'node',
  format: 'esm',
  minify: true,
  // Found beside it at run time; its helper threads start from the file itself.
  external: ['*/ort-wasm-simd-threaded.mjs'],
});
for (const file of ['ort-wasm-simd-threaded.mjs', 'ort-wasm-simd-threaded.wasm'])
  await copyFile(path.join(web, file), path.join(plugin, 'wasm', file));

const weights = await openWeights();
for (const { file } of catalog.models) await copyFile(path.join(weights, file), path.join(faces, file));
await copyFile(path.join(weights, '../LICENSE'), path.join(faces, 'LICENSE'));
await writeFile(
  path.join(faces, 'README.txt'),
  'Weights of the portable face pack of Stash Sense: fr_detect, fr_landmark and fr_feature of the npm package\n' +
    `${WEIGHTS.name} ${WEIGHTS.version} (MIT, see LICENSE), unchanged. This package holds data only.\n`,
);
