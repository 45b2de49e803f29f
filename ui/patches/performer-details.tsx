import React from 'react';
import { PerformerBoxes } from '../own-page.tsx';
import { say } from '../stash/intl.tsx';
import type { Patch } from '../stash/patch.tsx';
import { FindOnBoxes } from './find-on-boxes.tsx';

type PerformerDetailsProps = { readonly performer: { readonly id: string } };

/** Below the details of a performer: their page has no tab that plugins can add to. */
export const performerDetails: Patch<PerformerDetailsProps> = {
  component: 'PerformerDetailsPanel',
  place: 'after',
  draw: ({ performer }) => (performer?.id === undefined ? null : <Boxes id={performer.id} />),
};

function Boxes({ id }: { id: string }): React.ReactElement {
  return (
    <FindOnBoxes id={id} title={say('performer.title')}>
      <PerformerBoxes key={id} performerId={id} />
    </FindOnBoxes>
  );
}
