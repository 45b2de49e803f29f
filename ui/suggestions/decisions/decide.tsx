import { faCheck, faCircleCheck, faRotateLeft, faTimes } from '@fortawesome/free-solid-svg-icons';
import React from 'react';
import { Badge, Button } from 'react-bootstrap';
import type { SuggestionView } from '../../../core/contract/suggestions.ts';
import { MinorButton } from '../../shared/widgets/minor-button.tsx';
import { Icon } from '../../stash/icon.tsx';
import { say } from '../../stash/intl.tsx';
import { rendererOf } from '../kinds/index.ts';
import type { Choosing } from '../kinds/renderer.ts';
import { chosenWords, type Outcome } from './outcomes.ts';
import type { Decisions } from './decisions.ts';

type Props = {
  readonly suggestion: SuggestionView;
  readonly decisions: Decisions;
  readonly tabIndex: number;
};

/** What to do with a suggestion, or what was decided about it and the way back; null: nothing is left to do. */
export function Decide({ suggestion, decisions, tabIndex }: Props): React.ReactElement | null {
  const [state, outcome] = [decisions.stateOf(suggestion), decisions.outcomeOf(suggestion)];
  const isPending = decisions.pending.has(suggestion.id);
  const words = rendererOf(suggestion).words(suggestion);
  if (isGone(state, outcome)) return null;
  const accept = state === 'removed' ? words.acceptAgain : words.accept;
  if (isUndecided(suggestion, decisions))
    return (
      <div className="stash-sense-actions">
        {accept !== null && (
          <Button
            variant="primary"
            size="sm"
            disabled={isPending}
            aria-label={state === 'removed' ? words.acceptAgainNamed : words.acceptNamed}
            tabIndex={tabIndex}
            onClick={decided(() =>
              state === 'removed' ? decisions.acceptAgain(suggestion) : decisions.accept([suggestion.id]),
            )}
          >
            <Icon icon={faCheck} /> {accept}
          </Button>
        )}
        <MinorButton
          disabled={isPending}
          aria-label={words.rejectNamed}
          tabIndex={tabIndex}
          onClick={decided(() => decisions.reject([suggestion.id]))}
        >
          <Icon icon={faTimes} /> {words.reject}
        </MinorButton>
      </div>
    );
  const option = outcome?.state === 'accepted' ? outcome.option : undefined;
  const wasAccepted = chosenWords(suggestion, option) ?? words.wasAccepted;
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
        onClick={decided(() => decisions.undo(suggestion))}
      >
        <Icon icon={faRotateLeft} /> {say('page.undo')}
      </MinorButton>
    </div>
  );
}

/** Whether it can be decided now. */
export function isUndecided(
  suggestion: SuggestionView,
  { stateOf, outcomeOf }: Pick<Decisions, 'stateOf' | 'outcomeOf'>,
): boolean {
  const state = stateOf(suggestion);
  if (isGone(state, outcomeOf(suggestion))) return false;
  return state === 'open' || state === 'stale' || state === 'removed';
}

/** Whether nothing is left to decide: the last look no longer says so, or Stash no longer has it. */
function isGone(state: SuggestionView['state'], outcome: Outcome | undefined): boolean {
  return outcome?.state === 'refused' && state === 'stale';
}

/** What a part of the suggestion can choose of it; null: it is decided. */
export function choosingOf(suggestion: SuggestionView, decisions: Decisions): Choosing | null {
  if (!isUndecided(suggestion, decisions)) return null;
  const outcome = decisions.outcomeOf(suggestion);
  return {
    isPending: decisions.pending.has(suggestion.id),
    choose: (place) => decisions.choose(suggestion, place),
    ruleOut: (place) => decisions.ruleOut(suggestion, place),
    take: (option) => decisions.take(suggestion, option),
    create: async (making) => await decisions.create(suggestion, making),
    nameTaken: (outcome?.state === 'refused' && outcome.nameTaken) || null,
  };
}

/** The button goes with the press; keys and Tab go on from its card. */
function decided(work: () => void) {
  return (event: React.MouseEvent<HTMLElement>): void => {
    event.currentTarget.closest<HTMLElement>('[role="group"]')?.focus();
    work();
  };
}
