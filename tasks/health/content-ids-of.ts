import type { ContentId } from '../../core/content-id.ts';
import type { StashEntity } from '../../core/ports/library.ts';
import { knownContentId } from '../observe/content-ids.ts';

/** Of the files that Stash has a fingerprint of. */
export function contentIdsOf({ kind, files }: Pick<StashEntity, 'kind' | 'files'>): ContentId[] {
  return files.flatMap((file) => knownContentId(kind, file) ?? []);
}
