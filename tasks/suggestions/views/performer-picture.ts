import { toDataUrl } from '../../observe/fetch-media.ts';
import { bytesOf } from '../planners/performer-picture.ts';
import { withView, type Viewer } from './viewer.ts';

/** The face that becomes the picture. */
export const performerPictureViewer: Viewer<'performer-picture'> = {
  async view(parts, suggestion) {
    const picture = parts.isBare ? null : await bytesOf(parts, suggestion);
    return withView(suggestion, { picture: picture && toDataUrl(picture) });
  },
};
