import type { Log } from '../../core/ports/log.ts';
import type { Fusion } from '../../core/packs/fusion.ts';
import type { CropFile } from './sqlite/crop-file.ts';
import type { Database, Guard } from './sqlite/database.ts';

/** The shared dependencies of the repositories, created in `store.ts`. */
export type StoreParts = {
  readonly database: Database;
  readonly crops: CropFile;
  /** Of what the embeddings of a pack are made, by its id; a pack that is not there is of one embedder. */
  readonly fusions: ReadonlyMap<string, Fusion>;
  readonly leases: Pick<Guard, 'renew'>;
  /** Unix milliseconds. */
  readonly now: () => number;
  /** Whether the owner of a lock, a run or a work item may still be alive; false only when it is certainly dead. */
  readonly isAlive: (owner: string) => boolean;
  readonly log?: Pick<Log, 'debug'> | undefined;
};

/**
For writes that acquire, renew or release something for the owner they name: they depend on no other lease of this process,
so they are not refused after another process has taken over from this one.
*/
export const UNGUARDED = { guarded: false };

/** The pack id in the rows that this pack reads. */
export function storedAs(fusions: ReadonlyMap<string, Fusion>, packId: string): string {
  return fusions.get(packId)?.seenBy ?? packId;
}
