/** How the page's bundle is made: by the build, and by the tests that draw it. */
import type { BuildOptions } from 'esbuild';
import path from 'node:path';

/** Packages that Stash's page provides: each is replaced by a file that exports them from `window.PluginApi`. */
const FROM_STASH: Readonly<Record<string, string>> = {
  react: 'ui/stash/shims/react.ts',
  'react-bootstrap': 'ui/stash/shims/react-bootstrap.ts',
  'react-router-dom': 'ui/stash/shims/react-router-dom.ts',
  'react-intl': 'ui/stash/shims/react-intl.ts',
  '@fortawesome/free-solid-svg-icons': 'ui/stash/shims/solid-icons.ts',
};

export function uiBundle(root: string, version: string): BuildOptions {
  return {
    bundle: true,
    sourcemap: false,
    legalComments: 'none',
    logLevel: 'warning',
    absWorkingDir: root,
    define: { STASH_SENSE_VERSION: JSON.stringify(version) },
    entryPoints: ['ui/main.tsx'],
    // Stash's page loads classic scripts.
    platform: 'browser',
    format: 'iife',
    target: 'es2020',
    // Stash's page is UTF-8, and so are the scripts it loads: characters stand as themselves and not as longer escapes.
    charset: 'utf8',
    minify: true,
    inject: [path.join(root, 'ui/stash/shims/jsx.ts')],
    jsx: 'transform',
    jsxFactory: 'jsxElement',
    jsxFragment: 'jsxFragment',
    alias: Object.fromEntries(
      Object.entries(FROM_STASH).map(([name, file]) => [name, path.join(root, file)]),
    ),
  };
}

/** The page's styles: one file a room, joined. */
export function uiStyles(root: string): BuildOptions {
  return {
    bundle: true,
    sourcemap: false,
    logLevel: 'warning',
    absWorkingDir: root,
    entryPoints: ['ui/styles/index.css'],
    target: 'es2020',
  };
}
