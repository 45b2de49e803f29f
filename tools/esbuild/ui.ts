/** How the page's bundles are made: by the build, and by the tests that draw them. */
import type { BuildOptions } from 'esbuild';
import path from 'node:path';
import { addressesOfLanguages } from './languages.ts';

/** Packages that Stash's page provides: each is replaced by a file that exports them from `window.PluginApi`. */
const FROM_STASH: Readonly<Record<string, string>> = {
  react: 'ui/stash/shims/react.ts',
  'react-bootstrap': 'ui/stash/shims/react-bootstrap.ts',
  'react-router-dom': 'ui/stash/shims/react-router-dom.ts',
  'react-intl': 'ui/stash/shims/react-intl.ts',
  '@fortawesome/free-solid-svg-icons': 'ui/stash/shims/solid-icons.ts',
};

/** What stands on Stash's own pages. @param pageHash of the script of our page */
export function uiBundle(root: string, version: string, pageHash: string): BuildOptions {
  return {
    ...scriptOf(root),
    define: { ...definesOf(root, version, './assets/'), STASH_SENSE_PAGE: JSON.stringify(pageHash) },
    entryPoints: ['ui/main.tsx'],
    // Stash's page loads classic scripts.
    format: 'iife',
  };
}

/**
Our own page, which is loaded when it is opened. It holds all that it needs once more, so that neither script depends on the version
of the other.
*/
export function uiPageBundle(root: string, version: string): BuildOptions {
  return {
    ...scriptOf(root),
    define: definesOf(root, version, './'),
    entryPoints: ['ui/page.tsx'],
    format: 'esm',
  };
}

function scriptOf(root: string): BuildOptions {
  return {
    bundle: true,
    sourcemap: false,
    legalComments: 'none',
    logLevel: 'warning',
    absWorkingDir: root,
    platform: 'browser',
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

/** @param assets the folder of the assets, as the script sees it */
function definesOf(root: string, version: string, assets: string): Record<string, string> {
  return {
    STASH_SENSE_VERSION: JSON.stringify(version),
    STASH_SENSE_LANGUAGES: JSON.stringify(addressesOfLanguages(root, assets)),
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
