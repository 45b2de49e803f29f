import { faPlay } from '@fortawesome/free-solid-svg-icons';
import React, { useState } from 'react';
import { Button } from 'react-bootstrap';
import { toldApart } from '../../core/sampling/thin-times.ts';
import { clock } from '../shared/words.ts';
import { Icon } from '../stash/icon.tsx';
import { seekTo } from '../stash/player.ts';
import { say } from '../stash/intl.tsx';
import { MinorButton } from '../shared/widgets/minor-button.tsx';

const SHOWN_AT_FIRST = 6;

/** The times at which a person is on screen; a click seeks the player. */
export function Times({
  timesMs,
  personName,
}: {
  timesMs: readonly number[];
  personName: string;
}): React.ReactElement | null {
  const [isOpen, setOpen] = useState(false);
  if (timesMs.length === 0) return null;
  const moments = toldApart(timesMs);
  const shown = isOpen ? moments : moments.slice(0, SHOWN_AT_FIRST);
  return (
    <div className="stash-sense-times">
      {shown.map((timeMs) => (
        <MinorButton
          key={timeMs}
          className="stash-sense-time"
          aria-label={say('faces.goToTimeOf', { time: clock(timeMs), name: personName })}
          onClick={() => seekTo(timeMs)}
        >
          <Icon icon={faPlay} /> {clock(timeMs)}
        </MinorButton>
      ))}
      {shown.length < moments.length && (
        <Button
          variant="link"
          size="sm"
          aria-label={say('faces.showMoreTimes', { count: moments.length - shown.length })}
          onClick={() => setOpen(true)}
        >
          {say('faces.moreTimes', { count: moments.length - shown.length })}
        </Button>
      )}
    </div>
  );
}
