import { faCheck } from '@fortawesome/free-solid-svg-icons';
import React, { useState } from 'react';
import { Button, Form } from 'react-bootstrap';
import { Link } from 'react-router-dom';
import type { NameTakenView } from '../../../core/contract/suggestions.ts';
import { Icon } from '../../stash/icon.tsx';
import { say } from '../../stash/intl.tsx';
import type { PackAnswer } from './choose-performer.tsx';
import { StashIdTick } from './stash-id-tick.tsx';
import { MinorButton } from '../widgets/minor-button.tsx';

type Props = {
  readonly taken: NameTakenView;
  readonly isPending: boolean;
  /** Whether a stash-box knows who was to be made, so that whoever is chosen can get the stash ID. */
  readonly isOfBox?: boolean;
  readonly onChoose: (answer: PackAnswer) => void;
};

/** Somebody has the name already: whether it is them, where the user has not said so yet, or with which disambiguation another one is made. */
export function NameTaken({ taken, isPending, isOfBox = true, onChoose }: Props): React.ReactElement {
  const { name, performers } = taken;
  const [text, setText] = useState(taken.disambiguation);
  const [addStashId, setAddStashId] = useState(true);
  const disambiguation = text.trim();
  return (
    <div className="stash-sense-choose" role="group" aria-label={say('packPeople.nameTaken', { name })}>
      <ul className="list-unstyled">
        {performers.map(({ performerId, name: shown }) => (
          <li key={performerId}>
            <Link to={`/performers/${performerId}`}>{shown}</Link>{' '}
            <Button
              variant="primary"
              size="sm"
              disabled={isPending}
              aria-label={say('packPeople.isThemNamed', { name: shown })}
              onClick={() => onChoose({ choices: { performerId, addStashId }, performerId, name: shown })}
            >
              <Icon icon={faCheck} /> {say('packPeople.isThem')}
            </Button>
          </li>
        ))}
      </ul>
      {isOfBox && performers.length > 0 && <StashIdTick isTicked={addStashId} onChange={setAddStashId} />}
      <Form
        onSubmit={(event) => {
          event.preventDefault();
          if (disambiguation !== '')
            onChoose({ choices: { disambiguation }, performerId: null, name: `${name} (${disambiguation})` });
        }}
      >
        <Form.Control
          size="sm"
          className="text-input"
          placeholder={say('packPeople.disambiguation')}
          aria-label={say('packPeople.disambiguation')}
          maxLength={200}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <MinorButton type="submit" disabled={isPending || disambiguation === ''}>
          {say('packPeople.createAnother')}
        </MinorButton>
      </Form>
    </div>
  );
}
