import { toDataUrl } from '../observe/fetch-media.ts';
import { PEOPLE_LIST } from '../../core/runs/tasks.ts';
import type { Operations } from '../runs/task.ts';
import { plain } from '../../core/messages/message.ts';

export const peopleOperation: Pick<Operations, 'people.info'> = {
  'people.info': async ({ store, vision }, { performerId, limit, offset }) => {
    const counts = await store.people.counts(vision.packId);
    const references =
      performerId === undefined ? [] : await store.people.references(performerId, vision.packId);
    // "Update people" marks performers without a usable face as skipped, with the reason.
    const without = await store.work.failures(PEOPLE_LIST, limit, offset);
    return {
      ...counts,
      pictures: references.map((reference) => ({
        source: reference.source,
        sourceKey: reference.sourceKey,
        state: reference.state,
        quality: reference.quality,
        url: reference.crop === null ? null : toDataUrl(reference.crop.jpeg),
      })),
      without: {
        total: without.total,
        items: without.items.map((item) => ({
          performerId: item.id,
          name: item.title,
          reason: item.lastError ?? plain(''),
        })),
      },
    };
  },
};
