import { pageVersion } from '../stash/version.ts';

/** For a bug report where nothing came from the plugin. A sentence about a file may hold the name of a home folder. */
export function pageReport({
  stashVersion,
  browser,
  why,
}: {
  stashVersion: string;
  browser: string;
  why: string;
}): string {
  return [
    'The plugin gave no report; this is what its page knows',
    `Stash Sense ${pageVersion} (the page), Stash ${stashVersion}`,
    `Browser: ${browser}`,
    `Why: ${why.replace(/([\\/](?:home|Users)[\\/])[^\\/\s'"`]+/g, '$1…')}`,
    '',
  ].join('\n');
}
