/**
Files of the kinds that people's libraries hold and that are looked at wrongly without care, made of our own footage: the
built command says who is in them, by a plain twin's measure.
*/
import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import sharp, { type Sharp } from 'sharp';
import { mediaFile, npmFfmpeg } from '../fixtures/footage.ts';
import { npmFfmpeg as oldest, photograph } from '../fixtures/models.ts';
import { heicOf } from '../fixtures/pictures/heic.ts';
import { bundle } from './plugin-process.ts';

const run = promisify(execFile);
const HIM = 'Franck';
const HER = 'Audrey';
const H264 = '-an -c:v libx264 -preset ultrafast -pix_fmt yuv420p'.split(' ');
const VIEW = 'scale=480:360,fps=12';

/** A person's decision as the command says it: the name of a match, else `ambiguous` or `unknown`. */
type Seen = readonly string[];
type Answer = { readonly file: string; readonly error?: string; readonly persons: readonly Person[] };
type Person = { readonly decision: string; readonly name?: string };

let folder: string;
const at = (...names: string[]): string => path.join(folder, ...names);
/** What each file shows. */
const WANTED = new Map<string, Seen>();

before(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'stash-sense-odd-files-'));
  for (const people of ['people', 'twice']) {
    mkdirSync(at(people, HIM), { recursive: true });
    writeFileSync(at(people, HIM, '1.jpg'), photograph('franck_02221.jpg'));
    writeFileSync(at(people, `${HER}.jpg`), photograph('audrey_crop.jpg'));
  }
  // One man entered a second time, by a coarse picture of another moment.
  await sharp(photograph('franck_04000.jpg'))
    .resize(160)
    .jpeg({ quality: 60 })
    .toFile(at('twice', 'Francis.jpg'));
  makeVideos();
  await makePictures();
});
after(() => rmSync(folder, { recursive: true, force: true }));

test('each odd file shows the person of its plain twin, once and nobody else', async () => {
  const seen = await identify([...WANTED.keys()], 'people');
  assert.deepEqual(Object.fromEntries(seen), Object.fromEntries(WANTED));
});

test('of one person entered twice no copy of a face gives the second name, however many there are', async () => {
  const [plain, ...copies] = ['plain.mp4', 'mirror.mp4', 'film_180_LR.mp4', 'film_OU.mp4', 'wall.mp4'];
  const seen = await identify([plain, ...copies], 'twice');
  const [decision, ...others] = seen.get(plain)!;
  assert.deepEqual(others, []);
  assert.ok(decision === HIM || decision === 'ambiguous', decision);
  for (const copy of copies) assert.deepEqual(seen.get(copy), [decision], copy);
});

async function identify(names: readonly string[], people: string): Promise<Map<string, Seen>> {
  const { stdout } = await run(
    process.execPath,
    [
      bundle,
      'identify',
      ...names.map((name) => at(name)),
      '--people',
      at(people),
      '--cache',
      at('cache'),
      '--json',
    ],
    { maxBuffer: 1e8 },
  );
  return new Map(
    stdout
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Answer)
      .map(({ file, error, persons }) => [
        path.basename(file),
        error === undefined
          ? persons.map(({ decision, name = '' }) => (decision === 'match' ? name : decision))
          : [error],
      ]),
  );
}

