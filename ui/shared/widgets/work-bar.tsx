import React from 'react';
import { ProgressBar } from 'react-bootstrap';
import { wholePercent } from '../words.ts';

type Props = {
  /** 0…1; null when it is not known how much is left. */
  readonly fraction: number | null;
  readonly message: string;
};

/** A progress bar with what is being done in words, read out politely. */
export function WorkBar({ fraction, message }: Props): React.ReactElement {
  const now = fraction === null ? null : Math.min(100, Math.max(0, Math.round(fraction * 100)));
  return (
    <div className="stash-sense-work">
      {now === null ? (
        // Bootstrap's component always has a value, and a full bar is read out as done.
        <div className="progress" role="progressbar" aria-label={message}>
          <div className="progress-bar progress-bar-striped progress-bar-animated w-100" />
        </div>
      ) : (
        <ProgressBar now={now} animated aria-label={message} label={wholePercent(now)} />
      )}
      <div className="stash-sense-work-message text-muted" role="status" aria-live="polite">
        {message}
      </div>
    </div>
  );
}
