import { SaidError } from '../../core/errors.ts';

/** What an archive of any kind is made of, one entry after another. */
export type ArchiveEntry = {
  /** As it stands in the archive: not to be trusted. */
  readonly name: string;
  readonly kind: 'file' | 'folder' | 'other';
  readonly executable: boolean;
  readonly size: number;
  /** To be read, or left alone, before the next entry is asked for. */
  readonly bytes: AsyncIterable<Uint8Array>;
};

/** It is damaged, or no archive of this kind. `said` is the end of a sentence. */
export class ArchiveFailure extends SaidError {
  override name = 'ArchiveFailure' as const;
}
