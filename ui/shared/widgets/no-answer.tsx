import React from 'react';
import { Spinner } from 'react-bootstrap';
import { say } from '../../stash/intl.tsx';
import { Problem } from './problem.tsx';

type Props = { readonly problem: string | null; readonly onRetry: () => void };

/** In the place of a tab that has had no answer yet: that it is waited for, or why there is none. */
export function NoAnswer({ problem, onRetry }: Props): React.ReactElement {
  if (problem !== null) return <Problem message={problem} onRetry={onRetry} />;
  return <Spinner animation="border" role="status" aria-label={say('page.loading')} />;
}
