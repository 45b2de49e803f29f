import { cropOf, referenceOf } from './seen.ts';
import { withView, type Viewer } from './viewer.ts';

/** The face that was seen, and the reference it is most like. */
export const performerSeenViewer: Viewer<'performer-seen'> = {
  async view(parts, suggestion) {
    const [crop, reference] = await Promise.all([
      cropOf(parts, suggestion.payload.seen),
      referenceOf(parts, suggestion.evidence.referenceId),
    ]);
    return withView(suggestion, { crop, reference });
  },
};
