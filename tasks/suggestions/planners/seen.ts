/** What the kinds of somebody who was seen in files have in common. */
import { message, plain, type Message } from '../../../core/messages/message.ts';
import type { StashPerformer } from '../../../core/ports/library.ts';
import { notSeen, type FileDismissal } from '../../../core/suggestions/dismissal.ts';
import type { SuggestionOf, SuggestionState } from '../../../core/suggestions/suggestion.ts';
import type { DismissalParts } from './planner.ts';

type Refused = Exclude<SuggestionState, 'open' | 'accepted'>;

export function refusalOf(name: string | Message, state: Refused): Message {
  if (state === 'removed') return message('accept.wasTakenOff', { name });
  return state === 'rejected' ? message('accept.wasRejected', { name }) : message('accept.isStale', { name });
}

/** The same where one of several was to be chosen. */
export function refusalOfChoice(names: Message, state: Refused | 'accepted'): Message {
  return state === 'accepted' ? message('suggestions.wasChosen', { names }) : refusalOf(names, state);
}

/** Such as "A or B". */
export function eitherOf(names: readonly string[]): Message {
  return names
    .map((name) => plain(name))
    .reduce((first, second) => message('suggestions.either', { first, second }));
}

/**
A "no" to somebody who was seen: for all files of a scene, which are the same film; of a gallery for the pictures that show the
person, since the performer can be in others.
*/
export async function notSeenIn(
  { store }: Pick<DismissalParts, 'store'>,
  {
    entity,
    payload,
  }: SuggestionOf<'performer-seen'> | SuggestionOf<'performer-ambiguous'> | SuggestionOf<'pack-person-seen'>,
  performer: StashPerformer,
): Promise<FileDismissal> {
  const isGallery = entity.kind === 'gallery';
  const seen = payload.seen.map(({ contentId }) => contentId);
  const all = isGallery ? [] : await store.observations.contentOf(entity);
  return notSeen([...new Set([...all, ...seen])], performer, isGallery ? payload.seen : undefined);
}
