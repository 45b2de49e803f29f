import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';

export function versionOfSources(root: string): string {
  return (JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { version: string }).version;
}

/** With the commit, as Stash compares and shows it: two packages of one version can differ. */
export function versionOfPackage(root: string): string {
  const commit = execFileSync('git', ['rev-parse', '--short=7', 'HEAD'], { cwd: root, encoding: 'utf8' });
  return `${versionOfSources(root)}-${commit.trim()}`;
}
