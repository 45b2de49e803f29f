import { faCheck, faCircleExclamation } from '@fortawesome/free-solid-svg-icons';
import React from 'react';
import { Badge, Button } from 'react-bootstrap';
import { Link } from 'react-router-dom';
import type { CandidateView, PersonView } from '../../core/contract/faces.ts';
import { BoxLinks } from '../shared/pack-people/box-link.tsx';
import { PackFace } from '../shared/pack-people/pack-face.tsx';
import { Confidence, ExpectedHere } from '../shared/widgets/confidence.tsx';
import { NotThisPerson, UndoDecision } from '../shared/widgets/decision-buttons.tsx';
import { Face } from '../shared/widgets/face.tsx';
import { Icon } from '../stash/icon.tsx';
import type { EntityRef } from '../stash/library.ts';
import { AwaitedSave } from './held.tsx';
import { PackActions } from './pack/pack-actions.tsx';
import type { PackDecisions } from './pack/use-pack-decisions.ts';
import type { Decisions } from './use-decisions.ts';
import type { Held } from './use-held.ts';
import { say } from '../stash/intl.tsx';

type Props = {
  readonly entity: EntityRef;
  readonly person: PersonView;
  readonly candidate: CandidateView;
  readonly decisions: Decisions;
  readonly packDecisions: PackDecisions;
  readonly held: Held;
  /** The card of another person names this performer, and has the way back. */
  readonly isElsewhere: boolean;
};

/** One candidate of an ambiguous person, with the buttons to decide. */
export function CandidateRow(props: Props): React.ReactElement {
  const { entity, person, candidate, decisions, packDecisions, held, isElsewhere } = props;
  const { performerId, name, confidence, reference, pack, expected } = candidate;
  const journalId = isElsewhere ? undefined : candidate.journalId;
  const isPending = decisions.pending.has(person.key);
  const isRejected = candidate.rejected === true;
  const awaited = held.awaitedOf(candidate);
  return (
    <li className={`stash-sense-candidate${isRejected ? ' stash-sense-candidate-rejected' : ''}`}>
      {pack === undefined ? (
        <Face url={reference?.url ?? null} label={say('faces.pictureOf', { name })} size="small" />
      ) : (
        <PackFace personId={pack.personId} name={name} size="small" />
      )}
      <div className="stash-sense-candidate-text">
        <span className="stash-sense-name">
          {performerId === null ? name : <Link to={`/performers/${performerId}`}>{name}</Link>}
          {pack !== undefined && (
            <>
              {' '}
              <BoxLinks stashIds={pack.stashIds} joins={pack.joins} name={name} />
            </>
          )}
        </span>
        <Confidence confidence={confidence} isRival={candidate.isUnlikely !== true} />
        <ExpectedHere expected={expected} />
      </div>
      {performerId === null && pack !== undefined && (
        <PackActions person={person} candidate={candidate} decisions={packDecisions} />
      )}
      {performerId !== null && (
        <div className="stash-sense-actions">
          {awaited !== null ? (
            <AwaitedSave awaited={awaited} name={name} onDrop={() => held.drop(performerId)} />
          ) : candidate.present === true ? (
            <>
              <Badge variant="success">
                {journalId === undefined
                  ? say('faces.isOnEntity', { kind: entity.kind })
                  : say('faces.wasAdded')}
              </Badge>
              {journalId !== undefined && (
                <UndoDecision
                  named={say('faces.undoAdded', { name, kind: entity.kind })}
                  isPending={isPending}
                  onClick={() => decisions.undoCandidate(person, candidate)}
                />
              )}
            </>
          ) : isRejected ? (
            <UndoDecision
              named={say('faces.undoRejected', { name })}
              isPending={isPending}
              onClick={() => decisions.rejectCandidate(person, candidate, true)}
            />
          ) : (
            <>
              {candidate.removed === true && <WasTakenOff />}
              <Button
                variant="primary"
                size="sm"
                disabled={isPending}
                aria-label={say(candidate.removed === true ? 'faces.addToEntityAgain' : 'faces.addToEntity', {
                  name,
                  kind: entity.kind,
                })}
                onClick={() => decisions.addCandidate(person, candidate)}
              >
                <Icon icon={faCheck} /> {say(candidate.removed === true ? 'page.addAgain' : 'page.add')}
              </Button>
              <NotThisPerson
                name={name}
                isPending={isPending}
                onClick={() => decisions.rejectCandidate(person, candidate, false)}
              />
            </>
          )}
        </div>
      )}
    </li>
  );
}

function WasTakenOff(): React.ReactElement {
  return (
    <Badge variant="warning" className="stash-sense-badge">
      <Icon icon={faCircleExclamation} /> {say('faces.wasTakenOff')}
    </Badge>
  );
}
