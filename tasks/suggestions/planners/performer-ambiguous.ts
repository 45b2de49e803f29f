import type { FaceOf } from '../../../core/changes/write.ts';
import { StashSenseError } from '../../../core/errors.ts';
import { message, type Message } from '../../../core/messages/message.ts';
import type { SuggestionOf } from '../../../core/suggestions/suggestion.ts';
import { proposeAgain } from '../../matching/match.ts';
import { adding, performerOf, readAs, readPerformer, readUnchanged } from '../read.ts';
import type { Planner } from './planner.ts';
import { eitherOf, notSeenIn, refusalOfChoice } from './seen.ts';

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
    return {
      ...readAs(item),
      changes: [adding(item, 'performers', [performerId])],
      addTags: [],
      summary: message('history.added', { name }),
      face: faceOf(suggestion, performerId),
    };
  },

  faceThere: (suggestion, { performerId }) =>
    performerId === undefined ? null : faceOf(suggestion, performerId),

  refusal: (suggestion, state) => refusalOfChoice(namesOf(suggestion), state),

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

  afterDismissed: (context, { entity, entityTitle }) =>
    proposeAgain(context, { ...entity, title: entityTitle }),
};

/** Of whom nobody knows the face it is said by the user alone. */
function faceOf(
  { payload, evidence }: SuggestionOf<'performer-ambiguous'>,
  performerId: string,
): FaceOf | null {
  const [seen] = payload.seen;
  return seen === undefined
    ? null
    : { ...seen, performerId, ...(evidence.tagged === true && { isNamed: true as const }) };
}

function unchosen(suggestion: SuggestionOf<'performer-ambiguous'>): Message {
  if (suggestion.evidence.tagged === true) return message('naming.isIt', { name: namesOf(suggestion) });
  return suggestion.payload.candidates.length === 1
    ? message('accept.onlyCover', { name: namesOf(suggestion) })
    : message('accept.chooseOne');
}

function namesOf({ payload }: SuggestionOf<'performer-ambiguous'>): Message {
  return eitherOf(payload.candidates.map(({ name }) => name));
}
