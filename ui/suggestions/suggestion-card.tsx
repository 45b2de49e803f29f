import {
  faCheck,
  faCircleCheck,
  faCircleExclamation,
  faRotateLeft,
  faTimes,
} from '@fortawesome/free-solid-svg-icons';
import React from 'react';
import { Badge, Button, Card } from 'react-bootstrap';
import { Link } from 'react-router-dom';
import type { SuggestionView } from '../../core/contract/suggestions.ts';
import type { SuggestionOption } from '../../core/suggestions/kinds/define.ts';
import { Confidence } from '../shared/widgets/confidence.tsx';
import { entityName } from '../shared/words.ts';
import { Icon } from '../stash/icon.tsx';
import { facesAddress } from '../stash/navigation.ts';
import { rendererOf } from './kinds/index.ts';
import type { Outcome } from './decisions/outcomes.ts';
import { say } from '../stash/intl.tsx';
import { MinorButton } from '../shared/widgets/minor-button.tsx';

type Props = {
  readonly suggestion: SuggestionView;
  readonly state: SuggestionView['state'];
  readonly outcome: Outcome | undefined;
  readonly isPending: boolean;
  readonly isTicked: boolean;
  /** The one the keys work on; the only one Tab stops at. */
  readonly isCurrent: boolean;
  readonly onTick: (withRange: boolean) => void;
  readonly onAccept: () => void;
  readonly onReject: () => void;
  readonly onUndo: () => void;
  /** With one of its options, by their place. */
  readonly onChoose: (place: number) => void;
  readonly onRuleOut: (place: number) => void;
  readonly onTake: (option: SuggestionOption) => void;
  readonly onFocus: () => void;
};

/** One suggestion: what its kind shows of it, where it was found, and what to do with it. */
export function SuggestionCard(props: Props): React.ReactElement {
  const { suggestion, state, outcome, isTicked, isCurrent } = props;
  const { entity, entityTitle, confidence, href } = suggestion;
  const { Body, Title, Evidence, More, words } = rendererOf(suggestion);
  const { name } = words(suggestion);
  const title = entityTitle === '' ? entityName(entity) : entityTitle;
  const tabIndex = isCurrent ? 0 : -1;
  const choosing = isUndecided(state, outcome)
    ? {
        isPending: props.isPending,
        choose: props.onChoose,
        ruleOut: props.onRuleOut,
        take: props.onTake,
        nameTaken: (outcome?.state === 'refused' && outcome.nameTaken) || null,
      }
    : null;
  const part = { suggestion, title, tabIndex, choosing };
  return (
    <li className="stash-sense-cell">
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
          {words(suggestion).accept !== null && <Confidence confidence={confidence} />}
        </div>
        <div className="stash-sense-entity">
          <Link to={href.startsWith('/') ? href : facesAddress(entity)} title={title} tabIndex={tabIndex}>
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
              <Icon icon={faCircleExclamation} /> {rendererOf(suggestion).words(suggestion).wasRemoved}
            </Badge>
          </div>
        )}
        <Decide {...props} tabIndex={tabIndex} />
        {More && <More {...part} />}
      </Card>
    </li>
  );
}

function isUndecided(state: Props['state'], outcome: Props['outcome']): boolean {
  // Nothing is left to decide: the last look no longer says so, or Stash no longer has it.
  if (outcome?.state === 'refused' && state === 'stale') return false;
  return state === 'open' || state === 'stale' || state === 'removed';
}

function Decide({
  suggestion,
  state,
  outcome,
  isPending,
  tabIndex,
  onAccept,
  onReject,
  onUndo,
}: Props & { readonly tabIndex: number }): React.ReactElement | null {
  const words = rendererOf(suggestion).words(suggestion);
  if (outcome?.state === 'refused' && state === 'stale') return null;
  const accept = state === 'removed' ? words.acceptAgain : words.accept;
  if (isUndecided(state, outcome))
    return (
      <div className="stash-sense-actions">
        {accept !== null && (
          <Button
            variant="primary"
            size="sm"
            disabled={isPending}
            aria-label={state === 'removed' ? words.acceptAgainNamed : words.acceptNamed}
            tabIndex={tabIndex}
            onClick={decided(onAccept)}
          >
            <Icon icon={faCheck} /> {accept}
          </Button>
        )}
        <MinorButton
          disabled={isPending}
          aria-label={words.rejectNamed}
          tabIndex={tabIndex}
          onClick={decided(onReject)}
        >
          <Icon icon={faTimes} /> {words.reject}
        </MinorButton>
      </div>
    );
  const option = outcome?.state === 'accepted' ? outcome.option : undefined;
  const wasAccepted =
    option && rendererOf(suggestion).act === 'add'
      ? say('suggestions.addedNamed', { name: option.name })
      : words.wasAccepted;
  return (
    <div className="stash-sense-actions">
      <Badge variant={state === 'accepted' ? 'success' : 'secondary'} className="stash-sense-badge">
        <Icon icon={state === 'accepted' ? faCircleCheck : faTimes} />{' '}
        {state === 'accepted' ? wasAccepted : words.wasRejected}
      </Badge>
      <MinorButton
        disabled={isPending}
        aria-label={say('page.undoNamed', { name: words.name })}
        tabIndex={tabIndex}
        onClick={decided(onUndo)}
      >
        <Icon icon={faRotateLeft} /> {say('page.undo')}
      </MinorButton>
    </div>
  );
}

/** The button goes with the press; keys and Tab go on from its card. */
export function decided(work: () => void) {
  return (event: React.MouseEvent<HTMLElement>): void => {
    event.currentTarget.closest<HTMLElement>('[role="group"]')?.focus();
    work();
  };
}
