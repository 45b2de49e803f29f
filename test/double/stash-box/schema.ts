import { readFileSync } from 'node:fs';
import path from 'node:path';

/** As `v0.10.2`. */
export type BoxVersion = `v0.${number}.${number}`;

/** The schema as that version has it, as far as the double speaks it. */
/** @param lacks queries that a box has not, which only behaves as a stash-box */
export function readBoxSchema(version: BoxVersion, lacks: readonly string[] = []): string {
  const text = readFileSync(path.join(import.meta.dirname, 'schema.graphql'), 'utf8');
  const own = minorOf(version) >= 8 ? ['findSceneByFingerprint'] : ['searchPerformers', 'searchScenes'];
  const missing = [...own, ...lacks];
  return missing.reduce((left, name) => left.replace(new RegExp(`^ {2}${name}\\(.*\\n`, 'm'), ''), text);
}

export function minorOf(version: BoxVersion): number {
  return Number(version.split('.')[1]);
}
