/** Confirmed faces beyond those that are compared: they take the place of one that is taken out of use. */
import type { ReferenceState, StoredReference } from '../../core/ports/people.ts';
import type { Store } from '../../core/ports/store.ts';

/** Largest number of confirmed references per performer and pack, since each is compared in every search. */
const MAX_CONFIRMED = 12;
const MAX_SPARE = 12;

type Confirmed = Pick<StoredReference, 'id' | 'source' | 'state' | 'sourceKey' | 'quality'>;

/**
Makes room for one more confirmed face: of the lowest quality are those that are kept as spare ones, and beyond these withdrawn.
@param references of the performer, of one pack
@returns the state of the new one; null when it has the lowest quality of all
*/
export async function makeRoom(
  { people }: Pick<Store, 'people'>,
  references: readonly Confirmed[],
  { quality, sourceKey }: Pick<Confirmed, 'quality' | 'sourceKey'>,
): Promise<ReferenceState | null> {
  const others = references.filter((reference) => reference.sourceKey !== sourceKey);
  const used = confirmedOf(others, 'used');
  if (used.length < MAX_CONFIRMED) return 'used';
  const spare = confirmedOf(others, 'spare');
  const worst = used.at(-1);
  if (worst !== undefined && worst.quality < quality) {
    await people.setReferenceState(worst.id, 'spare');
    for (const { id } of best([...spare, worst]).slice(MAX_SPARE))
      await people.setReferenceState(id, 'withdrawn');
    return 'used';
  }
  if (spare.length < MAX_SPARE) return 'spare';
  const last = spare.at(-1);
  if (last === undefined || last.quality >= quality) return null;
  await people.setReferenceState(last.id, 'withdrawn');
  return 'spare';
}

/** Uses the best spare ones of a performer, as far as there is room. */
export async function useSpare(
  { people }: Pick<Store, 'people'>,
  performerId: string,
  packId: string,
): Promise<void> {
  const references = await people.vectors(performerId, packId);
  const room = MAX_CONFIRMED - confirmedOf(references, 'used').length;
  for (const { id } of confirmedOf(references, 'spare').slice(0, Math.max(0, room)))
    await people.setReferenceState(id, 'used');
}

/** Best first. */
function confirmedOf<One extends Confirmed>(references: readonly One[], state: ReferenceState): One[] {
  return best(references.filter((one) => one.source === 'confirmed' && one.state === state));
}

function best<One extends Confirmed>(references: readonly One[]): One[] {
  return references.toSorted((a, b) => b.quality - a.quality);
}
