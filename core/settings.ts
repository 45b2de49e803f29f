import { z } from 'zod';

/**
The settings of Stash's plugin page. Stash stores text, numbers and booleans without defaults: an absent value, an empty
text and 0 all mean the default.
*/
const text = (fallback: string) =>
  z.preprocess(
    (value) => (value === undefined || value === null || value === '' ? fallback : value),
    z.union([z.string().trim(), z.number().transform(String)]),
  );
const OFF: readonly unknown[] = [undefined, null, '', 0, 'false'];
const flag = z.preprocess(
  (value) => (OFF.includes(value) ? false : value === 'true' ? true : value),
  z.boolean(),
);
/** A number from `min` to `max`; `fallback` when unset or 0. */
const number = (fallback: number, min: number, max: number) =>
  z.preprocess(
    (value) =>
      value === undefined || value === null || value === '' || Number(value) === 0 ? fallback : Number(value),
    z.number().min(min).max(max),
  );

export const Settings = z.object({
  /** `all`, `without performers`, `studio: NAME or id`, `filter: NAME or id of a saved scene filter`. */
  scanScope: text('all'),
  scanImages: flag,
  scanGalleries: flag,
  /**
  What is never looked at, learnt or named: entries as in core/exclusions/entries.ts. Tags count with all tags below them, a
  performer with an excluded tag is excluded too.
  */
  excludedTags: text(''),
  excludedPerformers: text(''),
  /** Whole paths on Stash's machine. */
  excludedFolders: text(''),
  /** Tag that marks scenes for "Identify scene" from the menu. */
  identifyTag: text('Identify faces'),
  /** Minutes a long task works before it yields Stash's queue. */
  sliceMinutes: number(10, 1, 240),
  /** Cron expression for "Scan library"; empty is never. */
  schedule: text(''),
  /** Confidence in percent from which "Scan library" accepts suggestions automatically; 0: never. */
  autoAcceptConfidence: number(0, 0, 100),
  /** Tag added to entities that "Scan library" changed automatically; empty: none. */
  autoAcceptTag: text(''),
  /** Confidence in percent from which a candidate is a match; 0: the threshold of the face pack. */
  matchConfidence: number(0, 0, 100),
  /** Stored face crops per person and file; 0 (which Stash shows when unset) means 4, so crops cannot be turned off. */
  cropsPerPerson: number(4, 1, 12),
  /** The data folder; empty: `stash-sense` beside Stash's config.yml. */
  dataFolder: text(''),
  /** Channel of the artifacts, a URL or a folder; empty: the one named in the package, or the package index it was installed from. */
  channel: text(''),
  /** Where reference packs are published, a URL or a folder; empty: beside the artifacts. */
  packChannel: text(''),
  /** CPU threads for inference; 0: half the cores, at most 4. */
  threads: number(0, 0, 64),
  /** Report what would be written to Stash, write nothing. */
  dryRun: flag,
});
export type Settings = z.output<typeof Settings>;

/** Those that say what is never looked at, learnt or named. */
export const EXCLUSION_SETTINGS = [
  'excludedTags',
  'excludedPerformers',
  'excludedFolders',
] as const satisfies readonly (keyof Settings)[];
