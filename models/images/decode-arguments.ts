/** How ffmpeg is called to decode a picture. */
import { LONG_PICTURE } from '../../core/faces/picture-size.ts';
import type { HevcPicture } from './heif/picture.ts';
import type { Transform } from './heif/transforms.ts';
import type { PictureKind } from './image-type.ts';
import { MAX_PIXELS } from './limits.ts';

export const QUIET = '-hide_banner -nostdin -loglevel error';

/** ffmpeg's demuxer, given explicitly so that ffmpeg does not detect a playlist or another format in the bytes. */
const DEMUXERS: Record<PictureKind, string> = {
  jpeg: 'jpeg_pipe',
  png: 'png_pipe',
  gif: 'gif',
  webp: 'webp_pipe',
  bmp: 'bmp_pipe',
  tiff: 'tiff_pipe',
  jxl: 'jpegxl_pipe',
  heif: 'mov',
};

/** What ffmpeg is to do with what it reads, before it scales it down. */
export type DecodeSource = {
  readonly demuxer: string;
  readonly options: readonly string[];
  readonly filters: readonly string[];
};

export function fileSource(kind: PictureKind): DecodeSource {
  // ffmpeg versions differ in applying the EXIF orientation, so `turnUpright` does it; HEIF rotates by its own boxes.
  if (kind === 'heif') return { demuxer: DEMUXERS.heif, options: [], filters: [] };
  // ffmpeg 9 does not end where a JPEG XL is cut off, unless it is to end at the first error.
  const options = kind === 'jxl' ? ['-noautorotate', '-xerror'] : ['-noautorotate'];
  return { demuxer: DEMUXERS[kind], options, filters: [] };
}

/**
Every version decodes HEVC; what HEIF adds is done by filters, since versions before 7.1 know no tiles in HEIF, and later ones
join them in a way that excludes other filters. Tiles are placed by their number, so that one that cannot be decoded fails
the picture.
*/
export function tilesSource({ columns, rows, coded, transforms }: HevcPicture): DecodeSource {
  const isGrid = columns * rows > 1;
  return {
    demuxer: 'hevc',
    options: isGrid ? ['-err_detect', 'explode', '-xerror'] : [],
    filters: [
      ...(isGrid ? [`tile=${columns}x${rows}`] : []),
      cropFilter({ left: 0, top: 0, size: coded }),
      ...transforms.map(transformFilter),
    ],
  };
}

function transformFilter(transform: Transform): string {
  if (transform.kind === 'crop') return cropFilter(transform);
  if (transform.kind === 'mirror') return transform.swaps === 'left and right' ? 'hflip' : 'vflip';
  return { 1: 'transpose=cclock', 2: 'hflip,vflip', 3: 'transpose=clock' }[transform.quarterTurnsLeft];
}

/** `exact`: not rounded to even numbers where colours have half the resolution. */
function cropFilter({
  left,
  top,
  size: { width, height },
}: Omit<Transform & { kind: 'crop' }, 'kind'>): string {
  return `crop=${width}:${height}:${left}:${top}:exact=1`;
}

export function decodeArguments(
  { demuxer, options, filters }: DecodeSource,
  file: string | null,
  maxSide: number,
): string[] {
  return [
    ...`${QUIET} -max_pixels ${MAX_PIXELS}`.split(' '),
    ...options,
    '-f',
    demuxer,
    '-i',
    file ? `file:${file}` : 'pipe:0',
    ...`-frames:v 1 -vf ${[...filters, scaleFilter(maxSide)].join(',')}`.split(' '),
    ...'-c:v pam -pix_fmt rgba -f image2pipe pipe:1'.split(' '),
  ];
}

/** Scales down as `scaledSide` says, in ffmpeg's language. */
export function scaleFilter(maxSide: number): string {
  const ratio = 'max(iw,ih)/min(iw,ih)';
  const longest = `if(lt(${ratio},${LONG_PICTURE}),${maxSide},floor(${maxSide}*sqrt(${ratio})))`;
  const side = (own: string): string =>
    `'if(gt(max(iw,ih),${longest}),max(1,round(${own}*${longest}/max(iw,ih))),${own})'`;
  return `scale=w=${side('iw')}:h=${side('ih')}:flags=${SCALER}`;
}

const SCALER = 'lanczos+accurate_rnd+full_chroma_int+full_chroma_inp';
