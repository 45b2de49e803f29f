import { isContentId, type ContentId } from '../content-id.ts';
import type { ReferencePicture } from '../ports/people.ts';

/** Key of the source of a confirmed reference. */
export function faceKey({
  contentId,
  personKey,
}: {
  readonly contentId: ContentId;
  readonly personKey: number;
}): string {
  return `${contentId}#${personKey}`;
}

/**
What the picture of a reference holds, whatever its address and the pack: of a confirmed face the file that it was seen in.
Null: it was never read.
*/
export function contentOf({
  source,
  sourceKey,
  contentHash,
}: Pick<ReferencePicture, 'source' | 'sourceKey' | 'contentHash'>): ContentId | null {
  const contentId =
    source === 'confirmed' ? sourceKey.slice(0, sourceKey.indexOf('#')) : `md5:${contentHash}`;
  return isContentId(contentId) ? contentId : null;
}
