/** How the plugin's bundle is made, and the script of the WASM engine beside it. */
import { createRequire } from 'node:module';
import path from 'node:path';
import type { BuildOptions } from 'esbuild';
import { catalog } from '../../models/catalog/catalog.ts';
import { lazyModules } from './lazy-modules.ts';
import { inlineMigrations } from './migrations.ts';
import { lazyBuiltins, lazyPackages, lazySchemas, oneLocale } from './slim.ts';

/** Where the files of onnxruntime-web lie that an installed plugin runs. */
export const wasmSources = path.dirname(createRequire(import.meta.url).resolve('onnxruntime-web'));

/** The program, as one function in a script: V8 keeps compiled code of scripts, of modules it keeps only what is compiled at first. */
export function programBundle(root: string, version: string, looking: string): BuildOptions {
  const bundle = nodeBundle(root, version, looking);
  return {
    ...bundle,
    entryPoints: ['tasks/program.ts'],
    plugins: [lazyModules(root), ...(bundle.plugins ?? [])],
    format: 'cjs',
    define: { ...bundle.define, 'import.meta.url': 'BUNDLE_URL' },
    banner: { js: '(function (require, module, BUNDLE_URL) {' },
    footer: { js: '})' },
  };
}

/** What loads it. `program`: the hash that is its end. */
export function loaderBundle(root: string, program: string): BuildOptions {
  return {
    ...shared(root),
    define: { STASH_SENSE_PROGRAM: JSON.stringify(program) },
    entryPoints: ['tasks/main.ts'],
    target: 'node22.19',
    minifySyntax: true,
    plugins: [lazyBuiltins],
    banner: { js: '#!/usr/bin/env node' },
  };
}

/** Code for Node. `looking`: of `hashOfLooking`. */
export function nodeBundle(root: string, version: string, looking: string): BuildOptions {
  return {
    ...shared(root),
    define: {
      STASH_SENSE_VERSION: JSON.stringify(version),
      STASH_SENSE_LOOKING: JSON.stringify(looking),
      STASH_SENSE_CATALOG: JSON.stringify(catalog),
    },
    target: 'node22.19',
    minifySyntax: true,
    minifyWhitespace: true,
    // graphql's ES modules: of its CommonJS ones nothing can be left out.
    mainFields: ['module', 'main'],
    plugins: [oneLocale, lazyBuiltins, lazyPackages, lazySchemas, inlineMigrations],
    inject: ['tools/esbuild/fetch.ts'],
    // Native packages are looked for at run time (models/native/packages.ts); onnxruntime-web lies beside the bundle as a file.
    external: ['onnxruntime-node', 'sharp', 'usearch', 'onnxruntime-web'],
    // Bundled CommonJS packages ask for node's own modules through `require`.
    banner: {
      js: "#!/usr/bin/env node\nconst require = process.getBuiltinModule('node:module').createRequire(import.meta.url);",
    },
  };
}

/** Imports the package onnxruntime-common, which an installed plugin has not. */
export function wasmBundle(root: string): BuildOptions {
  return {
    ...shared(root),
    entryPoints: [path.join(wasmSources, 'ort.node.min.mjs')],
    minify: true,
    // Found beside it at run time; its helper threads start from the file itself.
    external: ['*/ort-wasm-simd-threaded.mjs'],
  };
}

function shared(root: string): BuildOptions {
  return {
    bundle: true,
    sourcemap: false,
    legalComments: 'none',
    logLevel: 'warning',
    platform: 'node',
    format: 'esm',
    absWorkingDir: root,
    // Lazy modules carry their path in the bundle: it must not be that of where a linked node_modules really lies.
    preserveSymlinks: true,
  };
}
