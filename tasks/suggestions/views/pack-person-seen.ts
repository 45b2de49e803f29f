import { chosenFor } from './performer-ambiguous.ts';
import { cropOf, referenceOf } from './performer-seen.ts';
import { withView, type Viewer } from './viewer.ts';

/** The face that was seen, and of each performer the reference it is most like. The pictures of a pack's people are asked for one by one. */
export const packPersonSeenViewer: Viewer<'pack-person-seen'> = {
  async view(parts, suggestion) {
    const { seen, performers } = suggestion.payload;
    const references = await Promise.all(
      performers.map(
        async ({ performerId, referenceId }) => [performerId, await referenceOf(parts, referenceId)] as const,
      ),
    );
    return withView(suggestion, {
      crop: await cropOf(parts, seen),
      references: Object.fromEntries(references),
      chosen: suggestion.state === 'accepted' ? await chosenFor(parts, suggestion) : null,
    });
  },
};
