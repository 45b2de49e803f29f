/** Odd files and their plain twins: the same film or picture, differing only in what makes the one odd. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { mediaFile } from '../../fixtures/footage.ts';
import { npmFfmpeg as oldest } from '../../fixtures/models.ts';
import { heicOf } from '../../fixtures/pictures/heic.ts';

export type Twins = { readonly kind: string; readonly odd: string; readonly plain: string };

const H264 = '-c:v libx264 -preset ultrafast -pix_fmt yuv420p -an'.split(' ');
const OPEN_GROUPS = ['-x264-params', 'scenecut=0:open-gop=1', '-bf', '2'];

function twins(plain: string, odd: Readonly<Record<string, string>>): Twins[] {
  return Object.entries(odd).map(([kind, file]) => ({ kind, odd: file, plain }));
}

function copyOf(file: string): string[] {
  return ['-i', file, '-c', 'copy', '-map', '0:v'];
}

function talking(seconds: number, filter: string): string[] {
  const from = ['-ss', '20', '-stream_loop', '-1', '-i', mediaFile('franck.mp4')];
  return [...from, '-t', String(seconds), '-vf', filter];
}

/** @param ffmpeg makes the files: the one that npm ships can make all of them */
export async function makeOddTwins(folder: string, ffmpeg: string): Promise<Twins[]> {
  await mkdir(folder, { recursive: true });
  const at = (name: string): string => path.join(folder, name);
  const make = (name: string, ...args: readonly string[]): string => {
    execFileSync(ffmpeg, ['-v', 'error', '-nostdin', '-y', ...args, at(name)], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return at(name);
  };
  const piped = (name: string, format: string, ...args: readonly string[]): string => {
    const bytes = execFileSync(ffmpeg, ['-v', 'error', '-nostdin', ...args, '-f', format, 'pipe:1'], {
      maxBuffer: 1e9,
    });
    writeFileSync(at(name), bytes);
    return at(name);
  };
  const film = (name: string, ...coding: readonly string[]): string =>
    make(name, ...talking(FILM_SECONDS, 'scale=640:-2,fps=25'), ...H264, ...coding);

  const plain = film('plain.mp4', '-g', '50');
  const plainMkv = make('plain.mkv', ...copyOf(plain));
  const oneKey = film('one-key.mp4', '-g', '100000', '-x264-params', 'scenecut=0');
  const bare = make('bare.h264', ...copyOf(plain), '-bsf:v', 'h264_mp4toannexb');
  const stream = make('plain.ts', ...copyOf(plain));
  const joined = at('joined.ts');
  writeFileSync(joined, Buffer.concat([readFileSync(stream), readFileSync(stream)]));
  const turned = make('turned.ts', ...talking(FILM_SECONDS, 'scale=360:640,fps=25'), ...H264, '-g', '50');
  const turns = at('turns.ts');
  writeFileSync(turns, Buffer.concat([readFileSync(stream), readFileSync(turned)]));
  const webm = ['-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '8', '-b:v', '1M', '-g', '50'];
  const plainWebm = make('plain.webm', '-i', plain, '-t', '60', ...webm);
  const sound = ['-f', 'lavfi', '-i', `sine=d=${4 * FILM_SECONDS}`];
  const thumbnail = ['-loop', '1', '-t', '1', '-r', '1', '-i', mediaFile('SeanConnery.jpg')];

  const hours = make('hours.mp4', '-f', 'lavfi', '-i', HOURS, ...H264, '-g', '20');
  const hoursOneKey = make(
    'hours-one-key.mp4',
    '-f',
    'lavfi',
    '-i',
    HOURS,
    ...H264,
    '-g',
    '1000000',
    '-x264-params',
    'scenecut=0',
  );
  const hoursMkv = make('hours.mkv', ...copyOf(hours));
  const pictureFirst = ['-map', '0:v', '-map', '1:v', '-c:v:0', 'mjpeg', '-c:v:1', 'copy'];

  const short = make('short.mp4', ...talking(16, 'scale=1280:-2'), ...H264);
  const side = make('side_SBS.mp4', '-i', short, '-vf', 'split[a][b];[a][b]hstack', ...H264);
  const wide = make('wide.mp4', '-i', short, '-vf', 'split[a][b];[b]negate,hflip[c];[a][c]hstack', ...H264);

  return [
    ...twins(plain, {
      'no length, mkv': piped('no-length.mkv', 'matroska', ...copyOf(plain)),
      'no length, flv': piped('no-length.flv', 'flv', ...copyOf(plain)),
      'ten hours, says the header': withLength(plainMkv, at('ten-hours.mkv'), 36_000),
      'five seconds, says the header': withLength(plainMkv, at('five-seconds.mkv'), 5),
      'bare stream': bare,
      'transport stream': stream,
      'one key frame': oneKey,
      'open groups': film('open.mp4', '-g', '50', ...OPEN_GROUPS),
      'open groups, bare': make('open.h264', ...copyOf(at('open.mp4')), '-bsf:v', 'h264_mp4toannexb'),
      'intra refresh': film(
        'refresh.mp4',
        '-g',
        '100000',
        '-x264-params',
        'intra-refresh=1:keyint=100000:scenecut=0',
      ),
      'sound four times as long': make(
        'sound.mkv',
        '-i',
        plain,
        ...sound,
        '-c:v',
        'copy',
        '-c:a',
        'libmp3lame',
      ),
      'thumbnail before the film': make('thumb.mkv', ...thumbnail, '-i', plain, ...pictureFirst),
    }),
    ...twins(stream, { 'two joined': joined, 'turns while it runs': turns }),
    ...twins(plainWebm, { 'no length, webm': piped('no-length.webm', 'webm', ...copyOf(plainWebm)) }),
    ...twins(hours, {
      'hours, no length': piped('hours-no-length.mkv', 'matroska', ...copyOf(hours)),
      'hours, a thousand says the header': withLength(hoursMkv, at('hours-thousand.mkv'), 3_600_000),
      'hours, five seconds says the header': withLength(hoursMkv, at('hours-five-seconds.mkv'), 5),
      'hours, bare stream': make('hours.h264', ...copyOf(hours), '-bsf:v', 'h264_mp4toannexb'),
      'hours, transport stream': make('hours.ts', ...copyOf(hours)),
      'hours, one key frame': hoursOneKey,
      'hours, thumbnail before them': make('hours-thumb.mp4', ...thumbnail, '-i', hours, ...pictureFirst),
    }),
    ...twins(wide, { '3D side by side': side }),
    ...(await oddPictures(at, make)),
  ];
}

const FILM_SECONDS = 120;
/** Three hours, with few bytes. */
const HOURS = 'testsrc=s=320x180:r=1:d=10800';

async function oddPictures(
  at: (name: string) => string,
  make: (name: string, ...args: readonly string[]) => string,
): Promise<Twins[]> {
  const portrait = sharp(mediaFile('audrey.jpg'));
  const photo = at('photo.jpg');
  await portrait.clone().resize(1000, 1000).jpeg({ quality: 90 }).toFile(photo);
  const { data, info } = await portrait
    .clone()
    .resize(1000, 1000)
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const heic = at('tiles.heic');
  writeFileSync(
    heic,
    await heicOf(oldest, { width: info.width, height: info.height, data }, { tileSide: 256 }),
  );

  const film = at('of-12-frames.mp4');
  make(
    'of-12-frames.mp4',
    '-loop',
    '1',
    '-i',
    photo,
    '-vf',
    'scale=480:480',
    '-r',
    '1',
    '-t',
    '12',
    ...H264,
    '-g',
    '1',
  );
  const gif = make('moving.gif', '-loop', '1', '-i', photo, '-vf', 'scale=480:480', '-r', '10', '-t', '30');
  const apng = make('moving.png', '-f', 'lavfi', '-i', 'testsrc=s=480x480:r=10:d=30', '-f', 'apng');

  const huge = at('huge.jpg');
  await portrait.clone().resize(12_000, 12_000).jpeg({ quality: 80 }).toFile(huge);
  const plainHuge = at('large.jpg');
  await portrait.clone().resize(3000, 3000).jpeg({ quality: 80 }).toFile(plainHuge);
  const panorama = at('panorama.jpg');
  await sharp({ create: { width: 12_000, height: 1000, channels: 3, background: '#304050' } })
    .composite([{ input: photo, left: 9000, top: 0 }])
    .jpeg({ quality: 90 })
    .toFile(panorama);
  const square = at('square.jpg');
  await sharp({ create: { width: 3464, height: 3464, channels: 3, background: '#304050' } })
    .composite([{ input: photo, left: 2000, top: 500 }])
    .jpeg({ quality: 90 })
    .toFile(square);
  const collage = at('collage.jpg');
  const small = await portrait.clone().resize(500, 500).jpeg({ quality: 90 }).toBuffer();
  await sharp({ create: { width: 1000, height: 1000, channels: 3, background: '#304050' } })
    .composite([0, 1, 2, 3].map((n) => ({ input: small, left: 500 * (n % 2), top: 500 * (n >> 1) })))
    .jpeg({ quality: 90 })
    .toFile(collage);
  return [
    ...twins(photo, { 'HEIC of tiles': heic, 'four times the same face': collage }),
    ...twins(film, { 'GIF of 300 frames': gif, 'APNG of 300 frames': apng }),
    ...twins(plainHuge, { 'picture of 144 megapixels': huge }),
    ...twins(square, { 'panorama of 12 to 1': panorama }),
  ];
}

/** The file with another length in its header: Matroska's element Duration (0x4489), a float of 8 bytes, in milliseconds. */
function withLength(mkv: string, target: string, seconds: number): string {
  const changed = readFileSync(mkv);
  const at = changed.indexOf(Buffer.from([0x44, 0x89, 0x88]));
  if (at < 0) throw new Error(`${mkv} says no length`);
  changed.writeDoubleBE(1000 * seconds, at + 3);
  writeFileSync(target, changed);
  return target;
}
