import { pageVersion } from '../stash/version.ts';
import { say } from '../stash/intl.tsx';

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
  const problem = why.replace(/([\\/](?:home|Users)[\\/])[^\\/\s'"`]+/g, '$1…');
  return [
    say('status.reportOfPage'),
    say('status.reportVersions', { pageVersion, stashVersion }),
    say('status.reportBrowser', { browser }),
    say('status.reportWhy', { problem }),
    '',
  ].join('\n');
}
