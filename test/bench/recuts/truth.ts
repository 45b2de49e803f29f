/**
Re-cuts of films of natural footage, by kind, against the films as a stash-box has them: how many are found surely, how many are shown,
and how many wrong ones are.

    node --import tsx test/bench/recuts/truth.ts FOLDER-OF-VIDEOS FOLDER-TO-MAKE [FILMS [OTHERS]]
*/
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { frameTimes, phashOf } from '../../../core/fingerprints/phash.ts';
import { createComposer } from '../../../core/fingerprints/virtual-phash.ts';
import type { BoxScene } from '../../../core/ports/boxes/box-scenes.ts';
import { rateRecuts } from '../../../core/stash-box/recuts/rate-recuts.ts';
import { createFfmpeg } from '../../../plugin/media/ffmpeg.ts';
import { createVideoFrames } from '../../../plugin/media/frames.ts';
import { readFilmstrip } from '../../../plugin/media/phash/filmstrip.ts';
import { computePhash } from '../../../plugin/media/phash/phash.ts';
import { aBoxScene } from '../../fakes/memory-box.ts';
import { composeFilm, PER_SECOND, randomFrom, readClips } from './footage.ts';

const run = promisify(execFile);
const [sources, folder, films = '6', others = '14'] = process.argv.slice(2);
if (sources === undefined || folder === undefined) throw new Error('two folders are needed');
await mkdir(folder, { recursive: true });
const paths = { ffmpeg: '/usr/bin/ffmpeg', ffprobe: '/usr/bin/ffprobe' };
const frames = createVideoFrames(paths);

/** What is done to a film; `T` is its length. */
const KINDS: Readonly<Record<string, (length: number) => readonly string[]>> = {
  're-encoded': () => ['-vf', 'scale=160:90,scale=320:180', '-crf', '38'],
  '8 s cut at the start': () => ['-vf', 'trim=start=8,setpts=PTS-STARTPTS'],
  '10 s cut at the end': (length) => ['-vf', `trim=end=${length - 10}`],
  '10 s cut in the middle': (length) => [
    '-vf',
    `select='lt(t,${length * 0.45})+gt(t,${length * 0.45 + 10})',setpts=N/24/TB`,
  ],
  '12 s of an intro before it': () => ['-vf', 'tpad=start_duration=12:color=0x305070'],
  'at 25 pictures for 24': () => ['-vf', 'setpts=PTS*24/25', '-r', '25'],
  'cropped by a tenth': () => ['-vf', 'crop=iw*0.9:ih*0.9,scale=320:180'],
  'darker and in more contrast': () => ['-vf', 'eq=brightness=-0.1:contrast=1.2'],
};
const CODED = ['-an', '-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-g', '48'];

async function encode(name: string, args: readonly string[]): Promise<string> {
  const file = path.join(folder!, `${name}.mp4`);
  if (existsSync(file)) return file;
  const part = path.join(folder!, `part-${name}.mp4`);
  await run(paths.ffmpeg, ['-v', 'error', '-y', ...args, ...CODED, part], { maxBuffer: 1 << 24 });
  await rename(part, file);
  return file;
}

const lengths = new Map<string, number>();
for (const name of (await readdir(sources)).filter((file) => /\.(mp4|mkv|webm)$/.test(file)).toSorted()) {
  const info = await frames.probe(path.join(sources, name)).catch(() => null);
  if (info !== null && info.durationMs >= 5000) lengths.set(path.join(sources, name), info.durationMs / 1000);
}

