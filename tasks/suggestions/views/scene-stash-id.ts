import { withView, type Viewer } from './viewer.ts';

/** With the cover, which the browser asks Stash for. That of the stash-box is asked for apart, since it has to be fetched. */
export const sceneStashIdViewer: Viewer<'scene-stash-id'> = {
  view: (_parts, suggestion) =>
    Promise.resolve(withView(suggestion, { picture: { url: `/scene/${suggestion.entity.id}/screenshot` } })),
};