function make(name: string, ...args: readonly string[]): string {
  execFileSync(npmFfmpeg, ['-v', 'error', '-nostdin', '-y', ...args, at(name)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return at(name);
}

function show(who: string, ...names: readonly string[]): void {
  for (const name of names) WANTED.set(name, [who]);
}

function makeVideos(): void {
  const source = ['-ss', '20', '-t', '6', '-i', mediaFile('franck.mp4')];
  const film = (name: string, filter: string, ...coding: readonly string[]): string =>
    make(name, ...source, '-vf', filter, ...H264, ...coding);
  const plain = film('plain.mp4', VIEW, '-g', '12');
  const copy = ['-i', plain, '-c', 'copy'];
  film('mirror.mp4', `${VIEW},split[a][b];[b]hflip[c];[a][c]hstack`);
  film('wall.mp4', `${VIEW},split=4[a][b][c][d];[a][b]hstack[e];[c][d]hstack[f];[e][f]vstack`);
  film('film_180_LR.mp4', `${VIEW},pad=480:480:0:60,split[a][b];[a][b]hstack`);
  film('film_OU.mp4', `${VIEW},split[a][b];[a][b]vstack`);
  film('film_HSBS.mp4', `${VIEW},scale=240:360,split[a][b];[a][b]hstack,setsar=1`);
  film('one-key.mp4', VIEW, '-g', '10000', '-x264-params', 'scenecut=0');
  film('open.ts', VIEW, '-g', '20', '-bf', '2', '-x264-params', 'scenecut=0:open-gop=1');
  film('refresh.mp4', VIEW, '-x264-params', 'intra-refresh=1:keyint=10000:scenecut=0');
  make('bare.h264', ...copy, '-bsf:v', 'h264_mp4toannexb');
  make('one-frame.mp4', '-i', plain, '-frames:v', '1', ...H264);
  make(
    'still-with-sound.mp4',
    '-loop',
    '1',
    '-framerate',
    '1',
    '-i',
    mediaFile('franck_02221.jpg'),
    '-f',
    'lavfi',
    '-i',
    'sine=d=30',
    '-vf',
    'scale=480:-2',
    '-t',
    '30',
    '-c:v',
    'libx264',
    '-pix_fmt',
    'yuv420p',
    '-r',
    '1',
    '-c:a',
    'aac',
  );
  make(
    'second-track.mkv',
    '-f',
    'lavfi',
    '-i',
    'testsrc=s=480x360:r=12:d=6',
    '-i',
    plain,
    '-map',
    '0:v',
    '-map',
    '1:v',
    '-c:v:0',
    'libx264',
    '-preset',
    'ultrafast',
    '-c:v:1',
    'copy',
    '-disposition:v:0',
    '0',
    '-disposition:v:1',
    'default',
  );
  // Written to a pipe the length is never filled in.
  const piped = execFileSync(npmFfmpeg, ['-v', 'error', ...copy, '-f', 'matroska', 'pipe:1'], {
    maxBuffer: 1e8,
  });
  writeFileSync(at('no-length.mkv'), piped);
  // A landscape of nobody, then the same stream goes on in portrait.
  const wide = execFileSync(
    npmFfmpeg,
    [
      '-v',
      'error',
      '-f',
      'lavfi',
      '-i',
      'testsrc=s=480x270:r=12:d=4',
      ...H264,
      '-g',
      '12',
      '-f',
      'mpegts',
      'pipe:1',
    ],
    { maxBuffer: 1e8 },
  );
  const tall = execFileSync(
    npmFfmpeg,
    [
      '-v',
      'error',
      ...source,
      '-vf',
      'scale=480:360,crop=203:360,scale=270:480,fps=12',
      ...H264,
      '-g',
      '12',
      '-f',
      'mpegts',
      'pipe:1',
    ],
    { maxBuffer: 1e8 },
  );
  writeFileSync(at('turns.ts'), Buffer.concat([wide, tall]));
  show(HIM, 'plain.mp4', 'mirror.mp4', 'wall.mp4', 'film_180_LR.mp4', 'film_OU.mp4', 'film_HSBS.mp4');
  show(HIM, 'one-key.mp4', 'open.ts', 'refresh.mp4', 'bare.h264', 'one-frame.mp4', 'still-with-sound.mp4');
  show(HIM, 'second-track.mkv', 'no-length.mkv', 'turns.ts');
}

function canvas(width: number, height: number): Sharp {
  return sharp({ create: { width, height, channels: 3, background: '#304050' } });
}

async function makePictures(): Promise<void> {
  const portrait = sharp(photograph('audrey.jpg'));
  const small = await portrait.clone().resize(400, 400).jpeg({ quality: 90 }).toBuffer();
  await canvas(800, 800)
    .composite([0, 1, 2, 3].map((n) => ({ input: small, left: 400 * (n % 2), top: 400 * (n >> 1) })))
    .jpeg({ quality: 90 })
    .toFile(at('collage.jpg'));
  await canvas(6000, 600)
    .composite([{ input: small, left: 4500, top: 100 }])
    .jpeg({ quality: 90 })
    .toFile(at('panorama.jpg'));
  const { data, info } = await portrait
    .clone()
    .resize(600, 600)
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  writeFileSync(
    at('tiles.heic'),
    await heicOf(oldest, { width: info.width, height: info.height, data }, { tileSide: 256 }),
  );
  const black = await canvas(400, 400).composite([]).modulate({ brightness: 0 }).raw().toBuffer();
  const frame = await sharp(small).removeAlpha().raw().toBuffer();
  const frames = Buffer.concat([black, frame, frame]);
  const moving = sharp(frames, { raw: { width: 400, height: 1200, channels: 3, pageHeight: 400 } });
  await moving
    .clone()
    .gif({ delay: [900, 300, 300] })
    .toFile(at('black-first.gif'));
  await moving
    .clone()
    .webp({ delay: [900, 300, 300] })
    .toFile(at('black-first.webp'));
  show(HER, 'collage.jpg', 'panorama.jpg', 'tiles.heic', 'black-first.gif', 'black-first.webp');
}
