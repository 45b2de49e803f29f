import { StashSenseError } from '../../../core/errors.ts';
import { message } from '../../../core/messages/message.ts';
import { proposeAgain } from '../../matching/match.ts';
import { adding, performerOf, readAs, readUnchanged } from '../read.ts';
import { successorOf } from '../../accepted/successor.ts';
import { performerGone } from '../write-parts.ts';
import type { Planner } from './planner.ts';
import { notSeenIn, refusalOf } from './seen.ts';

export const performerSeenPlanner: Planner<'performer-seen'> = {
  async plan(context, { suggestion, choices, by }) {
    const { target, targetName, payload } = suggestion;
    const tagName = context.settings.autoAcceptTag;
    const addTags = tagName !== '' && (choices.tag ?? by === 'scan') ? [tagName] : [];
    const item = await readUnchanged(context, suggestion);
    if (!choices.performer) {
      if (addTags.length === 0)
        throw new StashSenseError('bad-input', message('accept.nothingChosen', { name: targetName }));
      return {
        ...readAs(item),
        changes: [],
        addTags,
        summary: message('history.addedTag', { tag: tagName }),
        face: null,
      };
    }
    if (item.performerIds.includes(target.id)) return null;
    // Who was merged into another one is that one.
    const performer =
      (await context.library.performer(target.id)) ?? (await successorOf(context, target, targetName));
    if (performer === null) throw performerGone(targetName);
    const performerId = performer.id;
    if (item.performerIds.includes(performerId)) return null;
    const [seen] = payload.seen;
    return {
      ...readAs(item),
      changes: [adding(item, 'performers', [performerId])],
      addTags,
      summary: message('history.added', { name: targetName }),
      face: seen === undefined ? null : { ...seen, performerId },
    };
  },

  faceThere({ target, payload: { seen } }, { performer }) {
    const [face] = seen;
    return performer && face !== undefined ? { ...face, performerId: target.id } : null;
  },

  refusal: ({ targetName: name }, state) =>
    state === 'accepted' ? message('suggestions.wasAdded', { name }) : refusalOf(name, state),

  async dismissals(context, suggestion) {
    const { entity, target } = suggestion;
    return [await notSeenIn(context, suggestion, await performerOf(context, target.id, entity))];
  },

  afterDismissed: (context, { entity, entityTitle }) =>
    proposeAgain(context, { ...entity, title: entityTitle }),
};
