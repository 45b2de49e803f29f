import React, { useState } from 'react';
import { Form } from 'react-bootstrap';
import { useAnswer } from '../shared/hooks/use-answer.ts';
import { Notice } from '../shared/widgets/notice.tsx';
import { say } from '../stash/intl.tsx';

const SHOWN = 50;

/** What became of the pictures of the people of a pack that was built here, those without a usable one first asked for. */
export function Learnt({ packId }: { packId: string }): React.ReactElement | null {
  const [name, setName] = useState('');
  const [without, setWithout] = useState(true);
  const { answer, problem } = useAnswer('referencePacks.learnt', { packId, name, without, limit: SHOWN });
  if (problem !== null) return <Notice variant="danger">{problem}</Notice>;
  if (answer === null) return null;
  if (answer.people === 0) return <p className="text-muted">{say('referencePacks.notBuiltHere')}</p>;
  return (
    <div className="stash-sense-choose">
      <p>{say('referencePacks.usable', { usable: answer.usable, people: answer.people })}</p>
      <Form.Control
        type="search"
        size="sm"
        className="text-input"
        placeholder={say('referencePacks.findPerson')}
        aria-label={say('referencePacks.findPerson')}
        value={name}
        onChange={(event) => setName(event.target.value.slice(0, 200))}
      />
      <label>
        <input type="checkbox" checked={without} onChange={(event) => setWithout(event.target.checked)} />{' '}
        {say('referencePacks.onlyWithout')}
      </label>
      <ul className="list-unstyled">
        {answer.items.map(({ stashId, name: shown, isLookedAt, pictures }) => (
          <li key={stashId}>
            <strong>{shown}</strong>{' '}
            <span className="text-muted">
              {isLookedAt
                ? pictures.map(({ said }) => say(said)).join(', ') || say('page.noPicture')
                : say('referencePacks.notLookedAt')}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
