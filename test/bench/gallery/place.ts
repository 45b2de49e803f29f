/** Where the development gallery lies. It is made of fetched repositories and is in no checkout. */
import { execFileSync } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { benchCache } from './look-cache.ts';

const shared = path.join(import.meta.dirname, '../../../../shared');

/**
`STASH_SENSE_DEV_GALLERY`, else the folder that ../shared/dev-gallery/make.mjs makes of the repositories in
`STASH_SENSE_MIRROR`, by default `.mirror` beside `shared`.
@returns the folder, or one sentence that says why there is none
*/
export function findDevGallery(): { readonly folder: string } | { readonly reason: string } {
  if (process.env['CI']) return { reason: 'photographs of real people are not used in CI' };
  const named = process.env['STASH_SENSE_DEV_GALLERY'];
  if (named !== undefined)
    return isMade(named)
      ? { folder: named }
      : { reason: `STASH_SENSE_DEV_GALLERY names ${named}, which has no people.json` };
  const maker = path.join(shared, 'dev-gallery/make.mjs');
  if (!existsSync(maker)) return { reason: '../shared/dev-gallery is not here' };
  const folder = path.join(benchCache, 'dev-gallery');
  if (isMade(folder)) return { folder };
  const mirror = process.env['STASH_SENSE_MIRROR'] ?? path.join(realpathSync(shared), '../.mirror');
  if (!existsSync(path.join(mirror, 'umass-vis-lfw+umass-vis-lfw.github.io')))
    return { reason: `the repositories that ../shared/dev-gallery/make.mjs reads are not in ${mirror}` };
  execFileSync(process.execPath, [maker, mirror, folder], { stdio: 'inherit' });
  return { folder };
}

function isMade(folder: string): boolean {
  return existsSync(path.join(folder, 'people.json'));
}
