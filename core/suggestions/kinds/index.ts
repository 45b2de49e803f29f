import type { KindDefinition } from './define.ts';
import { performerSeen } from './performer-seen.ts';

/** Every kind of suggestion. A stored one of another kind was made by a newer version: it is kept and not shown. */
export const KINDS = {
  [performerSeen.kind]: performerSeen,
} as const;

export type SuggestionKind = keyof typeof KINDS;

export const SUGGESTION_KINDS = Object.keys(KINDS) as SuggestionKind[];

export function kindOf(kind: SuggestionKind): KindDefinition {
  return KINDS[kind];
}
