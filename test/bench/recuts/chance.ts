/**
How often the hash of another film agrees by chance with a placement over a file: the numbers of `core/fingerprints/chance.ts`.

    node --import tsx test/bench/recuts/chance.ts FOLDER-OF-VIDEOS [FILMS]
*/
import { findPlacement } from '../../../core/fingerprints/find-placement.ts';
import { frameTimes, phashOf } from '../../../core/fingerprints/phash.ts';
import { isTelling } from '../../../core/fingerprints/bits-apart.ts';
import { createComposer, type Composer } from '../../../core/fingerprints/virtual-phash.ts';
import { composeFilm, PER_SECOND, randomFrom, readClips } from './footage.ts';

const [folder, films = '120'] = process.argv.slice(2);
if (folder === undefined) throw new Error('a folder of videos is needed');
const random = randomFrom(7);
const clips = await readClips(folder, 'ffmpeg');
console.log(`${clips.length} clips, ${Math.round(clips.flat().length / PER_SECOND)} s of natural footage`);
const made = Array.from({ length: Number(films) }, () => {
  const seconds = 120 + Math.round(random() * 480);
  const film = composeFilm(clips, seconds, random);
  const frames = frameTimes(seconds).map(
    (time) => film[Math.min(film.length - 1, Math.round(time * PER_SECOND))]!,
  );
  const pictures = Array.from({ length: 2 * seconds }, (_, n) => film[2 * n + 1] ?? null);
  return { seconds, hash: phashOf(frames), pictures };
});
const trials: number[] = Array.from({ length: 65 }, () => 0);
const pairs: number[] = Array.from({ length: 65 }, () => 0);
let [searches, all, self] = [0, 0, 0];
for (const [n, { pictures, seconds }] of made.entries()) {
  const composer = createComposer({ pictures, stepSeconds: 0.5, seconds });
  const counting: Composer = {
    isVaried: composer.isVaried,
    apart(film, placement) {
      const apart = composer.apart(film, placement);
      if (apart !== null) trials[apart]!++;
      return apart;
    },
  };
  const own = findPlacement(composer, seconds, made[n]!);
  self = Math.max(self, own.end.best?.apart ?? 64);
  for (const [m, theirs] of made.entries()) {
    if (m === n || !isTelling(theirs.hash)) continue;
    const found = Object.values(findPlacement(counting, seconds, theirs));
    const best = Math.min(...found.map((one) => one.best?.apart ?? 64));
    if (best === 64) continue;
    searches++;
    all += found.reduce((sum, { tried }) => sum + tried, 0);
    pairs[best]!++;
  }
}
console.log(`own film: at most ${self} bits apart`);
console.log(`${searches} searches of other films, ${all} placements`);
let [below, belowPairs] = [0, 0];
for (let apart = 0; apart <= 32; apart++) {
  below += trials[apart]!;
  belowPairs += pairs[apart]!;
  console.log(
    `<= ${apart}: ${below} placements (${(below / all).toExponential(1)}), ${belowPairs} searches (${(belowPairs / searches).toExponential(1)})`,
  );
}
const mean = trials.reduce((sum, count, apart) => sum + count * apart, 0) / all;
const variance = trials.reduce((sum, count, apart) => sum + count * (apart - mean) ** 2, 0) / all;
console.log(`mean ${mean.toFixed(2)}, deviation ${Math.sqrt(variance).toFixed(2)}`);
