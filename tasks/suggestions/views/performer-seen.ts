import { toDataUrl } from '../../observe/fetch-media.ts';
import { withView, type Viewer } from './viewer.ts';

/** The face that was seen, and the reference it is most like. */
export const performerSeenViewer: Viewer<'performer-seen'> = {
  async view({ store, vision }, suggestion) {
    const { payload, evidence } = suggestion;
    const [seen] = payload.seen;
    const crops = seen ? await store.observations.crops(seen.contentId, vision.packId) : [];
    const crop = crops
      .filter((entry) => entry.personKey === seen?.personKey)
      .toSorted((a, b) => a.rank - b.rank)[0];
    const reference = await store.people.reference(evidence.referenceId);
    return withView(suggestion, {
      crop: crop ? { url: toDataUrl(crop.jpeg), timeMs: crop.timeMs } : null,
      reference:
        reference?.crop == null ? null : { url: toDataUrl(reference.crop.jpeg), source: reference.source },
    });
  },
};
