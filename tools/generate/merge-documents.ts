import {
  Kind,
  print,
  visit,
  type ConstDirectiveNode,
  type DocumentNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

/**
Documents that differ in what they select, as one: what not all of them select is `@include(if: $isThere)`, which makes it
optional in the generated types.
*/
export function mergeDocuments(documents: readonly DocumentNode[]): DocumentNode {
  const [first, ...others] = documents;
  if (first === undefined) throw new TypeError('no document to merge');
  return others.reduce((merged, other) => {
    const selectionSet = mergeSelections(selectionOf(merged), selectionOf(other));
    return visit(merged, {
      OperationDefinition: (operation) => ({ ...operation, selectionSet }),
    });
  }, first);
}

function selectionOf({ definitions: [definition] }: DocumentNode): SelectionSetNode {
  if (definition?.kind !== Kind.OPERATION_DEFINITION) throw new TypeError('no operation');
  return definition.selectionSet;
}

function mergeSelections(one: SelectionSetNode, other: SelectionSetNode): SelectionSetNode {
  const others = new Map(other.selections.map((selection) => [keyOf(selection), selection]));
  const keys = new Set(one.selections.map(keyOf));
  const merged = one.selections.map((selection) => {
    const same = others.get(keyOf(selection));
    if (same === undefined) return optional(selection);
    if (!('selectionSet' in selection && 'selectionSet' in same)) return selection;
    return selection.selectionSet === undefined || same.selectionSet === undefined
      ? selection
      : { ...selection, selectionSet: mergeSelections(selection.selectionSet, same.selectionSet) };
  });
  const added = other.selections.filter((selection) => !keys.has(keyOf(selection))).map(optional);
  return { ...one, selections: [...merged, ...added] };
}

function keyOf(selection: SelectionNode): string {
  if (selection.kind === Kind.FIELD) return (selection.alias ?? selection.name).value;
  return selection.kind === Kind.INLINE_FRAGMENT
    ? `... on ${selection.typeCondition?.name.value}`
    : print(selection);
}

function optional<Selection extends SelectionNode>(selection: Selection): Selection {
  return { ...selection, directives: [...(selection.directives ?? []), IS_THERE] };
}

const IS_THERE = {
  kind: Kind.DIRECTIVE,
  name: { kind: Kind.NAME, value: 'include' },
  arguments: [
    {
      kind: Kind.ARGUMENT,
      name: { kind: Kind.NAME, value: 'if' },
      value: { kind: Kind.VARIABLE, name: { kind: Kind.NAME, value: 'isThere' } },
    },
  ],
} as unknown as ConstDirectiveNode;
