import { faCheck, faCircleCheck, faRotateLeft, faTimes } from '@fortawesome/free-solid-svg-icons';
import React from 'react';
import { Badge, Button, Card } from 'react-bootstrap';
import { Link } from 'react-router-dom';
import type { SuggestionView } from '../../core/contract/suggestions.ts';
import { Confidence } from '../shared/widgets/confidence.tsx';
import { Face } from '../shared/widgets/face.tsx';
import { clock, isWorthSaying, percent, sourceName, entityName } from '../shared/words.ts';
import { Icon } from '../stash/icon.tsx';
import { facesAddress } from '../stash/navigation.ts';
import type { Outcome } from './use-suggestions.ts';
import { say, SLOT, around } from '../stash/intl.tsx';

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
  readonly onFocus: () => void;
};

/** A face that was seen beside the picture it fits, and where. */
export function SuggestionCard(props: Props): React.ReactElement {
  const { suggestion, state, outcome, isTicked, isCurrent } = props;
  const { performerId, performerName, entity, entityTitle, confidence, crop, reference, href } = suggestion;
  const title = entityTitle === '' ? entityName(entity) : entityTitle;
  const at = crop?.timeMs ?? null;
  const tabIndex = isCurrent ? 0 : -1;
  return (
    <li className="stash-sense-cell">
      <Card
        className={`stash-sense-suggestion stash-sense-suggestion-${state}${isCurrent ? ' stash-sense-current' : ''}`}
        role="group"
        aria-label={say('suggestions.nameInTitle', { name: performerName, title })}
        tabIndex={tabIndex}
        onFocus={props.onFocus}
      >
        <input
          type="checkbox"
          className="stash-sense-tick"
          aria-label={say('suggestions.select', { name: performerName, title })}
          tabIndex={tabIndex}
          checked={isTicked}
          onChange={() => undefined}
          onClick={(event) => props.onTick(event.shiftKey)}
        />
        <div className="stash-sense-pair">
          <figure>
            <Face
              url={crop?.url ?? null}
              label={
                at === null
                  ? say('suggestions.faceSeen', { title })
                  : say('suggestions.faceSeenAt', { time: clock(at), title })
              }
              size="large"
            />
            <figcaption className="text-muted">
              {at === null
                ? say('suggestions.seen')
                : around(
                    say('suggestions.seenAt', { time: SLOT }),
                    <Moment entity={entity} timeMs={at} tabIndex={tabIndex} />,
                  )}
            </figcaption>
          </figure>
          <figure>
            <Face
              url={reference?.url ?? null}
              label={say('faces.pictureOf', { name: performerName })}
              size="large"
            />
            <figcaption className="text-muted">
              {reference ? sourceName(reference.source) : say('page.noPicture')}
            </figcaption>
          </figure>
        </div>
        <div className="stash-sense-heading">
          <h5 className="stash-sense-name">
            <Link to={`/performers/${performerId}`} tabIndex={tabIndex}>
              {performerName}
            </Link>
          </h5>
          <Confidence confidence={confidence} />
        </div>
        <div className="stash-sense-entity">
          <Link to={href.startsWith('/') ? href : facesAddress(entity)} title={title} tabIndex={tabIndex}>
            {title}
          </Link>
        </div>
        <div className="text-muted stash-sense-evidence">
          <Evidence suggestion={suggestion} tabIndex={tabIndex} />
          {entity.kind !== 'scene' && (
            <>
              {' · '}
              <Link to={facesAddress(entity)} tabIndex={tabIndex}>
                {say('suggestions.allFaces')}
              </Link>
            </>
          )}
        </div>
        {outcome?.state === 'refused' && <div className="text-warning">{say(outcome.reason)}</div>}
        <Decide {...props} tabIndex={tabIndex} />
      </Card>
    </li>
  );
}

const TIMES_SHOWN = 3;

function Evidence({
  suggestion: { entity, evidence },
  tabIndex,
}: {
  suggestion: SuggestionView;
  tabIndex: number;
}): React.ReactElement {
  const { faceCount, timesMs, alternatives } = evidence;
  const rival = alternatives.find(({ confidence }) => isWorthSaying(confidence));
  return (
    <>
      {say('faces.faces', { count: faceCount })}
      {timesMs.slice(0, TIMES_SHOWN).map((timeMs) => (
        <React.Fragment key={timeMs}>
          {', '}
          <Moment entity={entity} timeMs={timeMs} tabIndex={tabIndex} />
        </React.Fragment>
      ))}
      {rival && say('suggestions.orRival', { name: rival.name, confidence: percent(rival.confidence) })}
    </>
  );
}

/** Stash's page of a scene begins at that second; an image that is a clip has no such address. */
function Moment({
  entity: { kind, id },
  timeMs,
  tabIndex,
}: {
  entity: SuggestionView['entity'];
  timeMs: number;
  tabIndex: number;
}): React.ReactElement {
  if (kind !== 'scene') return <>{clock(timeMs)}</>;
  return (
    <Link to={`/scenes/${id}?t=${timeMs / 1000}`} tabIndex={tabIndex}>
      {clock(timeMs)}
    </Link>
  );
}

function Decide({
  suggestion,
  state,
  isPending,
  tabIndex,
  onAccept,
  onReject,
  onUndo,
}: Props & { readonly tabIndex: number }): React.ReactElement {
  const { performerName } = suggestion;
  if (state === 'open' || state === 'stale')
    return (
      <div className="stash-sense-actions">
        <Button
          variant="primary"
          size="sm"
          disabled={isPending}
          aria-label={say('suggestions.addNamed', { name: performerName })}
          tabIndex={tabIndex}
          onClick={decided(onAccept)}
        >
          <Icon icon={faCheck} /> {say('page.add')}
        </Button>
        <Button
          variant="secondary"
          size="sm"
          disabled={isPending}
          aria-label={say('faces.notThisPersonNamed', { name: performerName })}
          tabIndex={tabIndex}
          onClick={decided(onReject)}
        >
          <Icon icon={faTimes} /> {say('faces.notThisPerson')}
        </Button>
      </div>
    );
  return (
    <div className="stash-sense-actions">
      <Badge variant={state === 'accepted' ? 'success' : 'secondary'} className="stash-sense-badge">
        <Icon icon={state === 'accepted' ? faCircleCheck : faTimes} />{' '}
        {state === 'accepted' ? say('faces.wasAdded') : say('suggestions.notThisPerson')}
      </Badge>
      <Button
        variant="secondary"
        size="sm"
        disabled={isPending}
        aria-label={say('page.undoNamed', { name: performerName })}
        tabIndex={tabIndex}
        onClick={decided(onUndo)}
      >
        <Icon icon={faRotateLeft} /> {say('page.undo')}
      </Button>
    </div>
  );
}

/** The button goes with the press; keys and Tab go on from its card. */
function decided(work: () => void) {
  return (event: React.MouseEvent<HTMLElement>): void => {
    event.currentTarget.closest<HTMLElement>('[role="group"]')?.focus();
    work();
  };
}
