import { message } from '../../core/messages/message.ts';

/** Above this a picture is refused by its header, before anything is allocated for it. */
export const MAX_PIXELS = 300_000_000;

export const NO_PICTURE = message('picture.noPicture');
