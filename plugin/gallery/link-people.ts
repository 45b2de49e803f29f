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

/**
By common stash IDs alone, also through a third pack: of packs with the ids A, B and A + B the three rows are one person. A row
with a stash ID of a performer is that performer, whatever others say of its other ids; of several performers, the first.
*/
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
  const ranks = new Map<string, number>();
  for (const { performerId, name, stashIds } of performers) {
    const personId = PREFIX + performerId;
    ranks.set(personId, ranks.size);
    for (const [n, pack] of packs.entries())
      for (const stashId of stashIds)
        for (const row of pack.rowsWith(stashId)) {
          link(personId, n, row);
          known.set(personId, { performerId, name });
        }
    await pause(COMPARISONS_PER_PERFORMER);
  }

  const rows = createRows(packs);
  /** Of a group of rows, the performer whom another row of it is. */
  const meant = new Map<number, string>();
  const first = (a: string | undefined, b: string | undefined): string | undefined =>
    a === undefined || (b !== undefined && ranks.get(b)! < ranks.get(a)!) ? b : a;
  for (const [n, pack] of packs.entries())
    for (const [m, other] of packs.slice(n + 1).entries())
      for (const [row, otherRow] of common(pack.stashIndex, other.stashIndex)) {
        const later = n + 1 + m;
        await pause(COMPARISONS_PER_LINK);
        const [one, two] = [personOf[n]!.get(row), personOf[later]!.get(otherRow)];
        if (one !== undefined && two !== undefined) continue;
        const [a, b] = [rows.rootOf(n, row), rows.rootOf(later, otherRow)];
        const who = first(first(meant.get(a), meant.get(b)), one ?? two);
        const root = one === undefined && two === undefined ? rows.join(a, b) : one === undefined ? a : b;
        if (who !== undefined) meant.set(root, who);
      }
  for (const group of rows.groups()) {
    const [{ pack, row }] = group.rows;
    const own = packs[pack]!.personId(row);
    const personId = meant.get(group.root) ?? (own === null ? null : packPersonId(packs[pack]!.id, own));
    if (personId === null) continue;
    for (const one of group.rows) link(personId, one.pack, one.row);
    await pause(COMPARISONS_PER_LINK);
  }
  return { personOf, templatesOf, performers: known };
}

type Group = { readonly root: number; readonly rows: readonly [Template, ...Template[]] };

/** Rows of all packs in groups, as far as they were named. Each row has a number: that of the first row of its pack and its own. */
function createRows(packs: readonly OpenReferencePack[]) {
  const offsets: number[] = [];
  let end = 0;
  for (const { vectors } of packs) {
    offsets.push(end);
    end += vectors.size;
  }
  const parents = new Map<number, number>();
  const find = (number: number): number => {
    let root = number;
    for (let parent = parents.get(root); parent !== undefined && parent !== root; parent = parents.get(root))
      root = parent;
    parents.set(number, root);
    return root;
  };
  return {
    rootOf: (pack: number, row: number): number => find(offsets[pack]! + row),
    /** @returns the root of both, that of the earlier row */
    join(a: number, b: number): number {
      const [root, other] = [Math.min(a, b), Math.max(a, b)];
      parents.set(other, root);
      return root;
    },
    /** In the order of their first rows. */
    groups(): Group[] {
      const groups = new Map<number, Template[]>();
      for (const number of [...parents.keys()].toSorted((a, b) => a - b)) {
        const pack = offsets.findLastIndex((offset) => offset <= number);
        const root = find(number);
        const rows = groups.get(root) ?? [];
        rows.push({ pack, row: number - offsets[pack]! });
        groups.set(root, rows);
      }
      return [...groups].map(([root, rows]) => ({ root, rows: rows as [Template, ...Template[]] }));
    },
  };
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
