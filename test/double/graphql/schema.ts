import { readFileSync } from 'node:fs';
import path from 'node:path';

/** As `v0.30.1` or `v0.30.1-19-gcf3489ef`. */
export type StashVersion = `v${number}.${number}.${number}${string}`;

/**
The schema as that version of Stash has it. Before 0.30 a tag has no stash IDs, and a studio one web page; before 0.29 a file does
not name the zip it lies in, and a stash-box has no limit.
*/
export function readSchemaText(version: StashVersion): string {
  const text = readFileSync(path.join(import.meta.dirname, 'schema.graphql'), 'utf8');
  const [, minor = '0'] = version.slice(1).split('.');
  const before30 = Number(minor) >= 30 ? text : withoutFieldsOf30(text);
  return Number(minor) >= 29
    ? before30
    : before30
        .replaceAll(/^ {2}(?:zip_file: BasicFile|max_requests_per_minute: Int!?)\n/gm, '')
        .replace(/^type BasicFile [^}]*\}\n/m, '');
}

function withoutFieldsOf30(text: string): string {
  return text
    .replaceAll(/^(?:type Tag|input Tag(?:Create|Update)Input) \{[^}]*\}/gm, (type) =>
      without('stash_ids', type),
    )
    .replaceAll(/^(?:type Studio|input StudioUpdateInput) \{[^}]*\}/gm, (type) => without('urls', type));
}

function without(field: string, type: string): string {
  return type.replace(new RegExp(`^ {2}${field}: .*\n`, 'm'), '');
}
