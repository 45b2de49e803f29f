import { faCheck } from '@fortawesome/free-solid-svg-icons';
import React, { useState } from 'react';
import { Button } from 'react-bootstrap';
import type { CandidateView, PersonView } from '../../../core/contract/faces.ts';
import type { NameTakenView } from '../../../core/contract/suggestions.ts';
import { AddAs, type PackAnswer } from '../../shared/pack-people/choose-performer.tsx';
import { NameTaken } from '../../shared/pack-people/name-taken.tsx';
import { NotThisPerson, UndoDecision } from '../../shared/widgets/decision-buttons.tsx';
import { Icon } from '../../stash/icon.tsx';
import { say } from '../../stash/intl.tsx';
import type { PackDecisions } from './use-pack-decisions.ts';

type Props = {
  readonly person: PersonView;
  /** Somebody of a reference pack for whom nobody was made or chosen here. */
  readonly candidate: CandidateView;
  readonly decisions: PackDecisions;
};

/** What can be done with somebody of a reference pack: made a performer and added, added as somebody, refused. */
export function PackActions({ person, candidate, decisions }: Props): React.ReactElement {
  const [taken, setTaken] = useState<NameTakenView | null>(null);
  const { name } = candidate;
  const isPending = decisions.pending.has(person.key);
  const add = (answer: PackAnswer): void => void decisions.add(person, candidate, answer).then(setTaken);
  if (candidate.rejected === true)
    return (
      <div className="stash-sense-actions">
        <UndoDecision
          named={say('faces.undoRejected', { name })}
          isPending={isPending}
          onClick={() => decisions.reject(person, candidate, true)}
        />
      </div>
    );
  return (
    <>
      <div className="stash-sense-actions">
        <Button
          variant="primary"
          size="sm"
          disabled={isPending}
          aria-label={
            candidate.removed === true
              ? say('suggestions.addAgainNamed', { name })
              : say('packPeople.createNamed', { name })
          }
          onClick={() => add({ choices: {}, performerId: null, name })}
        >
          <Icon icon={faCheck} />{' '}
          {candidate.removed === true ? say('page.addAgain') : say('packPeople.create')}
        </Button>
        <NotThisPerson
          name={name}
          isPending={isPending}
          onClick={() => decisions.reject(person, candidate, false)}
        />
        {taken === null && <AddAs name={name} isPending={isPending} onChoose={add} />}
      </div>
      {taken !== null && <NameTaken taken={taken} isPending={isPending} onChoose={add} />}
    </>
  );
}
