import { StashSenseError } from '../../../core/errors.ts';
import { message, plain, type Message } from '../../../core/messages/message.ts';
import type { SuggestionOf } from '../../../core/suggestions/suggestion.ts';
import { proposeAgain } from '../../matching/match.ts';
import { adding, performerOf, readAs, readPerformer, readUnchanged } from '../read.ts';
import { notSeenIn } from './performer-seen.ts';
import type { Planner } from './planner.ts';

/** The user says which of the candidates it is, or none of them. */
export const performerAmbiguousPlanner: Planner<'performer-ambiguous'> = {
  async plan(context, { suggestion, choices }) {
    const { payload } = suggestion;
    const chosen = payload.candidates.find(({ performerId }) => performerId === choices.performerId);
    if (chosen === undefined) throw new StashSenseError('bad-input', unchosen(suggestion));
    const { performerId, name } = chosen;
    const item = await readUnchanged(context, suggestion);
    if (item.performerIds.includes(performerId)) return null;
    await readPerformer(context, performerId, item);
    const [seen] = payload.seen;
    return {
      ...readAs(item),
      changes: [adding(item, 'performers', [performerId])],
      addTags: [],
      summary: message('history.added', { name }),
      face: seen === undefined ? null : { ...seen, performerId },
    };
  },

  refusal(suggestion, state) {
    const names = namesOf(suggestion);
    if (state === 'accepted') return message('suggestions.wasChosen', { names });
    if (state === 'removed') return message('accept.wasTakenOff', { name: names });
    return state === 'rejected'
      ? message('accept.wasRejected', { name: names })
      : message('accept.isStale', { name: names });
  },

  async dismissals(context, suggestion, { performerId }) {
    const meant = suggestion.payload.candidates.filter(
      (candidate) => performerId === undefined || candidate.performerId === performerId,
    );
    return await Promise.all(
      meant.map(async (candidate) => {
        const performer = await performerOf(context, candidate.performerId, suggestion.entity);
        return await notSeenIn(context, suggestion, performer);
      }),
    );
  },

  onDismissed: (context, { entity, entityTitle }) => proposeAgain(context, { ...entity, title: entityTitle }),
};

function unchosen(suggestion: SuggestionOf<'performer-ambiguous'>): Message {
  return suggestion.payload.candidates.length === 1
    ? message('accept.onlyCover', { name: namesOf(suggestion) })
    : message('accept.chooseOne');
}

/** Such as "A or B". */
function namesOf({ payload }: SuggestionOf<'performer-ambiguous'>): Message {
  return payload.candidates
    .map(({ name }) => plain(name))
    .reduce((first, second) => message('suggestions.either', { first, second }));
}
