import { createPauses } from '../../core/pauses.ts';
import type { PerformerWithStashIds } from '../../core/ports/people.ts';
import type { OpenReferencePack, StashIndex } from '../../core/ports/reference-packs.ts';
import { packPersonId } from '../../core/reference-packs/reference-pack.ts';

/** A template: a row of one of the packs, by its number. */
export type Template = { readonly pack: number; readonly row: number };

/** Who of the packs is a performer, or somebody of a pack before. */
export type PackLinks = {
  /** Of each pack: row → id of the person in the gallery, where it is another one than the pack's own. */
  readonly personOf: readonly ReadonlyMap<number, string>[];
  /** Id of a person → the templates of several rows, or of a performer. */
  readonly templatesOf: ReadonlyMap<string, readonly Template[]>;
  /** Person id → the performer, of those who have a template. */
  readonly performers: ReadonlyMap<string, { readonly performerId: string; readonly name: string }>;
};

const PREFIX = 'stash:';
const COMPARISONS_PER_PERFORMER = 20;
const COMPARISONS_PER_LINK = 4;

/** By common stash IDs alone. The performer of the lowest id has a template that fits two of them. */
export async function linkPeople(
  packs: readonly OpenReferencePack[],
  performers: readonly PerformerWithStashIds[],
): Promise<PackLinks> {
  const personOf = packs.map(() => new Map<number, string>());
  const templatesOf = new Map<string, Template[]>();
  const known = new Map<string, { performerId: string; name: string }>();
  const pause = createPauses();
  const link = (personId: string, pack: number, row: number): void => {
    if (personOf[pack]!.has(row)) return;
    personOf[pack]!.set(row, personId);
    const templates = templatesOf.get(personId) ?? [];
    templates.push({ pack, row });
    templatesOf.set(personId, templates);
  };
  for (const { performerId, name, stashIds } of performers) {
    for (const [n, pack] of packs.entries())
      for (const stashId of stashIds)
        for (const row of pack.rowsWith(stashId)) {
          link(PREFIX + performerId, n, row);
          known.set(PREFIX + performerId, { performerId, name });
        }
    await pause(COMPARISONS_PER_PERFORMER);
  }
  for (const [n, pack] of packs.entries())
    for (const [m, other] of packs.slice(n + 1).entries())
      for (const [row, otherRow] of common(pack.stashIndex, other.stashIndex)) {
        const later = n + 1 + m;
        if (personOf[later]!.has(otherRow)) continue;
        await pause(COMPARISONS_PER_LINK);
        const own = pack.personId(row);
        if (own === null) continue;
        const personId = personOf[n]!.get(row) ?? packPersonId(pack.id, own);
        link(personId, n, row);
        link(personId, later, otherRow);
      }
  return { personOf, templatesOf, performers: known };
}

/** Pairs of rows with the same hash of a stash ID. */
function* common(one: StashIndex, other: StashIndex): Iterable<readonly [row: number, otherRow: number]> {
  let [i, j] = [0, 0];
  while (i < one.rows.length && j < other.rows.length) {
    const order = one.highs[i]! - other.highs[j]! || one.lows[i]! - other.lows[j]!;
    if (order < 0) i++;
    else if (order > 0) j++;
    else {
      yield [one.rows[i]!, other.rows[j]!];
      j++;
    }
  }
}
