import { z } from 'zod';

/**
The settings of Stash's plugin page. Stash stores text, numbers and booleans and knows no defaults: an absent value,
an empty text and a 0 all mean "as if never touched".
*/
const text = (fallback: string) =>
  z.preprocess(
    (value) => (value === undefined || value === null || value === '' ? fallback : value),
    z.union([z.string().trim(), z.number().transform(String)]),
  );
const flag = z.preprocess((value) => value === true || value === 'true', z.boolean());
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
  /** Tag that marks scenes for "Identify scene" from the menu. */
  identifyTag: text('Identify faces'),
  /** Minutes a long task works before it gives Stash's queue back. */
  sliceMinutes: number(10, 1, 240),
  /** Cron expression for "Scan library"; empty is never. */
  schedule: text(''),
  /** Percent of confidence from which "Scan library" adds performers by itself; unset (0): it never does. */
  autoAcceptConfidence: number(0, 0, 100),
  /** Tag put on what "Scan library" changed by itself; empty is none. */
  autoAcceptTag: text(''),
  /** Percent of confidence from which a face counts as a match; unset: the threshold of the face pack. */
  matchConfidence: number(0, 0, 100),
  /** Face crops kept per person and file; unset (0, which Stash shows then): 4. They cannot be turned off. */
  cropsPerPerson: number(4, 1, 12),
  /** Folder for our data; empty: `stash-sense` beside Stash's config.yml. */
  dataFolder: text(''),
  /** Where more comes from: an address or a folder; empty: what the package names, or the index it was installed from. */
  channel: text(''),
  /** CPU threads for inference; unset: half the cores, at most 4. */
  threads: number(0, 0, 64),
  /** Say what would be written, write nothing. */
  dryRun: flag,
});
export type Settings = z.output<typeof Settings>;
