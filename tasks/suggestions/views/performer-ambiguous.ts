import { viewOfChoice } from './seen.ts';
import { withView, type Viewer } from './viewer.ts';

/** The face that was seen, and of each candidate a reference. */
export const performerAmbiguousViewer: Viewer<'performer-ambiguous'> = {
  view: async (parts, suggestion) =>
    withView(suggestion, await viewOfChoice(parts, suggestion, suggestion.payload.candidates)),
};
