import React from 'react';
import { Spinner } from 'react-bootstrap';
import { say } from '../../stash/intl.tsx';
import { Problem } from './problem.tsx';

type Props = { readonly problem: string | null; readonly onRetry: () => void };

/** Shown in place of a tab without data: loading, or why loading failed. */
export function NoAnswer({ problem, onRetry }: Props): React.ReactElement {
  if (problem !== null) return <Problem message={problem} onRetry={onRetry} />;
  return <Spinner animation="border" role="status" aria-label={say('page.loading')} />;
}
