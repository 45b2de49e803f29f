/** The only module that loads sharp. */
import type Sharp from 'sharp';
import { hasCode, StashSenseError } from '../../core/errors.ts';
import { scaledSide } from '../../core/faces/picture-size.ts';
import { message } from '../../core/messages/message.ts';
import { firstLineOf } from '../../core/message-of.ts';
import type { RgbImage } from '../../core/faces/face.ts';
import type { ImageCodec } from '../../core/ports/vision.ts';
import { MAX_PIXELS, NO_PICTURE } from './limits.ts';
import type { Message } from '../../core/messages/message.ts';
import { loadNative } from '../native/packages.ts';
import { framesOf, mayMove } from './moving.ts';
import { type PictureKind, pictureKind } from './image-type.ts';

/** Kinds that sharp's prebuilt libvips cannot decode. */
const NOT_IN_LIBVIPS: ReadonlySet<PictureKind> = new Set(['bmp', 'jxl']);

/** Moving kinds of which libvips decodes any frame; of PNG and AVIF it knows the first one. */
const PAGED: ReadonlySet<PictureKind> = new Set(['gif', 'webp']);

/** `fallback` decodes what sharp's build cannot (BMP, JPEG XL, HEIC); null: such pictures are unreadable. */
export function loadSharpCodec(
  folders: readonly string[],
  threads: number,
  fallback: ImageCodec | null,
): { codec: ImageCodec | null; reason: Message | null } {
  const { module: sharp, reason } = loadNative<typeof Sharp>('sharp', folders);
  if (!sharp) return { codec: null, reason };
  sharp.concurrency(threads);
  sharp.cache(false);
  return { codec: createSharpCodec(sharp, fallback), reason: null };
}

/** sharp throws a plain `Error` for a picture that libvips cannot decode; a TypeError or a system code means something else. */
function isDecodingError(error: unknown): boolean {
  return error instanceof Error && Object.getPrototypeOf(error) === Error.prototype && !('code' in error);
}

function createSharpCodec(sharp: typeof Sharp, fallback: ImageCodec | null): ImageCodec {
  return {
    name: 'sharp',

    decode: async (bytes, maxSide) => await decode(bytes, maxSide),

    async decodeFrames(bytes, maxSide, count) {
      const kind = pictureKind(bytes);
      if (kind === null || !mayMove(bytes, kind)) return [await decode(bytes, maxSide)];
      if (!PAGED.has(kind))
        return (await fallback?.decodeFrames(bytes, maxSide, count)) ?? [await decode(bytes, maxSide)];
      const pages = await countPages(bytes);
      if (pages === 1) return [await decode(bytes, maxSide)];
      const images: RgbImage[] = [];
      let failure: unknown = null;
      for (const page of framesOf(pages, count))
        try {
          images.push(await decode(bytes, maxSide, page));
        } catch (error) {
          // Of a file that breaks off the frames before it are there.
          if (!hasCode(error, 'unreadable-media')) throw error;
          failure ??= error;
        }
      if (images.length === 0 && failure !== null) throw failure;
      return images;
    },

    async encodeJpeg({ width, height, data }, quality) {
      const jpeg = await sharp(data, { raw: { width, height, channels: 3 } })
        .jpeg({ quality })
        .toBuffer();
      return new Uint8Array(jpeg.buffer, jpeg.byteOffset, jpeg.length);
    },
  };

  /** 1 also for what cannot be read: decoding says why. */
  async function countPages(bytes: Uint8Array): Promise<number> {
    try {
      return (await sharp(bytes, { limitInputPixels: MAX_PIXELS }).metadata()).pages ?? 1;
    } catch (error) {
      if (!isDecodingError(error)) throw error;
      return 1;
    }
  }

  async function decode(bytes: Uint8Array, maxSide: number, page = 0): Promise<RgbImage> {
    const kind = pictureKind(bytes);
    if (!kind) throw new StashSenseError('unreadable-media', NO_PICTURE);
    if (NOT_IN_LIBVIPS.has(kind) && fallback) return await fallback.decode(bytes, maxSide);
    try {
      // A truncated picture is decoded as far as possible, as browsers and ffmpeg do: the face can be in the present part.
      const image = sharp(bytes, { limitInputPixels: MAX_PIXELS, failOn: 'none', page });
      const side = scaledSide(await image.metadata(), maxSide);
      const { data, info } = await image
        .autoOrient()
        .resize({ width: side, height: side, fit: 'inside', withoutEnlargement: true })
        .flatten({ background: '#000' })
        .toColourspace('srgb')
        .raw({ depth: 'uchar' })
        .toBuffer({ resolveWithObject: true });
      return {
        width: info.width,
        height: info.height,
        data: new Uint8Array(data.buffer, data.byteOffset, data.length),
      };
    } catch (error) {
      if (!isDecodingError(error)) throw error;
      if (kind === 'heif' && fallback) return await fallback.decode(bytes, maxSide);
      throw new StashSenseError(
        'unreadable-media',
        message('picture.unreadable', { reason: firstLineOf(error) }),
        { cause: error },
      );
    }
  }
}
