import type { ContentId } from '../content-id.ts';
import type { StashPerformer } from '../ports/library.ts';
import type { SuggestionKind } from './kinds/index.ts';

/** A "no" for what is in files: these files and this performer, whatever entity has the files, so that it survives rescans, renames and removed files that come back. */
export type FileDismissal = {
  /** `reference`: none of these pictures is to be a reference of the performer. */
  readonly kind: SuggestionKind | 'reference';
  readonly contentIds: readonly ContentId[];
  readonly performer: StashPerformer;
  /** The faces in these files that it was said of, where the files show others too (a gallery). Not stored. */
  readonly faces?: readonly { readonly contentId: ContentId; readonly personKey: number }[] | undefined;
};

/**
What a "no" of the user holds for. A finding that is in no file: a key, with the performer that it is about, where the key does
not name them: a merge in Stash changes the id.
*/
export type Dismissal = FileDismissal | { readonly key: string; readonly performer?: StashPerformer };

/** The person who was seen in these files is not this performer. */
export function notSeen(
  contentIds: readonly ContentId[],
  performer: StashPerformer,
  faces?: FileDismissal['faces'],
): FileDismissal {
  return { kind: 'performer-seen', contentIds, performer, faces };
}

/**
Somebody of a reference pack, as whom a "no" remembers them: it holds for a performer with one of their stash IDs too, whenever
one is made.
*/
export function asPerformer(
  personId: string,
  { name, disambiguation, stashIds }: Pick<StashPerformer, 'name' | 'disambiguation' | 'stashIds'>,
): StashPerformer {
  return { id: personId, name, disambiguation, aliases: [], stashIds, imagePath: null };
}

/** These pictures are not to be references of the performer. */
export function notReferences(contentIds: readonly ContentId[], performer: StashPerformer): FileDismissal {
  return { kind: 'reference', contentIds, performer };
}
