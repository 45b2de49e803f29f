import { SaidError } from '../../../core/errors.ts';

/** One entry of a tar or zip archive. */
export type ArchiveEntry = {
  /** As the archive spells it; may be unsafe as a path (`..`, absolute, a device name). */
  readonly name: string;
  readonly kind: 'file' | 'folder' | 'other';
  readonly executable: boolean;
  readonly size: number;
  /** Valid only until the next entry is requested; may be left unread. */
  readonly bytes: AsyncIterable<Uint8Array>;
};

/** The archive is damaged or of another format. `said` is the end of a sentence. */
export class ArchiveFailure extends SaidError {
  override name = 'ArchiveFailure' as const;
}
