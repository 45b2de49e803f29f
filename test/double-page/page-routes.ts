/** The stand-in page over HTTP: HTML, script and styles. Data, plugins and media are whoever serves it. */
import { build } from 'esbuild';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export type PageAnswer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | string;
};

/** What Stash's server sends with each page (internal/api/server.go). `img-src *` does not allow blob:. */
const POLICY =
  "default-src data: 'self' 'unsafe-inline'; connect-src data: 'self' ws: wss:; img-src data: *; " +
  "script-src 'self' http://www.gstatic.com https://www.gstatic.com 'unsafe-inline' 'unsafe-eval'; " +
  "style-src 'self' 'unsafe-inline'; media-src blob: 'self'; worker-src blob:; child-src 'none'; " +
  "object-src 'none'; form-action 'self'";

/** `/plugin/…` is a mount of the server and no page. */
const PAGES = /^\/($|scenes|images|galleries|performers|settings|stats|plugins)(\/|$)/;

/**
Makes the page once.

@returns what to answer to a GET of that path; null where the page has nothing. `prefix`, such as `/stash`, is the path a
proxy serves it under; it is no part of `pathname`. `language` is the one of Stash's settings, as Stash names it
*/
export async function pageRoutes(): Promise<
  (pathname: string, prefix?: string, language?: string) => PageAnswer | null
> {
  const { script, style } = await bundle();
  return (pathname, prefix = '', language = 'en-GB') => {
    if (pathname === '/assets/page.js') return file('text/javascript', script);
    if (pathname === '/assets/page.css') return file('text/css', style);
    if (pathname !== '/' && !PAGES.test(pathname)) return null;
    return {
      status: 200,
      headers: { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': POLICY },
      body: html(prefix, language),
    };
  };
}

function file(type: string, body: Uint8Array): PageAnswer {
  return { status: 200, headers: { 'content-type': type, 'cache-control': 'no-cache' }, body };
}

function html(prefix: string, language: string): string {
  return `<!doctype html>
<html lang="${language}">
  <head>
    <meta charset="utf-8" />
    <base href="${prefix}/" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>Stash</title>
    <link rel="stylesheet" href="assets/page.css" />
  </head>
  <body>
    <div id="root"></div>
    <script type="module" src="assets/page.js"></script>
  </body>
</html>
`;
}

async function bundle(): Promise<{ script: Uint8Array; style: Uint8Array }> {
  const here = path.dirname(fileURLToPath(import.meta.url));
  const { outputFiles } = await build({
    entryPoints: [path.join(here, 'page.tsx'), path.join(here, 'page.css')],
    outdir: here,
    bundle: true,
    write: false,
    minify: true,
    format: 'esm',
    target: 'es2022',
    define: { 'process.env.NODE_ENV': '"development"', 'globalThis.__DEV__': 'true' },
    logLevel: 'warning',
  });
  const of = (extension: string): Uint8Array =>
    outputFiles.find((entry) => entry.path.endsWith(extension))?.contents ?? new Uint8Array();
  return { script: of('.js'), style: of('.css') };
}
