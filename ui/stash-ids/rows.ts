/** A performer with their suggestions, as they are with what was decided on this page since the list was asked for. */
import type { StashIdValue } from '../../core/changes/change.ts';
import type { PerformerLinks } from '../../core/contract/stash-box.ts';
import type { SuggestionView } from '../../core/contract/suggestions.ts';
import { isUndecided } from '../suggestions/decisions/decide.tsx';
import type { Decisions } from '../suggestions/decisions/decisions.ts';

export type Row = {
  readonly links: PerformerLinks;
  /** Those the performer has now. */
  readonly stashIds: readonly StashIdValue[];
  /** The stash-boxes of which they have none now. */
  readonly missing: PerformerLinks['missing'];
  /** That can be decided, the surest first. */
  readonly undecided: readonly SuggestionView[];
  /** Of these, those that no decision under way is about, nor links with somebody else of their stash-box. */
  readonly free: readonly SuggestionView[];
  /** By the id of a suggestion that nothing is left to decide about, the stash-box: another decision on this page gave an ID of it. */
  readonly over: ReadonlyMap<string, string>;
};

export function rowOf(
  links: PerformerLinks,
  decisions: Pick<Decisions, 'stateOf' | 'outcomeOf' | 'pending'>,
): Row {
  const accepted = links.suggestions.filter((one) => decisions.stateOf(one) === 'accepted');
  const stashIds = accepted.reduce(withAccepted, links.stashIds);
  const has = new Set(stashIds.map(({ endpoint }) => endpoint));
  const over = new Map(
    links.suggestions.flatMap((one) => {
      if (one.kind !== 'performer-stash-id' || accepted.includes(one)) return [];
      const { endpoint } = one.payload.stashId;
      return accepted.some((made) => givenTo(made)?.endpoint === endpoint)
        ? [[one.id, endpoint] as const]
        : [];
    }),
  );
  const undecided = links.suggestions.filter((one) => !over.has(one.id) && isUndecided(one, decisions));
  const beingLinked = links.suggestions.flatMap((one) => {
    const given = decisions.pending.get(one.id) === 'accept' ? givenTo(one) : null;
    return given === null ? [] : [given.endpoint];
  });
  return {
    links,
    stashIds,
    missing: links.missing.filter(({ endpoint }) => !has.has(endpoint)),
    undecided,
    free: undecided.filter(
      (one) => !decisions.pending.has(one.id) && !beingLinked.includes(givenTo(one)?.endpoint ?? ''),
    ),
    over,
  };
}

/** Never looked up, and not about to be. @param box endpoint: only there; null: anywhere */
export function isToLookUp({ missing }: Pick<Row, 'missing'>, box: string | null): boolean {
  return missing.some(
    ({ endpoint, lookedUpAt, isWaiting }) =>
      lookedUpAt === null && !isWaiting && (box === null || endpoint === box),
  );
}

/** The stash ID that accepting it gives; null: it gives none. */
function givenTo(suggestion: SuggestionView): StashIdValue | null {
  if (suggestion.kind === 'performer-stash-id') return suggestion.payload.stashId;
  return suggestion.kind === 'stash-id-repair' ? suggestion.payload.right : null;
}

function withAccepted(
  stashIds: readonly StashIdValue[],
  suggestion: SuggestionView,
): readonly StashIdValue[] {
  const wrong = suggestion.kind === 'stash-id-repair' ? suggestion.payload.wrong : null;
  const given = givenTo(suggestion);
  const left = stashIds.filter(
    ({ endpoint, stashId }) => endpoint !== wrong?.endpoint || stashId !== wrong.stashId,
  );
  return given === null ? left : [...left, given];
}
