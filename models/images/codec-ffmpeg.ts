import { hasCode, machineError, StashSenseError } from '../../core/errors.ts';
import { message } from '../../core/messages/message.ts';
import { isAccessDenied } from '../../core/file-problem.ts';
import type { RgbImage } from '../../core/faces/face.ts';
import type { Ffmpeg, Scratch } from '../../core/ports/media.ts';
import type { ImageCodec } from '../../core/ports/vision.ts';
import { MAX_PIXELS, NO_PICTURE } from './limits.ts';
import { framesOf, mayMove, webpFrames } from './moving.ts';
import { readOrientation, type PictureKind, pictureKind } from './image-type.ts';
import { turnUpright } from './resample.ts';
import { readHevcPicture } from './heif/picture.ts';
import {
  decodeArguments,
  type DecodeSource,
  fileSource,
  QUIET,
  scaleFilter,
  tilesSource,
} from './decode-arguments.ts';

const TIMEOUT_MS = 60_000;
/** Upper bound of the size of a PAM header. */
const HEADER_BYTES = 256;

/** Demuxers of pictures that move. No ffmpeg before 8 decodes an animated WebP: `webpFrames` takes it apart. */
const MOVING_DEMUXERS: Partial<Record<PictureKind, string>> = { gif: 'gif', png: 'apng', heif: 'mov' };

/** Kinds that every ffmpeg version reads from a pipe. Some read no GIF, WebP and TIFF from one, and HEIF needs seeking. */
const PIPED: ReadonlySet<PictureKind> = new Set(['jpeg', 'png', 'bmp']);

/** As people call them. */
const NAMES: Record<PictureKind, string> = {
  jpeg: 'JPEG',
  png: 'PNG',
  gif: 'GIF',
  webp: 'WEBP',
  bmp: 'BMP',
  tiff: 'TIFF',
  jxl: 'JPEG XL',
  heif: 'HEIF',
};

