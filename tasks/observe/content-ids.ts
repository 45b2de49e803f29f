import { isContentId, type ContentId, type EntityKind } from '../../core/content-id.ts';
import { StashSenseError } from '../../core/errors.ts';
import type { StashFile } from '../../core/ports/library.ts';
import type { Hashes } from '../../core/ports/media.ts';
import { message } from '../../core/messages/message.ts';

/** The content id from Stash's fingerprint; null when Stash has none of the needed kind. */
export function knownContentId(kind: EntityKind, { fingerprints }: StashFile): ContentId | null {
  const type = kind === 'scene' ? 'oshash' : 'md5';
  const id = `${type}:${fingerprints[type]?.toLowerCase() ?? ''}`;
  return isContentId(id) ? id : null;
}

/**
From Stash's fingerprint, else computed from the file.
@throws StashSenseError `unreadable-media` when the file must be read and cannot
*/
export async function contentIdOf(
  hashes: Pick<Hashes, 'oshash' | 'md5'>,
  kind: EntityKind,
  file: StashFile,
): Promise<ContentId> {
  const known = knownContentId(kind, file);
  if (known !== null) return known;
  if (file.zipPath !== null)
    throw new StashSenseError(
      'unreadable-media',
      message('media.zipWithoutFingerprint', { path: file.path }),
    );
  return kind === 'scene' ? await hashes.oshash(file.path) : await hashes.md5(file.path);
}
