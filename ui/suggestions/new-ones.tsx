import React, { useEffect, useRef, useState } from 'react';
import { Button } from 'react-bootstrap';
import { useStatus } from '../shared/hooks/use-status.ts';
import { say } from '../stash/intl.tsx';

/**
How many suggestions a run has found since the list of all of them was read, with a button that shows them. It lies over the
page, so that nothing moves that is being read.
*/
export function NewOnes({
  expected,
  onShow,
}: {
  /** How many the list would have by now: without those that were decided on this page. */
  expected: number;
  onShow: () => void;
}): React.ReactElement | null {
  const { answer: status } = useStatus();
  const [count, setCount] = useState(0);
  const isFirst = useRef(true);
  /** The most since the last answer of the status, which may not know yet of what was decided meanwhile. */
  const most = useRef(expected);

  useEffect(() => {
    most.current = Math.max(most.current, expected);
  }, [expected]);

  // The status is asked again only for a run. The first answer is as old as the list.
  useEffect(() => {
    if (status === null) return;
    const { open, removed } = status.suggestions;
    if (!isFirst.current) setCount(Math.max(0, open + (removed ?? 0) - most.current));
    isFirst.current = false;
    most.current = expected;
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- counted once for each answer
  }, [status]);

  if (count === 0) return null;
  return (
    <div className="stash-sense-new-ones" role="status">
      {say('suggestions.newOnes', { count })}{' '}
      <Button variant="primary" size="sm" onClick={onShow}>
        {say('suggestions.showNewOnes')}
      </Button>
    </div>
  );
}
