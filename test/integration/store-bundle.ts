import path from 'node:path';
import { build } from 'esbuild';
import { inlineMigrations } from '../../tools/esbuild/migrations.ts';

/** One file that Node starts in a few milliseconds, where tsx would take half a second for each of many children. */
export async function bundleChild(source: string, folder: string): Promise<string> {
  const outfile = path.join(folder, `${path.basename(source, '.ts')}.mjs`);
  await build({
    entryPoints: [path.join(import.meta.dirname, source)],
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile,
    plugins: [inlineMigrations],
    logLevel: 'error',
  });
  return outfile;
}