export function createFfmpegCodec(ffmpeg: Ffmpeg, scratch: Scratch): ImageCodec {
  const toPam = async (
    source: DecodeSource,
    { bytes, file }: { bytes: Uint8Array; file: string | null },
    maxSide: number,
  ): Promise<Uint8Array> =>
    await ffmpeg.run(decodeArguments(source, file, maxSide), {
      ...(file === null && { input: bytes }),
      maxBytes: 1.1 * maxSide * maxSide * 4 + HEADER_BYTES,
      timeoutMs: TIMEOUT_MS,
    });

  /** One process lists the frames without decoding them, one decodes those that are wanted. */
  const decodeMoving = async (
    file: string,
    demuxer: string,
    maxSide: number,
    count: number,
  ): Promise<RgbImage[]> => {
    const input = [...`${QUIET} -max_pixels ${MAX_PIXELS} -f ${demuxer}`.split(' '), '-i', `file:${file}`];
    const listed = await ffmpeg.run([...input, ...'-map 0:v:0 -c copy -f framecrc pipe:1'.split(' ')], {
      maxBytes: 10e6,
      timeoutMs: TIMEOUT_MS,
    });
    const total = new TextDecoder('latin1')
      .decode(listed)
      .split('\n')
      .filter((line) => /^\d/.test(line)).length;
    if (total < 2) return [];
    const wanted = framesOf(total, count);
    const select = `select='${wanted.map((n) => `eq(n,${n})`).join('+')}'`;
    const pams = await ffmpeg.run(
      [
        ...input,
        ...`-map 0:v:0 -vf ${select},${scaleFilter(maxSide)} -vsync 0 -frames:v ${wanted.length}`.split(' '),
        ...'-c:v pam -pix_fmt rgba -f image2pipe pipe:1'.split(' '),
      ],
      { maxBytes: wanted.length * (1.1 * maxSide * maxSide * 4 + HEADER_BYTES), timeoutMs: TIMEOUT_MS },
    );
    const images: RgbImage[] = [];
    for (let rest = pams; rest.length > 0;) {
      const { image, bytes } = readPam(rest);
      images.push(image);
      rest = rest.subarray(bytes);
    }
    return images;
  };

  /** From a temporary file, for what not every ffmpeg reads from a pipe. */
  const fromFile = async <T>(bytes: Uint8Array, work: (file: string) => Promise<T>): Promise<T> =>
    await scratch.withFile('picture', bytes, async (file) => {
      try {
        return await work(file);
      } catch (error) {
        // We have just written it: a sandboxed ffmpeg (snap, flatpak) sees only some folders.
        throw isAccessDenied(error)
          ? machineError(message('machine.readingFileWith', { file, program: ffmpeg.path }), error.cause)
          : error;
      }
    });

  return {
    name: 'ffmpeg',

    async decode(bytes, maxSide) {
      const kind = pictureKind(bytes);
      if (!kind) throw new StashSenseError('unreadable-media', NO_PICTURE);
      const [first] = kind === 'webp' && mayMove(bytes, kind) ? webpFrames(bytes) : [];
      if (first) return await this.decode(first, maxSide);
      try {
        const hevc = kind === 'heif' ? readHevcPicture(bytes) : null;
        if (hevc)
          return readPam(await toPam(tilesSource(hevc), { bytes: hevc.stream, file: null }, maxSide)).image;
        const source = fileSource(kind);
        const pam = PIPED.has(kind)
          ? await toPam(source, { bytes, file: null }, maxSide)
          : await fromFile(bytes, async (file) => await toPam(source, { bytes, file }, maxSide));
        return turnUpright(readPam(pam).image, kind === 'heif' ? 1 : readOrientation(bytes, kind));
      } catch (error) {
        if (!hasCode(error, 'unreadable-media', 'file-missing')) throw error;
        if (lacksDecoder(error))
          throw new StashSenseError(
            'unreadable-media',
            message('picture.noDecoder', { kind: NAMES[kind], program: ffmpeg.path }),
            { cause: error },
          );
        throw new StashSenseError(
          error.code,
          message('picture.unreadableOrTooLarge', {
            kind: NAMES[kind],
            megapixels: MAX_PIXELS / 1e6,
            reason: error.said,
          }),
          { cause: error },
        );
      }
    },

    async decodeFrames(bytes, maxSide, count) {
      const kind = pictureKind(bytes);
      if (kind === 'webp' && mayMove(bytes, kind)) {
        const frames = webpFrames(bytes);
        const images: RgbImage[] = [];
        for (const n of framesOf(frames.length, count)) images.push(await this.decode(frames[n]!, maxSide));
        return images.length > 0 ? images : [await this.decode(bytes, maxSide)];
      }
      const demuxer = kind === null ? undefined : MOVING_DEMUXERS[kind];
      if (kind === null || demuxer === undefined || !mayMove(bytes, kind))
        return [await this.decode(bytes, maxSide)];
      const images = await fromFile(
        bytes,
        async (file) => await decodeMoving(file, demuxer, maxSide, count),
      ).catch((error: unknown) => {
        // An ffmpeg without that demuxer or decoder may know the first frame.
        if (!hasCode(error, 'unreadable-media')) throw error;
        return [];
      });
      return images.length > 1 ? images : [await this.decode(bytes, maxSide)];
    },

    async encodeJpeg({ width, height, data }, quality) {
      try {
        return await ffmpeg.run(
          [
            ...`${QUIET} -f rawvideo -pix_fmt rgb24 -s ${width}x${height} -i pipe:0 -frames:v 1`.split(' '),
            ...`-c:v mjpeg -pix_fmt yuvj420p -q:v ${toFfmpegQuality(quality)} -f image2pipe pipe:1`.split(
              ' ',
            ),
          ],
          { input: data, maxBytes: width * height * 3 + 65_536, timeoutMs: TIMEOUT_MS },
        );
      } catch (error) {
        if (!hasCode(error, 'unreadable-media')) throw error;
        // The input is an image of this process, so the failure is not due to a file of the user.
        throw new StashSenseError(
          'runtime-missing',
          message('picture.cannotWriteJpeg', { program: ffmpeg.path, reason: error.said }),
          { cause: error },
        );
      }
    },
  };
}

/** libjpeg's quality 1…100 to ffmpeg's 31…1, fitted by the resulting file sizes. */
function toFfmpegQuality(quality: number): number {
  return Math.max(1, Math.min(31, Math.ceil(1 + (95 - quality) / 10)));
}

/** As ffmpeg says it that was built without a library, or before the format was made. */
const LACKS_DECODER = /Unknown input format: |Unknown decoder |Decoder \([^)]*\) not found|Decoder not found/;

function lacksDecoder({ cause }: StashSenseError): boolean {
  return typeof cause === 'string' && LACKS_DECODER.test(cause);
}

/**
Reads the first of several PAMs of four channels in a row, and blends it with black by its alpha: ffmpeg's filter for this
differs between versions.
@returns the picture, and how many bytes the PAM has
*/
function readPam(pam: Uint8Array): { image: RgbImage; bytes: number } {
  const header = new TextDecoder('latin1').decode(pam.subarray(0, HEADER_BYTES));
  const width = Number(/WIDTH (\d+)/.exec(header)?.[1]);
  const height = Number(/HEIGHT (\d+)/.exec(header)?.[1]);
  const start = header.indexOf('ENDHDR\n') + 'ENDHDR\n'.length;
  const bytes = start + width * height * 4;
  if (!(pam.length >= bytes)) throw new StashSenseError('unreadable-media', message('picture.heldNoFrame'));
  const data = new Uint8Array(width * height * 3);
  for (let from = start, to = 0; to < data.length; from += 4, to += 3) {
    const alpha = pam[from + 3]! / 255;
    data[to] = pam[from]! * alpha + 0.5;
    data[to + 1] = pam[from + 1]! * alpha + 0.5;
    data[to + 2] = pam[from + 2]! * alpha + 0.5;
  }
  return { image: { width, height, data }, bytes };
}
