import { message } from '../../../core/messages/message.ts';
import { createPauses } from '../../../core/pauses.ts';
import type { OpenReferencePack } from '../../../core/ports/reference-packs.ts';
import { PackDamage } from '../damage.ts';

/** So many people of a pack, evenly over it, are compared with each other. */
const SAMPLE = 200;
/** Fewer people may well be of one family. */
const MIN_PEOPLE = 40;
/** Pairs of strangers are as alike as this by any embedder that tells people apart. */
const ALIKE = 0.9;
/** Part of the pairs that may be. */
const MOST_ALIKE = 0.5;

/** A pack whose people all look the same would name everybody. @throws PackDamage */
export async function requireDistinct({ vectors }: OpenReferencePack): Promise<void> {
  const { size, dimensions, values, scales } = vectors;
  if (size < MIN_PEOPLE) return;
  const count = Math.min(SAMPLE, size);
  const rows = Array.from({ length: count }, (_, n) => Math.floor((n * size) / count));
  const pause = createPauses();
  let [alike, pairs] = [0, 0];
  for (const [n, a] of rows.entries()) {
    for (const b of rows.slice(n + 1)) {
      let dot = 0;
      for (let i = 0; i < dimensions; i++) dot += values[a * dimensions + i]! * values[b * dimensions + i]!;
      pairs++;
      if (dot * scales[a]! * scales[b]! >= ALIKE) alike++;
    }
    await pause(count);
  }
  if (alike > MOST_ALIKE * pairs) throw new PackDamage(message('referencePacks.damage.allAlike'));
}
