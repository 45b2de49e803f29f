import React from 'react';
import { Badge } from 'react-bootstrap';
import { Link } from 'react-router-dom';
import { shownName } from '../../core/people/shown-name.ts';
import { Found } from '../boxes/found.tsx';
import { BoxLinks } from '../shared/pack-people/box-link.tsx';
import { useBoxName } from '../shared/pack-people/box-names.ts';
import { Face } from '../shared/widgets/face.tsx';
import { ago } from '../shared/words.ts';
import { say } from '../stash/intl.tsx';
import type { Decisions } from '../suggestions/decisions/decisions.ts';
import type { Row } from './rows.ts';

type Props = {
  readonly row: Row;
  readonly decisions: Decisions;
  /** Null: there is nothing to decide about. */
  readonly isTicked: boolean | null;
  /** The one the keys work on; the only one Tab stops at. */
  readonly isCurrent: boolean;
  readonly onTick: (withRange: boolean) => void;
  readonly onFocus: () => void;
};

/** A performer: the ids they have, the stash-boxes that are missing, and who they may be there. */
export function PerformerRow(props: Props): React.ReactElement {
  const { row, decisions, isTicked, isCurrent } = props;
  const { links, stashIds, missing, over } = row;
  const { performerId, suggestions } = links;
  const name = shownName(links);
  const boxName = useBoxName();
  const tabIndex = isCurrent ? 0 : -1;
  return (
    <li>
      <div
        className={`card stash-sense-links${isCurrent ? ' stash-sense-current' : ''}`}
        role="group"
        aria-label={name}
        tabIndex={tabIndex}
        onFocus={props.onFocus}
      >
        <div className="stash-sense-links-head">
          {isTicked !== null && (
            <input
              type="checkbox"
              aria-label={say('stashIds.select', { name })}
              tabIndex={tabIndex}
              checked={isTicked}
              onChange={() => undefined}
              onClick={(event) => props.onTick(event.shiftKey)}
            />
          )}
          {suggestions.length === 0 && (
            <Face
              url={`/performer/${performerId}/image`}
              label={say('faces.pictureOf', { name })}
              size="medium"
            />
          )}
          <div className="stash-sense-links-who">
            <h5 className="stash-sense-name">
              <Link to={`/performers/${performerId}`} tabIndex={tabIndex}>
                {name}
              </Link>
            </h5>
            <BoxLinks stashIds={stashIds} name={name} tabIndex={tabIndex} />
            {missing.map(({ endpoint, lookedUpAt, isWaiting }) => (
              <Badge key={endpoint} variant="secondary" className="stash-sense-badge">
                {say('stashIds.missing', {
                  state: isWaiting ? 'waiting' : lookedUpAt === null ? 'never' : 'looked',
                  box: boxName(endpoint),
                  time: lookedUpAt === null ? '' : ago(lookedUpAt),
                })}
              </Badge>
            ))}
            {suggestions.length === 0 && (
              <span className="text-muted">{say('stashIds.nothingSuggested')}</span>
            )}
          </div>
        </div>
        {suggestions.length > 0 && (
          <ul className="list-unstyled stash-sense-links-found">
            {suggestions.map((suggestion) => {
              const endpoint = over.get(suggestion.id);
              return (
                <Found
                  key={suggestion.id}
                  suggestion={suggestion}
                  title={name}
                  decisions={decisions}
                  tabIndex={tabIndex}
                  instead={
                    endpoint === undefined ? null : say('stashIds.instead', { name, box: boxName(endpoint) })
                  }
                />
              );
            })}
          </ul>
        )}
      </div>
    </li>
  );
}

/** Whether what a stash-box knows of somebody is open, to be ticked. */
export function isComparing(rows: HTMLElement | null): boolean {
  return rows?.querySelector('.stash-sense-offers') != null;
}
