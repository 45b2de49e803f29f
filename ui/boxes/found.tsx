import React from 'react';
import type { SuggestionView } from '../../core/contract/suggestions.ts';
import { Confidence } from '../shared/widgets/confidence.tsx';
import { say } from '../stash/intl.tsx';
import { choosingOf, Decide } from '../suggestions/decisions/decide.tsx';
import type { Decisions } from '../suggestions/decisions/decisions.ts';
import { rendererOf } from '../suggestions/kinds/index.ts';

type Props = {
  readonly suggestion: SuggestionView;
  /** Name of the performer. */
  readonly title: string;
  readonly decisions: Decisions;
  /** Why it is not to be decided now; absent: it is. */
  readonly instead?: string | null;
  readonly tabIndex?: number;
};

/** Who the performer may be at a stash-box, or what is wrong with an id: both pictures, what speaks for it, and what to do. */
export function Found({
  suggestion,
  title,
  decisions,
  instead = null,
  tabIndex = 0,
}: Props): React.ReactElement {
  const { counted, Body, Title, Evidence, More, words } = rendererOf(suggestion);
  const [state, outcome] = [decisions.stateOf(suggestion), decisions.outcomeOf(suggestion)];
  const choosing = instead === null ? choosingOf(suggestion, decisions) : null;
  const part = { suggestion, title, tabIndex, choosing };
  const isFaded = state === 'rejected' || instead !== null;
  return (
    <li
      className={`stash-sense-found${isFaded ? ' stash-sense-found-faded' : ''}`}
      role="group"
      aria-label={say('stashIds.foundFor', { name: words(suggestion).name, title })}
      tabIndex={-1}
    >
      <Body {...part} />
      <div className="stash-sense-found-text">
        <div className="stash-sense-heading">
          <span className="stash-sense-name">
            <Title {...part} />
          </span>
          <Confidence confidence={suggestion.confidence} isOfStashId={counted === 'stashIds'} />
        </div>
        <div className="text-muted stash-sense-evidence">
          <Evidence {...part} />
        </div>
        {outcome?.state === 'refused' && <div className="text-warning">{say(outcome.reason)}</div>}
        {instead === null ? (
          <Decide suggestion={suggestion} decisions={decisions} tabIndex={tabIndex} />
        ) : (
          <div className="text-muted">{instead}</div>
        )}
        {More && <More {...part} />}
      </div>
    </li>
  );
}
