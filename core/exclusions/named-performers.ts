/**
A copy without what names one of these performers: lists lose the entries about them. Null: what names them is no entry of a
list, so that without them nothing is left.
*/
export function withoutPerformers<Value>(
  value: Value,
  performerIds: ReadonlySet<string>,
): { readonly value: Value } | null {
  if (!isNaming(value, performerIds)) return { value };
  const copy = copyWithout(value, performerIds);
  return copy === null ? null : { value: copy as Value };
}

function copyWithout(value: unknown, performerIds: ReadonlySet<string>): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (isPerformer(value, performerIds)) return null;
  if (Array.isArray(value))
    return value.flatMap((entry: unknown) => {
      const copy = copyWithout(entry, performerIds);
      return copy === null && entry !== null ? [] : [copy];
    });
  const copies = Object.entries(value).map(
    ([name, part]: [string, unknown]) => [name, part, copyWithout(part, performerIds)] as const,
  );
  if (copies.some(([, part, copy]) => part !== null && copy === null)) return null;
  return Object.fromEntries(copies.map(([name, , copy]) => [name, copy]));
}

function isNaming(value: unknown, performerIds: ReadonlySet<string>): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return (
    isPerformer(value, performerIds) ||
    Object.values(value).some((part: unknown) => isNaming(part, performerIds))
  );
}

/** `{ performerId }`, or a reference `{ kind: 'performer', id }`. */
function isPerformer(value: object, performerIds: ReadonlySet<string>): boolean {
  const { performerId, kind, id } = value as Record<string, unknown>;
  return (
    (typeof performerId === 'string' && performerIds.has(performerId)) ||
    (kind === 'performer' && typeof id === 'string' && performerIds.has(id))
  );
}
