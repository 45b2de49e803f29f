import React from 'react';
import { Button, ButtonGroup } from 'react-bootstrap';
import { say } from '../../stash/intl.tsx';

/** Which page of a list is on screen, and the way to another. */
export type Place = {
  readonly offset: number;
  /** Of a full page. */
  readonly size: number;
  /** The page that was asked for last is not there yet: going on from the one before would leave it out. */
  readonly isLoading: boolean;
  readonly onGo: (offset: number, way: 'next' | 'previous') => void;
};

type Props = Place & {
  /** On screen now. */
  readonly shown: number;
  readonly total: number;
  /** How many of those on screen will no longer be in the list when it is asked for again. */
  readonly leaving?: number;
};

/** `41–80 of 312` and the way on. Absent where everything is on screen. */
export function Pager({
  offset,
  shown,
  total,
  size,
  leaving = 0,
  isLoading,
  onGo,
}: Props): React.ReactElement | null {
  if (offset === 0 && shown >= total) return null;
  return (
    <div className="stash-sense-pager">
      <span className="text-muted">
        {shown === 0
          ? say('page.noneOf', { total })
          : say('page.rangeOf', { first: offset + 1, last: offset + shown, total })}
      </span>
      <ButtonGroup>
        <Button
          variant="secondary"
          disabled={isLoading || offset === 0}
          onClick={() => onGo(previousOffset(offset, size), 'previous')}
        >
          {say('page.previous')}
        </Button>
        <Button
          variant="secondary"
          disabled={isLoading || offset + shown >= total}
          onClick={() => onGo(nextOffset(offset, shown, leaving), 'next')}
        >
          {say('page.next')}
        </Button>
      </ButtonGroup>
    </div>
  );
}

export function nextOffset(offset: number, shown: number, leaving: number): number {
  return offset + Math.max(0, shown - leaving);
}

export function previousOffset(offset: number, size: number): number {
  return Math.max(0, offset - size);
}