async function makeFilm(n: number): Promise<string> {
  const random = randomFrom(100 + n);
  const inputs: string[] = [];
  let [seconds, count] = [0, 0];
  while (seconds < 120 + 15 * (n % 6)) {
    const [file, length] = [...lengths][Math.floor(random() * lengths.size)]!;
    const shot = Math.min(length, 3 + 17 * random());
    inputs.push('-ss', String(random() * (length - shot)), '-t', String(shot), '-i', file);
    seconds += shot;
    count++;
  }
  const each = Array.from({ length: count }, (_, at) => `[${at}:v]fps=24,scale=320:180,setsar=1[s${at}]`);
  const joined = `${Array.from({ length: count }, (_, at) => `[s${at}]`).join('')}concat=n=${count}[v]`;
  return await encode(`film-${n}`, [
    ...inputs,
    '-filter_complex',
    [...each, joined].join(';'),
    '-map',
    '[v]',
    '-crf',
    '23',
  ]);
}

async function boxSceneOf(n: number, file: string): Promise<BoxScene> {
  const info = await frames.probe(file);
  const durationMs = Math.round((info?.durationMs ?? 0) / 10) * 10;
  const hash = (await computePhash(createFfmpeg(paths.ffmpeg), file, durationMs)) ?? '';
  return aBoxScene(n, [{ algorithm: 'PHASH', hash, seconds: Math.round(durationMs / 1000) }]);
}

const made: { readonly file: string; readonly theirs: BoxScene }[] = [];
for (let n = 0; n < Number(films); n++) {
  const file = await makeFilm(n);
  made.push({ file, theirs: await boxSceneOf(n, file) });
}
const random = randomFrom(5);
const clips = await readClips(sources, paths.ffmpeg);
const candidates = made.map(({ theirs }) => theirs);
for (let n = 0; n < Number(others); n++) {
  const seconds = 110 + Math.round(110 * random());
  const film = composeFilm(clips, seconds, random);
  const hash = phashOf(frameTimes(seconds).map((time) => film[Math.floor(time * PER_SECOND)]!));
  candidates.push(aBoxScene(1000 + n, [{ algorithm: 'PHASH', hash, seconds }]));
}

const report = (kind: string, cells: readonly (string | number)[]): void =>
  console.log(`| ${[kind, ...cells].join(' | ')} |`);
report('kind', ['files', 'surely right', 'right, shown', 'surely wrong', 'wrong, shown', 'bits apart', 'ms']);
async function measure(
  kind: string,
  files: readonly { file: string; rightId: string | null }[],
): Promise<void> {
  const sums = { sure: 0, shown: 0, sureWrong: 0, wrong: 0, ms: 0 };
  const bits: string[] = [];
  for (const { file, rightId } of files) {
    const strip = await readFilmstrip(frames, file);
    if (strip === null) throw new Error(`${file} has no video`);
    const begun = performance.now();
    const rated = await rateRecuts([{ seconds: strip.seconds, composer: createComposer(strip) }], candidates);
    sums.ms += performance.now() - begun;
    for (const { scene, isStrong, recut } of rated) {
      if (scene.id === rightId) sums[isStrong ? 'sure' : 'shown']++;
      else sums[isStrong ? 'sureWrong' : 'wrong']++;
      if (scene.id === rightId) bits.push(`${recut.apart} at ${recut.offset}`);
    }
  }
  report(kind, [
    files.length,
    sums.sure,
    sums.shown,
    sums.sureWrong,
    sums.wrong,
    bits.join(', '),
    Math.round(sums.ms / files.length),
  ]);
}

for (const [kind, args] of Object.entries(KINDS)) {
  const files: { file: string; rightId: string }[] = [];
  for (const [n, { file, theirs }] of made.entries()) {
    const name = `${kind.replaceAll(/\W+/g, '-')}-${n}`;
    const length = (await frames.probe(file))!.durationMs / 1000;
    files.push({ file: await encode(name, ['-i', file, '-crf', '26', ...args(length)]), rightId: theirs.id });
  }
  await measure(kind, files);
}
// Of the same shots in another order and other lengths: the stash-box does not have them.
const strange: { file: string; rightId: null }[] = [];
for (let n = 0; n < Number(films); n++) strange.push({ file: await makeFilm(50 + n), rightId: null });
await measure('another film of the same people', strange);
