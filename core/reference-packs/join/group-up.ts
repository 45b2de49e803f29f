import { similarity } from '../../faces/embedding.ts';
import type { Embedding } from '../../faces/face.ts';

export type Node = { readonly box: string; readonly template: Embedding | null };
/** Two nodes that are to be one, by their numbers. */
export type Edge<Value> = { readonly a: number; readonly b: number; readonly value: Value };
export type Group<Value> = { readonly nodes: readonly number[]; readonly edges: readonly Edge<Value>[] };
/** `several`: a group would have two nodes of one box. `faces-differ`: two of the group do not look like one person. */
export type Left<Value> = { readonly value: Value; readonly why: 'several' | 'faces-differ' };

/**
Joins nodes along the edges, tier by tier, to groups with at most one node of each box. Edges that contradict each other are all
left out, since nobody can say which is wrong; those of a later tier never undo an earlier one. The result depends on no order.
*/
export function groupUp<Value>(
  nodes: readonly Node[],
  tiers: readonly { readonly edges: readonly Edge<Value>[]; readonly needsFaces: boolean }[],
  lowestSimilarity: number,
): { groups: Group<Value>[]; left: Left<Value>[] } {
  /** Node → the nodes of its group, one array for all of them. */
  let groupOf = nodes.map((_, n) => [n]);
  const used: Edge<Value>[] = [];
  const left: Left<Value>[] = [];
  const hasSeveral = (members: readonly number[]): boolean =>
    new Set(members.map((n) => nodes[n]!.box)).size < members.length;

  for (const { edges, needsFaces } of tiers) {
    const boxesOf = (n: number): string[] => groupOf[n]!.map((member) => nodes[member]!.box);
    /** Of each group, by its first node and a box: the groups that edges lead to there. */
    const partners = new Map<string, Set<number>>();
    const note = (from: number, to: number): void => {
      for (const box of boxesOf(to)) {
        const key = `${groupOf[from]![0]} ${box}`;
        partners.set(key, (partners.get(key) ?? new Set()).add(groupOf[to]![0]!));
      }
    };
    for (const { a, b } of edges) {
      note(a, b);
      note(b, a);
    }
    const isAmbiguous = (from: number, to: number): boolean =>
      boxesOf(to).some((box) => partners.get(`${groupOf[from]![0]} ${box}`)!.size > 1);

    const clear: Edge<Value>[] = [];
    for (const edge of edges) {
      const { a, b, value } = edge;
      if (groupOf[a] === groupOf[b]) used.push(edge);
      else if (hasSeveral([...groupOf[a]!, ...groupOf[b]!]) || isAmbiguous(a, b) || isAmbiguous(b, a))
        left.push({ value, why: 'several' });
      else clear.push(edge);
    }
    const joined = componentsOf(groupOf, clear);
    const whyNot = (members: readonly number[]): Left<Value>['why'] | null => {
      if (hasSeveral(members)) return 'several';
      return needsFaces && hasStranger(members) ? 'faces-differ' : null;
    };
    const before = groupOf;
    const hasStranger = (members: readonly number[]): boolean =>
      members.some((a) =>
        members.some((b) => {
          const [one, other] = [nodes[a]!.template, nodes[b]!.template];
          if (a >= b || before[a] === before[b] || one === null || other === null) return false;
          return similarity(one, other) < lowestSimilarity;
        }),
      );
    const reasons = new Map([...new Set(joined)].map((members) => [members, whyNot(members)]));
    for (const edge of clear) {
      const why = reasons.get(joined[edge.a]!) ?? null;
      if (why === null) used.push(edge);
      else left.push({ value: edge.value, why });
    }
    groupOf = joined.map((members, n) => ((reasons.get(members) ?? null) === null ? members : before[n]!));
  }

  const edgesOf = new Map<readonly number[], Edge<Value>[]>();
  for (const edge of used.toSorted((x, y) => x.a - y.a || x.b - y.b)) {
    const group = groupOf[edge.a]!;
    edgesOf.set(group, [...(edgesOf.get(group) ?? []), edge]);
  }
  return {
    groups: [...new Set(groupOf)].map((members) => ({ nodes: members, edges: edgesOf.get(members) ?? [] })),
    left,
  };
}

/** The groups that edges connect, each in ascending order, by node; groups without an edge stay the same arrays. */
function componentsOf(groupOf: readonly number[][], edges: readonly Edge<unknown>[]): number[][] {
  const joined = [...groupOf];
  for (const { a, b } of edges) {
    if (joined[a] === joined[b]) continue;
    const members = [...joined[a]!, ...joined[b]!].toSorted((x, y) => x - y);
    for (const n of members) joined[n] = members;
  }
  return joined;
}
