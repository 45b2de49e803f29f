/**
How often the hash of another film is so near to one composed from a file, in one placement of many: measured by
`test/bench/recuts/chance.ts` on 1.6 million placements of films of other shots of natural footage (`docs/accuracy.md`), the last one
raised to what may be behind the 14 pairs of films in which it was seen. Where none was seen any more each two bits are taken to make it eight times rarer; of the last
two bits that were measured they made it nine times rarer, and the ratio grows.
*/
const MEASURED: readonly (readonly [apart: number, rate: number])[] = [
  [18, 4.6e-3],
  [16, 9.7e-4],
  [14, 1.7e-4],
  [12, 3.4e-5],
];
const RARER = 8;

/** @param apart bits of the nearest of so many placements. @returns at most so likely is it that another film comes as near: 0 to 1 */
export function chanceOf(apart: number, tried: number): number {
  return Math.min(1, tried * rateOf(apart));
}

/** As many bits are set in each hash, so that an even number of them differs. */
function rateOf(apart: number): number {
  const measured = MEASURED.findLast(([bits]) => apart <= bits);
  if (measured === undefined) return 1;
  const [bits, rate] = measured;
  const [least] = MEASURED.at(-1)!;
  return bits === least ? rate / RARER ** Math.floor((least - apart) / 2) : rate;
}
