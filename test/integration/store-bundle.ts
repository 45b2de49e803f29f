import path from 'node:path';
import { buildSync } from 'esbuild';

/** One file that Node starts in a few milliseconds, where tsx would take half a second for each of many children. */
export function bundleChild(source: string, folder: string): string {
  const outfile = path.join(folder, `${path.basename(source, '.ts')}.mjs`);
  buildSync({
    entryPoints: [path.join(import.meta.dirname, source)],
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile,
    logLevel: 'error',
  });
  return outfile;
}
