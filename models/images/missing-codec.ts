import { StashSenseError } from '../../core/errors.ts';
import { message, plain, type Message } from '../../core/messages/message.ts';
import type { ImageCodec } from '../../core/ports/vision.ts';

/** Where there is neither sharp nor ffmpeg. */
export function missingCodec(reason: Message | null): ImageCodec {
  const missing = new StashSenseError(
    'runtime-missing',
    message('picture.noReader', { reason: reason ?? plain('') }),
  );
  return {
    name: 'ffmpeg',
    decode: () => Promise.reject(missing),
    decodeFrames: () => Promise.reject(missing),
    encodeJpeg: () => Promise.reject(missing),
  };
}
