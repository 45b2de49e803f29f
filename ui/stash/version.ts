import { say } from './intl.tsx';

declare const STASH_SENSE_VERSION: string | undefined;

/** Of this bundle. Stash fetches the script once per page load: after an update the old one meets the new Node side. */
export const pageVersion: string = typeof STASH_SENSE_VERSION === 'string' ? STASH_SENSE_VERSION : 'unbuilt';

/** On the window: the script of Stash's pages and that of our own page both ask, and both show what either has learnt. */
const seen = globalThis as { stashSenseVersion?: string };

/** What `status` said. */
export function noteVersion(version: string): void {
  seen.stashSenseVersion = version;
}

/** A sentence when page and plugin are of two versions; null while they fit or nobody asked yet. */
export function versionProblem(version = seen.stashSenseVersion ?? null): string | null {
  if (version === null || version === pageVersion) return null;
  return say('page.isOfOlderVersion', { version, pageVersion });
}
