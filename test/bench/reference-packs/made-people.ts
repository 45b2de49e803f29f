/**
Made templates that are as alike by accident as those of real people, whose likenesses no plain random vectors have: a search
among these would be too easy, and rounding would change no order.
*/
import { toUnit } from '../../../core/faces/embedding.ts';
import type { Embedding } from '../../../core/faces/face.ts';
import type { PackEntry } from '../../../core/ports/reference-packs.ts';
import { packPerson, uuid } from '../../fixtures/reference-packs.ts';
import { seeded } from '../../fixtures/random.ts';

export const DIMENSIONS = 512;
/**
Of `docs/accuracy.md`, 9.3 million pairs of strangers among 3 835 people: below which 99.9 % and 99.99 % lie, and of each
person the most alike stranger, in the median and for one in a hundred.
*/
export const REAL = {
  people: 3835,
  p999: 0.338,
  p9999: 0.415,
  highestMedian: 0.381,
  highestOfHundredth: 0.505,
};
/** The variance of the axes falls by this factor from one to the next: two people are then 0 alike, with a deviation of 0.113. */
const FALL = Math.exp(-1 / 38.5);
/** One in so many people resembles somebody before them more than by accident. */
const LOOK_ALIKE_EVERY = 160;
const LOOK_ALIKE = 0.5;

/** The same for a number each time, in any order. */
export function madeTemplate(n: number): Embedding {
  const own = madeVector(n);
  if (n % LOOK_ALIKE_EVERY !== LOOK_ALIKE_EVERY - 1) return own;
  const other = madeVector(Math.floor(seeded(n + 7)() * n));
  const rest = Math.sqrt(1 - LOOK_ALIKE * LOOK_ALIKE);
  return toUnit(own.map((value, i) => rest * value + LOOK_ALIKE * other[i]!))!;
}

/** A face of the person. @param distance as of `near` of test/fixtures/random.ts */
export function madeFace(template: Embedding, n: number, distance: number): Embedding {
  const noise = madeVector(1e7 + n);
  return toUnit(template.map((value, i) => value + distance * noise[i]!))!;
}

export async function* madeEntries(count: number): AsyncIterable<PackEntry> {
  for (let n = 0; n < count; n++) {
    if (n % 1000 === 0) await new Promise((resolve) => void setImmediate(resolve));
    yield {
      person: packPerson(n, {
        name: `Somebody Ordinary ${n}`,
        aliases: n % 2 === 0 ? [`Another Name ${n}`, `Stage Name ${n}`] : [],
        picture: { endpoint: 'https://stashdb.org/graphql', imageId: uuid(n + 5e6) },
      }),
      template: madeTemplate(n),
      quality: 0.5 + (n % 50) / 100,
      references: 1 + (n % 6),
    };
  }
}

const signs = ((): Float32Array => {
  const random = seeded(11);
  return Float32Array.from({ length: DIMENSIONS }, () => (random() < 0.5 ? -1 : 1));
})();

/** Normal numbers along axes of falling variance, turned so that no component is larger than others. */
function madeVector(n: number): Embedding {
  const random = seeded(n * 2_654_435_761);
  const vector = new Float32Array(DIMENSIONS);
  let deviation = 1;
  for (let i = 0; i < DIMENSIONS; i += 2) {
    const radius = Math.sqrt(-2 * Math.log(1 - random()));
    const angle = 2 * Math.PI * random();
    vector[i] = signs[i]! * deviation * radius * Math.cos(angle);
    vector[i + 1] = signs[i + 1]! * deviation * radius * Math.sin(angle);
    deviation *= FALL;
  }
  turn(vector);
  return toUnit(vector)!;
}

/** Hadamard's transform. */
function turn(vector: Float32Array): void {
  for (let half = 1; half < vector.length; half *= 2)
    for (let from = 0; from < vector.length; from += 2 * half)
      for (let i = from; i < from + half; i++) {
        const [a, b] = [vector[i]!, vector[i + half]!];
        vector[i] = a + b;
        vector[i + half] = a - b;
      }
}
