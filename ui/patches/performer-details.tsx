import { faUserCheck } from '@fortawesome/free-solid-svg-icons';
import React from 'react';
import { PerformerBoxes, PerformerFace } from '../own-page.tsx';
import { say } from '../stash/intl.tsx';
import type { Patch } from '../stash/patch.tsx';
import { FindOnBoxes } from './find-on-boxes.tsx';
import { OpenedPart } from './opened-part.tsx';

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
  return (
    <OpenedPart id={id} className="stash-sense-performer" icon={faUserCheck} title={say('performer.face')}>
      <PerformerFace performerId={id} />
    </OpenedPart>
  );
}

function Boxes({ id }: { id: string }): React.ReactElement {
  return (
    <FindOnBoxes id={id} title={say('performer.title')}>
      <PerformerBoxes key={id} performerId={id} />
    </FindOnBoxes>
  );
}
