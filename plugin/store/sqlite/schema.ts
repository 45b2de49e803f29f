/**
The migrations of the two files of the store, each a numbered `.sql` file. What has been released is never edited, only
followed by another. The bundler puts their text in this module's place (`tools/esbuild/migrations.ts`).
*/
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** The tables of the main file. */
export const MIGRATIONS: readonly string[] = readMigrations('migrations');

/** The tables of the crops' own file: a cache beside the main one, so that that one stays small to back up. */
export const CROP_MIGRATIONS: readonly string[] = readMigrations('crop-migrations');

function readMigrations(folder: string): string[] {
  const whole = path.join(import.meta.dirname, folder);
  return readdirSync(whole)
    .filter((name) => name.endsWith('.sql'))
    .toSorted()
    .map((name) => readFileSync(path.join(whole, name), 'utf8'));
}
