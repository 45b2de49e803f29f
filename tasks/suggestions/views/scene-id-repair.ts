import { withView, type Viewer } from './viewer.ts';

/** With the cover, which the browser asks Stash for. */
export const sceneIdRepairViewer: Viewer<'scene-id-repair'> = {
  view: (_parts, suggestion) =>
    Promise.resolve(withView(suggestion, { picture: { url: `/scene/${suggestion.entity.id}/screenshot` } })),
};
