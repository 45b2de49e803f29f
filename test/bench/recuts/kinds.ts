/**
Re-cuts of composed films of natural footage, by kind, among films of the same shots as a stash-box has them: how many are found surely,
how many are shown, and how many wrong ones are. `truth.ts` does the same on few files that are really encoded.

    node --import tsx test/bench/recuts/kinds.ts FOLDER-OF-VIDEOS [FILMS [OTHERS]]
*/
import type { RgbImage } from '../../../core/faces/face.ts';
import { frameTimes, phashOf } from '../../../core/fingerprints/phash.ts';
import { createComposer } from '../../../core/fingerprints/virtual-phash.ts';
import type { BoxScene } from '../../../core/ports/boxes/box-scenes.ts';
import { rateRecuts } from '../../../core/stash-box/recuts/rate-recuts.ts';
import { aBoxScene } from '../../fakes/memory-box.ts';
import { composeFilm, PER_SECOND, randomFrom, readClips, seen } from './footage.ts';

const [folder, films = '30', others = '10'] = process.argv.slice(2);
if (folder === undefined) throw new Error('a folder of videos is needed');
const random = randomFrom(11);
const clips = await readClips(folder, 'ffmpeg');

type Film = readonly RgbImage[];
const part = (film: Film, from: number, to: number): Film => film.slice(from * PER_SECOND, to * PER_SECOND);
const secondsOf = (film: Film): number => film.length / PER_SECOND;
const intro = (seconds: number): Film => composeFilm(clips, seconds, random);
const plain = { isMirrored: false, gain: 1, zoom: 1, x: 0, y: 0 };
const rough = (picture: RgbImage): RgbImage => ({
  ...picture,
  data: picture.data.map((value) => Math.max(0, Math.min(255, value + Math.round(24 * (random() - 0.5))))),
});

const KINDS: Readonly<Record<string, (film: Film) => Film>> = {
  'encoded anew, with noise': (film) => film.map(rough),
  '8 s cut at the start': (film) => part(film, 8, secondsOf(film)),
  'a tenth cut at the start': (film) => part(film, Math.round(0.1 * secondsOf(film)), secondsOf(film)),
  '10 s cut at the end': (film) => part(film, 0, secondsOf(film) - 10),
  '6 s cut at the start, 9 s at the end': (film) => part(film, 6, secondsOf(film) - 9),
  '10 s cut in the middle': (film) => {
    const at = Math.round(secondsOf(film) * (0.3 + 0.4 * random()));
    return [...part(film, 0, at), ...part(film, at + 10, secondsOf(film))];
  },
  '12 s of an intro before it': (film) => [...intro(12), ...film],
  'its intro of 5 s is another of 15 s': (film) => [...intro(15), ...part(film, 5, secondsOf(film))],
  'a trailer of 20 s in the middle': (film) => {
    const at = Math.round(secondsOf(film) / 2);
    return [...part(film, 0, at), ...intro(20), ...part(film, at, secondsOf(film))];
  },
  '25 pictures for 24': (film) =>
    Array.from({ length: Math.floor((film.length * 24) / 25) }, (_, n) => film[Math.floor((n * 25) / 24)]!),
  'cropped by a tenth': (film) =>
    film.map((picture) => seen(picture, { ...plain, zoom: 0.9, x: 0.5, y: 0.5 })),
  'darker by a quarter': (film) => film.map((picture) => seen(picture, { ...plain, gain: 0.75 })),
  mirrored: (film) => film.map((picture) => seen(picture, { ...plain, isMirrored: true })),
};

function boxScene(n: number, film: Film): BoxScene {
  const seconds = secondsOf(film);
  const hash = phashOf(frameTimes(seconds).map((time) => film[Math.floor(time * PER_SECOND)]!));
  return aBoxScene(n, [{ algorithm: 'PHASH', hash, seconds }]);
}

const made = Array.from({ length: Number(films) }, () =>
  composeFilm(clips, 150 + Math.round(450 * random()), random),
);
const theirs = made.map((film, n) => boxScene(n, film));
const rows = { files: 0, sure: 0, shown: 0, sureWrong: 0, wrong: 0 };

/** @param right place of the film; null: the stash-box does not have it */
async function measured(film: Film, right: number | null): Promise<typeof rows> {
  const candidates = theirs.filter((_, n) => n === right || random() < Number(others) / made.length);
  const pictures = Array.from({ length: Math.floor(2 * secondsOf(film)) }, (_, n) => film[2 * n + 1] ?? null);
  const rated = await rateRecuts(
    [
      {
        seconds: secondsOf(film),
        composer: createComposer({ pictures, stepSeconds: 0.5, seconds: secondsOf(film) }),
      },
    ],
    candidates,
  );
  const count = (isRight: boolean, isSure: boolean): number =>
    rated.filter(({ scene, isStrong }) => (scene === theirs[right ?? -1]) === isRight && isStrong === isSure)
      .length;
  return {
    files: 1,
    sure: count(true, true),
    shown: count(true, false),
    sureWrong: count(false, true),
    wrong: count(false, false),
  };
}

console.log(`${made.length} films, each beside about ${others} others as candidates; ${clips.length} clips`);
console.log('| kind | files | surely right | right, to choose | surely wrong | wrong, to choose |');
console.log('| --- | --- | --- | --- | --- | --- |');
function report(kind: string, all: readonly (typeof rows)[]): void {
  const sums = Object.keys(rows).map((key) =>
    all.reduce((sum, one) => sum + one[key as keyof typeof rows], 0),
  );
  console.log(`| ${[kind, ...sums].join(' | ')} |`);
}
/** One after the other: which candidates are beside a film is drawn. */
async function eachMeasured(
  all: readonly Film[],
  measure: (film: Film, n: number) => Promise<typeof rows>,
): Promise<(typeof rows)[]> {
  const sums: (typeof rows)[] = [];
  for (const [n, film] of all.entries()) sums.push(await measure(film, n));
  return sums;
}
for (const [kind, cut] of Object.entries(KINDS))
  report(kind, await eachMeasured(made, (film, n) => measured(cut(film), n)));
const strange = Array.from({ length: 4 * made.length }, () =>
  composeFilm(clips, 150 + Math.round(450 * random()), random),
);
report('another film of the same people', await eachMeasured(strange, (film) => measured(film, null)));
