import type { ContentId } from '../content-id.ts';
import type { StashPerformer } from '../ports/library.ts';
import type { SuggestionKind } from './kinds/index.ts';

/**
What a "no" of the user holds for. A finding in files: these files and this performer, whatever entity has the files, so that
it survives rescans, renames and removed files that come back. Any other: the key of the suggestion.
*/
export type Dismissal =
  | {
      readonly kind: SuggestionKind;
      readonly contentIds: readonly ContentId[];
      readonly performer: StashPerformer;
    }
  | { readonly key: string };

/** The person who was seen in these files is not this performer. */
export function notSeen(contentIds: readonly ContentId[], performer: StashPerformer): Dismissal {
  return { kind: 'performer-seen', contentIds, performer };
}
