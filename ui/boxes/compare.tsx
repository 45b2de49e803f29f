import React, { useState } from 'react';
import { MinorButton } from '../shared/widgets/minor-button.tsx';
import { say } from '../stash/intl.tsx';

type Props = {
  /** Of the stash-box. */
  readonly box: string;
  /** Of the performer or the scene. */
  readonly name: string;
  /** What the stash-box knows, drawn once it is opened. */
  readonly children: React.ReactNode;
};

/** Opens what a stash-box knows of one that is linked. */
export function Compare({ box, name, children }: Props): React.ReactElement {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <div className="stash-sense-actions">
        <MinorButton
          aria-expanded={isOpen}
          aria-label={say('performer.compareNamed', { box, name })}
          onClick={() => setOpen(!isOpen)}
        >
          {say('performer.compare')}
        </MinorButton>
      </div>
      {isOpen && children}
    </>
  );
}
