/** What keeps a cold start short: every click on Stash's page starts a Node. */
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
`import 'node:http'` reads every export once, and one of them (WebSocket) loads all of undici: a third of a cold start.
Asked for as a builtin it does not.
*/
export const plainHttp: Plugin = {
  name: 'plain-http',
  setup(build) {
    build.onResolve({ filter: /^node:http$/ }, () => ({ path: 'http', namespace: 'builtin' }));
    build.onLoad({ filter: /^http$/, namespace: 'builtin' }, () => ({
      contents: "module.exports = process.getBuiltinModule('node:http');",
      loader: 'js',
    }));
  },
};
