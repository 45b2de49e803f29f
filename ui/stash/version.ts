import { say } from './intl.tsx';

declare const STASH_SENSE_VERSION: string | undefined;

/** Of this bundle. Stash fetches the script once per page load: after an update the old one meets the new Node side. */
export const pageVersion: string = typeof STASH_SENSE_VERSION === 'string' ? STASH_SENSE_VERSION : 'unbuilt';

let seenVersion: string | null = null;

/** What `status` said. */
export function noteVersion(version: string): void {
  seenVersion = version;
}

/** A sentence when page and plugin are of two versions; null while they fit or nobody asked yet. */
export function versionProblem(version = seenVersion): string | null {
  if (version === null || version === pageVersion) return null;
  return say('page.isOfOlderVersion', { version, pageVersion });
}
