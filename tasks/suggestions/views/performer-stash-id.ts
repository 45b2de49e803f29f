import { toDataUrl } from '../../observe/fetch-media.ts';
import { withView, type Viewer } from './viewer.ts';

/** The best picture of the performer's face. That of the stash-box is asked for apart, since it has to be fetched. */
export const performerStashIdViewer: Viewer<'performer-stash-id'> = {
  async view({ store, vision }, suggestion) {
    const references = await store.people.references(suggestion.entity.id, vision.packId);
    const [best] = references
      .filter(({ state, crop }) => state === 'used' && crop !== null)
      .toSorted((a, b) => b.quality - a.quality);
    return withView(suggestion, { picture: best?.crop ? { url: toDataUrl(best.crop.jpeg) } : null });
  },
};
