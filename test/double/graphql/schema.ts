import { readFileSync } from 'node:fs';
import path from 'node:path';

/** As `v0.30.1` or `v0.30.1-19-gcf3489ef`. */
export type StashVersion = `v${number}.${number}.${number}${string}`;

/** The schema as that version of Stash has it: before 0.29 a file does not name the zip it lies in, and a stash-box has no limit. */
export function readSchemaText(version: StashVersion): string {
  const text = readFileSync(path.join(import.meta.dirname, 'schema.graphql'), 'utf8');
  const [, minor = '0'] = version.slice(1).split('.');
  return Number(minor) >= 29
    ? text
    : text
        .replaceAll(/^ {2}(?:zip_file: BasicFile|max_requests_per_minute: Int!?)\n/gm, '')
        .replace(/^type BasicFile [^}]*\}\n/m, '');
}
