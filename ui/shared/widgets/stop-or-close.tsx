import React from 'react';
import { Button } from 'react-bootstrap';
import { say } from '../../stash/intl.tsx';
import type { Stoppable } from '../hooks/use-stoppable.ts';

/** Stops the work of a dialog; where none is under way, closes the dialog. */
export function StopOrClose({ work }: { work: Stoppable }): React.ReactElement {
  if (work.done !== null)
    return (
      <Button variant="danger" onClick={work.stop}>
        {say('page.stop')}
      </Button>
    );
  return (
    <Button variant="secondary" onClick={work.close}>
      {work.hasChanged ? say('page.close') : say('page.cancel')}
    </Button>
  );
}
