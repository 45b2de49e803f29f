import type { Suggestion } from './suggestion.ts';

/**
`confidence`: the surest first. `weakest`: the least sure first. `newest`: as they were made. `scene`: those of one scene (or
of another thing) together, the newest scene first. `performer`: those of one performer together, the newest performer first.
*/
export const SUGGESTION_ORDERS = ['confidence', 'weakest', 'newest', 'scene', 'performer'] as const;
export type SuggestionOrder = (typeof SUGGESTION_ORDERS)[number];

/** Among whose suggestions one stands where they are grouped by performer; null: among those of nobody. */
export function performerOf({
  target,
  targetName,
  entity,
  entityTitle,
}: Pick<Suggestion, 'target' | 'targetName' | 'entity' | 'entityTitle'>): {
  readonly id: string;
  readonly name: string;
} | null {
  if (target?.kind === 'performer') return { id: target.id, name: targetName };
  return entity.kind === 'performer' ? { id: entity.id, name: entityTitle } : null;
}
