import { faCheck, faUser } from '@fortawesome/free-solid-svg-icons';
import React from 'react';
import { Alert, Button, Spinner } from 'react-bootstrap';
import { Link } from 'react-router-dom';
import { Face } from '../../shared/widgets/face.tsx';
import { MinorButton } from '../../shared/widgets/minor-button.tsx';
import { Icon } from '../../stash/icon.tsx';
import { say } from '../../stash/intl.tsx';
import type { Naming } from './use-naming.ts';

/** After somebody was named: where else the same face was seen, to be added there at once. */
export function SeenElsewhere({ naming }: { naming: Naming }): React.ReactElement | null {
  const { named } = naming;
  if (named === null) return null;
  const { name, elsewhere, hasNoPicture, personKey } = named;
  const isPending = naming.pending.has(personKey);
  const shown = elsewhere?.items.length ?? 0;
  if (elsewhere !== null && shown === 0 && !hasNoPicture) return null;
  return (
    <Alert variant="info" className="stash-sense-notice stash-sense-elsewhere">
      {elsewhere === null ? (
        <div role="status">
          <Spinner as="span" animation="border" size="sm" /> {say('naming.isLooking', { name })}
        </div>
      ) : (
        <>
          <div>{say('naming.seenElsewhere', { name, count: elsewhere.total })}</div>
          {shown > 0 && (
            <ul className="list-unstyled stash-sense-elsewhere-faces">
              {elsewhere.items.map(({ entity, title, href, crop }) => (
                <li key={`${entity.kind} ${entity.id}`}>
                  <Link to={href} title={title}>
                    <Face url={crop} label={say('naming.faceIn', { title })} size="small" />
                  </Link>
                </li>
              ))}
            </ul>
          )}
        </>
      )}
      <div className="stash-sense-actions">
        {shown > 0 && (
          <Button variant="primary" size="sm" disabled={isPending} onClick={naming.nameElsewhere}>
            <Icon icon={faCheck} /> {say('naming.addToAll', { name, count: shown })}
          </Button>
        )}
        {hasNoPicture && (
          <MinorButton disabled={isPending} onClick={naming.usePicture}>
            <Icon icon={faUser} /> {say('naming.usePicture', { name })}
          </MinorButton>
        )}
        <MinorButton onClick={naming.close}>{say('page.close')}</MinorButton>
      </div>
    </Alert>
  );
}
