import { faUserCheck } from '@fortawesome/free-solid-svg-icons';
import React, { useState } from 'react';
import { PerformerBoxes, PerformerFace } from '../own-page.tsx';
import { MinorButton } from '../shared/widgets/minor-button.tsx';
import { Icon } from '../stash/icon.tsx';
import { say } from '../stash/intl.tsx';
import type { Patch } from '../stash/patch.tsx';
import { FindOnBoxes } from './find-on-boxes.tsx';

type PerformerDetailsProps = { readonly performer: { readonly id: string } };

/** Below the details of a performer: their page has no tab that plugins can add to. */
export const performerDetails: Patch<PerformerDetailsProps> = {
  component: 'PerformerDetailsPanel',
  place: 'after',
  draw: ({ performer }) =>
    performer?.id === undefined ? null : (
      <>
        <FaceOf key={performer.id} id={performer.id} />
        <Boxes id={performer.id} />
      </>
    ),
};

function FaceOf({ id }: { id: string }): React.ReactElement {
  const [isOpen, setOpen] = useState(false);
  return (
    <div className="stash-sense stash-sense-performer">
      {isOpen ? (
        <>
          <h6>{say('performer.face')}</h6>
          <PerformerFace performerId={id} />
        </>
      ) : (
        <MinorButton onClick={() => setOpen(true)}>
          <Icon icon={faUserCheck} /> {say('performer.face')}
        </MinorButton>
      )}
    </div>
  );
}

function Boxes({ id }: { id: string }): React.ReactElement {
  return (
    <FindOnBoxes id={id} title={say('performer.title')}>
      <PerformerBoxes key={id} performerId={id} />
    </FindOnBoxes>
  );
}
