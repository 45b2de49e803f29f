import type { CropFile } from './sqlite/crop-file.ts';
import type { Database, Guard } from './sqlite/database.ts';

/** What the store is built from, made once in `store.ts`; each repository takes what it needs of it. */
export type StoreParts = {
  readonly database: Database;
  readonly crops: CropFile;
  readonly leases: Pick<Guard, 'renew'>;
  /** Unix milliseconds. */
  readonly now: () => number;
  /** Whether the owner of a lock, a run or a work item may still be at work; false only when it certainly is gone. */
  readonly isAlive: (owner: string) => boolean;
};

/**
For a write that takes, renews or gives up something for the owner it names, and depends on nothing else that this process
holds: it is right, and not refused, also after another process has taken over from this one.
*/
export const UNGUARDED = { guarded: false };
