import { readFileSync } from 'node:fs';
import path from 'node:path';

/** As `v0.10.2`. */
export type BoxVersion = `v0.${number}.${number}`;

/** The schema as that version has it, as far as the double speaks it. */
export function readBoxSchema(version: BoxVersion): string {
  const text = readFileSync(path.join(import.meta.dirname, 'schema.graphql'), 'utf8');
  return minorOf(version) >= 8 ? text : text.replace(/^ {2}searchPerformers\(.*\n/m, '');
}

export function minorOf(version: BoxVersion): number {
  return Number(version.split('.')[1]);
}
