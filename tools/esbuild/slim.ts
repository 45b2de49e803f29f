/** What keeps a cold start short: every click on Stash's page starts a Node. */
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import type { Plugin } from 'esbuild';

/** zod brings the messages of fifty languages, of which it uses one: 300 kB to read at each start. */
export const oneLocale: Plugin = {
  name: 'one-locale',
  setup(build) {
    build.onLoad({ filter: /zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, () => ({
      contents: "export { default as en } from './en.js';",
      loader: 'js',
    }));
  },
};

/**
Node's own modules are loaded at the first use of one of their exports. An `import` of one reads all its exports at once, and
some are getters that load more: WebSocket of `http` all of undici, ReadStream of `fs` all streams. That was a third of a
cold start; what a click needs of them is a fraction.
*/
export const lazyBuiltins: Plugin = {
  name: 'lazy-builtins',
  setup(build) {
    build.onResolve({ filter: /^[\w:/]+$/ }, ({ path, kind }) =>
      kind === 'import-statement' && isBuiltin(path)
        ? { path: path.replace(/^(?!node:)/, 'node:'), namespace: 'builtin' }
        : null,
    );
    build.onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path }) => {
      const whole: unknown = process.getBuiltinModule(path);
      // `events` is a class, with what it exports as its fields; it is loaded in any case.
      if (typeof whole === 'function')
        return {
          contents: `module.exports = process.getBuiltinModule(${JSON.stringify(path)});`,
          loader: 'js',
        };
      const names = Object.keys(whole as object).filter((name) => name !== 'default');
      return {
        contents: `
          const load = () => process.getBuiltinModule(${JSON.stringify(path)});
          for (const name of ${JSON.stringify(names)})
            Object.defineProperty(exports, name, { enumerable: true, get: () => load()[name] });`,
        loader: 'js',
      };
    });
  },
};

/** Packages that are loaded when they are used, since hardly a click needs them, with what is imported of them. */
const RARELY_USED: Readonly<Record<string, readonly string[]>> = {
  keyv: ['Keyv'],
  'graphql-request': ['ClientError', 'GraphQLClient'],
  graphql: ['Kind', 'parse', 'print'],
  'intl-messageformat': ['IntlMessageFormat'],
  'node-cron': ['createTask', 'parse'],
};

/** The packages of `RARELY_USED` are loaded at the first use of one of their exports. */
export const lazyPackages: Plugin = {
  name: 'lazy-packages',
  setup(build) {
    build.onResolve({ filter: /^[\w-]+$/ }, ({ path: name, kind, namespace, resolveDir }) =>
      (kind === 'import-statement' || kind === 'require-call') &&
      Object.hasOwn(RARELY_USED, name) &&
      namespace !== 'package'
        ? { path: name, namespace: 'lazy-package', pluginData: { resolveDir } }
        : null,
    );
    build.onResolve({ filter: /^package:/ }, ({ path: name, pluginData }) => ({
      path: name.slice('package:'.length),
      namespace: 'package',
      pluginData: pluginData as unknown,
    }));
    build.onLoad({ filter: /.*/, namespace: 'lazy-package' }, ({ path: name, pluginData }) => ({
      contents: `
        Object.defineProperty(exports, '__esModule', { value: true });
        for (const name of ${JSON.stringify(RARELY_USED[name])})
          Object.defineProperty(exports, name, { enumerable: true, get: () => require('package:${name}')[name] });`,
      pluginData: pluginData as unknown,
      loader: 'js',
    }));
    // A module in between, so that what is not named here is left out of the bundle.
    build.onLoad({ filter: /.*/, namespace: 'package' }, ({ path: name, pluginData }) => ({
      contents: `export { ${RARELY_USED[name]!.join(', ')} } from '${name}';`,
      resolveDir: (pluginData as { resolveDir: string }).resolveDir,
      loader: 'js',
    }));
  },
};

/** Our schemas are made at their first use (tools/esbuild/lazy-zod.ts). */
export const lazySchemas: Plugin = {
  name: 'lazy-schemas',
  setup(build) {
    const lazy = join(import.meta.dirname, 'lazy-zod.ts');
    build.onResolve({ filter: /^zod$/ }, ({ importer }) =>
      /[\\/]node_modules[\\/]/.test(importer) ? null : { path: lazy },
    );
  },
};
