/** No package's install script runs (.npmrc: what they fetch or do depends on the npm, the day and the machine). */
import { spawnSync } from 'node:child_process';
import { chmod, link, readFile, symlink } from 'node:fs/promises';
import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const modules = path.join(import.meta.dirname, '../node_modules');
const require = createRequire(import.meta.url);

/** Does by hand the two things of those scripts that are needed. Doing it twice does no harm. */
export async function finishInstall(): Promise<void> {
  const { path: ffprobe } = require('@ffprobe-installer/ffprobe') as { path: string };
  await chmod(ffprobe, 0o755);
  await linkNode();
}

/**
`node_modules/.bin/node`, which every npm script finds first. npm 10 and early ones of 11 remove the link of the one Node that
fits this machine together with those of the others that do not.
*/
async function linkNode(): Promise<void> {
  const isWindows = process.platform === 'win32';
  const name = readdirSync(modules).find((text) => /^node-(bin-)?(linux|darwin|win)-/.test(text));
  if (name === undefined || existsSync(path.join(modules, '.bin/node'))) return;
  const { bin } = JSON.parse(await readFile(path.join(modules, name, 'package.json'), 'utf8')) as {
    bin: { node: string };
  };
  const program = path.join(modules, name, bin.node);
  // On Alpine it does not: linked for glibc.
  const { status } = spawnSync(program, ['--version']);
  if (status !== 0) return;
  const made = isWindows
    ? link(program, path.join(modules, '.bin/node.exe'))
    : symlink(path.join('..', name, bin.node), path.join(modules, '.bin/node'));
  await made.catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
}
