/** How many bits two hashes differ in. @param hashes hexadecimal, of up to 16 digits */
export function bitsApart(one: string, other: string): number {
  return bitsOf(BigInt(`0x${one}`) ^ BigInt(`0x${other}`));
}

/** Of a picture of one colour, or of nearly one, the hash has few bits or nearly all: any other such video has the same. */
export function isTelling(phash: string): boolean {
  const bits = bitsOf(BigInt(`0x${phash}`));
  return bits >= FEWEST && bits <= 64 - FEWEST;
}

/** A hash is made at the median, so that about half of its bits are set. */
const FEWEST = 16;

function bitsOf(value: bigint): number {
  return value.toString(2).replaceAll('0', '').length;
}
