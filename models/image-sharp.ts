/** The only door of sharp. */
import type Sharp from 'sharp';
import { messageOf, StashSenseError } from '../core/errors.ts';
import type { ImageCodec } from '../core/ports.ts';
import { loadNative } from './native.ts';

const MAX_PIXELS = 300_000_000;

export function loadSharpCodec(
  folders: readonly string[],
  threads: number,
): { codec: ImageCodec | null; reason: string | null } {
  const { module: sharp, reason } = loadNative<typeof Sharp>('sharp', folders);
  if (!sharp) return { codec: null, reason };
  sharp.concurrency(threads);
  sharp.cache(false);
  return { codec: createSharpCodec(sharp), reason: null };
}

function createSharpCodec(sharp: typeof Sharp): ImageCodec {
  return {
    name: 'sharp',

    async decode(bytes, maxSide) {
      try {
        const { data, info } = await sharp(bytes, { limitInputPixels: MAX_PIXELS, failOn: 'error', pages: 1 })
          .rotate()
          .resize({
            width: maxSide,
            height: maxSide,
            fit: 'inside',
            withoutEnlargement: true,
            kernel: 'lanczos3',
          })
          .flatten({ background: '#000' })
          .toColourspace('srgb')
          .raw()
          .toBuffer({ resolveWithObject: true });
        return {
          width: info.width,
          height: info.height,
          data: new Uint8Array(data.buffer, data.byteOffset, data.length),
        };
      } catch (error) {
        throw new StashSenseError(
          'unreadable-media',
          `This is no picture that can be read (${messageOf(error).split('\n', 1)[0]}).`,
          { cause: error },
        );
      }
    },

    async encodeJpeg({ width, height, data }, quality) {
      const jpeg = await sharp(data, { raw: { width, height, channels: 3 } })
        .jpeg({ quality })
        .toBuffer();
      return new Uint8Array(jpeg.buffer, jpeg.byteOffset, jpeg.length);
    },
  };
}
