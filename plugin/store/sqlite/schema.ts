/**
The migrations of the SQLite files, one numbered `.sql` file each. A released one is never edited; changes are
new files. The bundler replaces this module with their text (`tools/esbuild/migrations.ts`).
*/
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** The tables of the main file. */
export const MIGRATIONS: readonly string[] = readMigrations('migrations');

/** The tables of the crop file: a cache in a separate file, so that backups of the main file stay small. */
export const CROP_MIGRATIONS: readonly string[] = readMigrations('crop-migrations');

/** The table of what was learnt from plain pictures (`plugin/store/picture-cache.ts`). */
export const PICTURE_CACHE_MIGRATIONS: readonly string[] = readMigrations('picture-cache-migrations');

function readMigrations(folder: string): string[] {
  const whole = path.join(import.meta.dirname, folder);
  return readdirSync(whole)
    .filter((name) => name.endsWith('.sql'))
    .toSorted()
    .map((name) => readFileSync(path.join(whole, name), 'utf8'));
}
