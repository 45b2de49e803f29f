type Counted = { readonly key: number; readonly apartFrom: readonly number[] };

/**
How many people these clusters are at least: clusters can be one person seen in two ways, but for those that have a face in the
same frame.
@returns the largest group, found greedily, whose members are all apart from one another
*/
export function leastPeople(clusters: readonly Counted[]): number {
  let most = clusters.length === 0 ? 0 : 1;
  for (const first of clusters) {
    const group = [first];
    for (const one of clusters)
      if (group.every((other) => other.apartFrom.includes(one.key) && one.apartFrom.includes(other.key)))
        group.push(one);
    most = Math.max(most, group.length);
  }
  return most;
}
