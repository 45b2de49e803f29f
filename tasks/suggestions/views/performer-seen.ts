import { cropOf, referencesOf } from './seen.ts';
import { withView, type Viewer } from './viewer.ts';

/** The face that was seen, and a reference of the performer. */
export const performerSeenViewer: Viewer<'performer-seen'> = {
  async view(parts, suggestion) {
    const { target, payload, evidence } = suggestion;
    const candidate = { performerId: target.id, referenceId: evidence.referenceId };
    const [crop, [reference = null]] = await Promise.all([
      cropOf(parts, payload.seen),
      referencesOf(parts, [candidate], payload.seen),
    ]);
    return withView(suggestion, { crop, reference });
  },
};
