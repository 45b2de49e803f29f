import React, { useState } from 'react';
import { Button } from 'react-bootstrap';
import type { PersonView } from '../../../core/contract/faces.ts';
import { say } from '../../stash/intl.tsx';

/**
Of the persons of an entity those who are not hidden, all of them once they are asked for, and the line that says how many are.
*/
export function useHiddenHere(persons: readonly PersonView[]): {
  readonly shown: readonly PersonView[];
  /** One face alone is nobody's and not hidden. */
  readonly isOnly: boolean;
  readonly line: React.ReactElement | null;
} {
  const [areShown, setShown] = useState(false);
  const ofInterest = persons.filter(({ hiddenId }) => hiddenId === undefined);
  const count = persons.length - ofInterest.length;
  const line =
    count === 0 ? null : (
      <div className="text-muted">
        {say('naming.hiddenHere', { count })}{' '}
        <Button
          variant="link"
          className="stash-sense-inline"
          aria-expanded={areShown}
          onClick={() => setShown(!areShown)}
        >
          {say(areShown ? 'naming.hideThem' : 'naming.showThem')}
        </Button>
      </div>
    );
  const isOnly = ofInterest.filter(({ decision }) => decision !== 'match').length === 1;
  return { shown: areShown ? persons : ofInterest, isOnly, line };
}
