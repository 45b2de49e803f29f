import { faHourglassHalf, faPen, faTimes } from '@fortawesome/free-solid-svg-icons';
import React from 'react';
import { Badge, Button } from 'react-bootstrap';
import { Icon } from '../stash/icon.tsx';
import { say } from '../stash/intl.tsx';
import type { AwaitedChange, Held, Place } from './use-held.ts';
import { MinorButton } from '../shared/widgets/minor-button.tsx';

/** Why what was asked for is held back, and how it can be done. */
export function HeldChoice({ held, place }: { held: Held; place: Place }): React.ReactElement | null {
  const requests = held.askedAt(place);
  const [first] = requests ?? [];
  if (requests === null || first === undefined) return null;
  const { action } = first;
  const why = say('faces.held', { action, name: first.name, count: requests.length });
  return (
    <div className="stash-sense-held" role="group" aria-label={why}>
      <div>{why}</div>
      <div className="stash-sense-actions">
        <Button variant="primary" size="sm" autoFocus onClick={held.whenSaved}>
          <Icon icon={faHourglassHalf} /> {say('faces.whenSaved', { action })}
        </Button>
        {held.canPut && action === 'add' && (
          <MinorButton onClick={held.putIntoForm}>
            <Icon icon={faPen} /> {say('faces.putIntoForm')}
          </MinorButton>
        )}
        <MinorButton onClick={held.cancel}>{say('page.cancel')}</MinorButton>
      </div>
    </div>
  );
}

type AwaitedProps = {
  readonly awaited: AwaitedChange;
  readonly name: string;
  readonly onDrop: () => void;
};

/** What will become of a performer when Stash's form is saved, and the way back. */
export function AwaitedSave({ awaited, name, onDrop }: AwaitedProps): React.ReactElement {
  return (
    <div className="stash-sense-actions">
      <Badge variant="warning" className="stash-sense-badge">
        <Icon icon={awaited === 'inForm' ? faPen : faHourglassHalf} /> {say('faces.awaited', { awaited })}
      </Badge>
      <MinorButton aria-label={say('faces.dropAwaitedNamed', { awaited, name })} onClick={onDrop}>
        <Icon icon={faTimes} /> {say('faces.dropAwaited', { awaited })}
      </MinorButton>
    </div>
  );
}
