import { viewOfChoice } from './seen.ts';
import { withView, type Viewer } from './viewer.ts';

/** The face that was seen, and of each performer the reference it is most like. The pictures of a pack's people are asked for one by one. */
export const packPersonSeenViewer: Viewer<'pack-person-seen'> = {
  view: async (parts, suggestion) =>
    withView(suggestion, await viewOfChoice(parts, suggestion, suggestion.payload.performers)),
};
