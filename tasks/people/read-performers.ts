import type { Library, StashPerformer } from '../../core/ports/library.ts';

const AT_ONCE = 50;
const KEPT_MS = 10_000;

/**
Reads performers one by one, for a list that goes from the highest id down: with each one the next of them, which are kept
for ten seconds. One request for each costs as much as decoding the picture.
*/
export function createPerformerReader(
  { performer, performersAfter }: Pick<Library, 'performer' | 'performersAfter'>,
  now: () => number,
): Library['performer'] {
  let kept = new Map<string, StashPerformer>();
  let readAt = -Infinity;
  return async (id) => {
    if (!kept.has(id) || now() - readAt > KEPT_MS) {
      readAt = now();
      const page = await performersAfter(String(Math.max(0, Number(id) - AT_ONCE)), AT_ONCE);
      kept = new Map(page.map((listed) => [listed.id, listed]));
    }
    // Also who was made after the ids were listed.
    return kept.get(id) ?? (await performer(id));
  };
}
