import { faCheck } from '@fortawesome/free-solid-svg-icons';
import React from 'react';
import { Badge, Button } from 'react-bootstrap';
import { NotThisPerson } from '../../shared/widgets/decision-buttons.tsx';
import { percent } from '../../shared/words.ts';
import { Icon } from '../../stash/icon.tsx';
import { say } from '../../stash/intl.tsx';
import type { Choosing } from './renderer.ts';

type Props = {
  readonly picture: React.ReactElement;
  readonly title: React.ReactElement;
  /** For screen readers. */
  readonly name: string;
  /** Null: there is nothing to measure it by. */
  readonly confidence: number | null;
  readonly isChosen: boolean;
  readonly place: number;
  readonly accept: { readonly words: string; readonly named: string };
  /** False: the card's own "no" is that of the only one. */
  readonly canRuleOut: boolean;
  readonly tabIndex: number;
  readonly choosing: Choosing | null;
};

/** One of those who can be chosen, with the buttons to choose and to rule out. */
export function OptionRow(props: Props): React.ReactElement {
  const { picture, title, name, confidence, isChosen, place, accept, canRuleOut, tabIndex, choosing } = props;
  return (
    <li className="stash-sense-option">
      {picture}
      <div className="stash-sense-candidate-text">
        {title}
        <span className="text-muted">
          {confidence !== null && percent(confidence)}
          {isChosen && (
            <>
              {' '}
              <Badge variant="success">{say('faces.wasAdded')}</Badge>
            </>
          )}
        </span>
      </div>
      {choosing && (
        <span className="stash-sense-actions">
          <Button
            variant="primary"
            size="sm"
            disabled={choosing.isPending}
            title={say('suggestions.chooseHint', { key: place + 1 })}
            aria-label={accept.named}
            tabIndex={tabIndex}
            onClick={() => choosing.choose(place)}
          >
            <Icon icon={faCheck} /> {accept.words}
          </Button>
          {canRuleOut && (
            <NotThisPerson
              name={name}
              isPending={choosing.isPending}
              tabIndex={tabIndex}
              onClick={() => choosing.ruleOut(place)}
            />
          )}
        </span>
      )}
    </li>
  );
}
