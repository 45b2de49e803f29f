import { StashSenseError } from '../../../core/errors.ts';
import { message } from '../../../core/messages/message.ts';
import { notSeen } from '../../../core/suggestions/dismissal.ts';
import { adding, performerOf, readAs, readUnchanged } from '../read.ts';
import { successorOf } from '../../accepted/successor.ts';
import { performerGone } from '../write-parts.ts';
import type { Planner } from './planner.ts';

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

  refusal({ targetName: name }, state) {
    if (state === 'accepted') return message('suggestions.wasAdded', { name });
    if (state === 'removed') return message('accept.wasTakenOff', { name });
    return state === 'rejected'
      ? message('accept.wasRejected', { name })
      : message('accept.isStale', { name });
  },

  /**
  All files of a scene, which are the same film; of a gallery the pictures that show the person, since the performer can be in
  others.
  */
  async dismissal(context, { entity, target, payload }) {
    const seen = payload.seen.map(({ contentId }) => contentId);
    const all = entity.kind === 'gallery' ? [] : await context.store.observations.contentOf(entity);
    const performer = await performerOf(context, target.id, entity);
    return notSeen(
      [...new Set([...all, ...seen])],
      performer,
      entity.kind === 'gallery' ? payload.seen : undefined,
    );
  },
};
