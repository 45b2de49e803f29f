import { faCircleExclamation } from '@fortawesome/free-solid-svg-icons';
import React, { useCallback, useRef } from 'react';
import { Badge, Card } from 'react-bootstrap';
import { Link } from 'react-router-dom';
import type { SuggestionView } from '../../core/contract/suggestions.ts';
import { Confidence } from '../shared/widgets/confidence.tsx';
import { Icon } from '../stash/icon.tsx';
import { say } from '../stash/intl.tsx';
import { choosingOf, Decide } from './decisions/decide.tsx';
import type { Decisions } from './decisions/decisions.ts';
import { rendererOf } from './kinds/index.ts';
import { shownEntity } from '../shared/shown-entity.ts';
import { useNear } from './use-bare.ts';

type Props = {
  readonly suggestion: SuggestionView;
  readonly decisions: Decisions;
  readonly isTicked: boolean;
  /** The one the keys work on; the only one Tab stops at. */
  readonly isCurrent: boolean;
  readonly onTick: (withRange: boolean) => void;
  readonly onFocus: () => void;
  /** It has no pictures yet, and comes into sight. */
  readonly onNear?: (id: string) => void;
};

/** One suggestion: what its kind shows of it, where it was found, and what to do with it. */
export function SuggestionCard(props: Props): React.ReactElement {
  const { suggestion, decisions, isTicked, isCurrent } = props;
  const { confidence } = suggestion;
  const [state, outcome] = [decisions.stateOf(suggestion), decisions.outcomeOf(suggestion)];
  const { act, counted, Body, Title, Evidence, More, words } = rendererOf(suggestion);
  const { name, accept, wasRemoved } = words(suggestion);
  const { title, href } = shownEntity(suggestion);
  const tabIndex = isCurrent ? 0 : -1;
  const part = { suggestion, title, tabIndex, choosing: choosingOf(suggestion, decisions) };
  const cell = useRef<HTMLLIElement>(null);
  const { onNear } = props;
  const sayNear = useCallback(() => onNear?.(suggestion.id), [onNear, suggestion.id]);
  useNear(cell, suggestion.isBare === true, sayNear);
  return (
    <li className="stash-sense-cell" ref={cell} aria-busy={suggestion.isBare}>
      <Card
        className={`stash-sense-suggestion stash-sense-suggestion-${state}${isCurrent ? ' stash-sense-current' : ''}`}
        role="group"
        aria-label={say('suggestions.nameInTitle', { name, title })}
        tabIndex={tabIndex}
        onFocus={props.onFocus}
      >
        <input
          type="checkbox"
          className="stash-sense-tick"
          aria-label={say('suggestions.select', { name, title })}
          tabIndex={tabIndex}
          checked={isTicked}
          onChange={() => undefined}
          onClick={(event) => props.onTick(event.shiftKey)}
        />
        <Body {...part} />
        <div className="stash-sense-heading">
          <h5 className="stash-sense-name">
            <Title {...part} />
          </h5>
          {accept !== null && act !== 'settle' && (
            <Confidence confidence={confidence} isOfStashId={counted === 'stashIds'} />
          )}
        </div>
        <div className="stash-sense-entity">
          <Link to={href} title={title} tabIndex={tabIndex}>
            {title}
          </Link>
        </div>
        <div className="text-muted stash-sense-evidence">
          <Evidence {...part} />
        </div>
        {outcome?.state === 'refused' && <div className="text-warning">{say(outcome.reason)}</div>}
        {state === 'removed' && (
          <div>
            <Badge variant="warning" className="stash-sense-badge">
              <Icon icon={faCircleExclamation} /> {wasRemoved}
            </Badge>
          </div>
        )}
        <Decide suggestion={suggestion} decisions={decisions} tabIndex={tabIndex} />
        {More && <More {...part} />}
      </Card>
    </li>
  );
}
