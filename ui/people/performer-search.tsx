import React, { useState } from 'react';
import { Button, Form } from 'react-bootstrap';
import { Link } from 'react-router-dom';
import { useLookUp } from '../shared/hooks/use-look-up.ts';
import { Face } from '../shared/widgets/face.tsx';
import { Notice } from '../shared/widgets/notice.tsx';
import { findPerformers, type FoundPerformer } from '../stash/library.ts';
import { PAGE } from '../stash/navigation.ts';
import { say } from '../stash/intl.tsx';
import { References } from './references.tsx';

/** Finds a performer by name, and shows the references. */
export function PerformerSearch({ onChanged }: { onChanged: () => void }): React.ReactElement {
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState<FoundPerformer | null>(null);
  const { found: performers, problem } = useLookUp(text.trim(), findPerformers);
  return (
    <section className="stash-sense-search">
      <Form.Control
        type="search"
        className="text-input"
        placeholder={say('people.lookUp')}
        aria-label={say('people.lookUp')}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      {problem !== null && <Notice variant="danger">{problem}</Notice>}
      {performers?.length === 0 && <p className="text-muted">{say('people.noPerformerOfName')}</p>}
      {performers !== null && performers.length > 0 && (
        <ul className="stash-sense-found list-unstyled">
          {performers.map((performer) => (
            <li key={performer.id}>
              <Button
                variant="secondary"
                active={performer.id === chosen?.id}
                onClick={() => setChosen(performer)}
              >
                <Face url={performer.image_path} label="" size="small" />
                {performer.name}
                {performer.disambiguation && (
                  <span className="text-muted"> ({performer.disambiguation})</span>
                )}
              </Button>
            </li>
          ))}
        </ul>
      )}
      {chosen !== null && <Chosen key={chosen.id} performer={chosen} onChanged={onChanged} />}
    </section>
  );
}

function Chosen({
  performer,
  onChanged,
}: {
  performer: FoundPerformer;
  onChanged: () => void;
}): React.ReactElement {
  const { id, name } = performer;
  return (
    <div className="stash-sense-known-by">
      <h5>
        <Link to={`/performers/${id}`}>{name}</Link>{' '}
        <Link className="stash-sense-aside" to={`${PAGE}?performer=${id}`}>
          {say('people.suggestions')}
        </Link>
      </h5>
      <References performer={performer} onChanged={onChanged} />
    </div>
  );
}
