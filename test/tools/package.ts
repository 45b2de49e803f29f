/** `npm run package`: what a user installs, in dist/, byte-identical for the same commit. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { writePackages } from './packages.ts';

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '../..');
const dist = path.join(root, 'dist');

const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { version: string };
const full = `${version}-${git('rev-parse', '--short=7', 'HEAD')}`;
const date = new Date(Number(process.env['SOURCE_DATE_EPOCH'] ?? git('log', '-1', '--format=%ct')) * 1000);

for (const { id, bytes } of writePackages({ built: dist, out: dist, version: full, date }))
  console.log(`${id}.zip  ${(bytes / 1e6).toFixed(2)} MB`);
console.log(`index.yml  ${full}`);

function git(...args: string[]): string {
  return execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim();
}
