import type { IconDefinition } from '@fortawesome/free-solid-svg-icons';
import React, { useState } from 'react';
import { MinorButton } from '../shared/widgets/minor-button.tsx';
import { Icon } from '../stash/icon.tsx';

type Props = {
  /** Of the performer or the scene: another one begins closed. */
  readonly id: string;
  readonly className: string;
  readonly icon: IconDefinition;
  readonly title: string;
  /** Drawn once it is opened. */
  readonly children: React.ReactNode;
};

/** A button on a page of Stash's, and in its place, once it is pressed, what it opens. */
export function OpenedPart({ id, className, icon, title, children }: Props): React.ReactElement {
  const [openId, setOpenId] = useState<string | null>(null);
  return (
    <div className={`stash-sense ${className}`}>
      {openId === id ? (
        <>
          <h6>{title}</h6>
          {children}
        </>
      ) : (
        <MinorButton onClick={() => setOpenId(id)}>
          <Icon icon={icon} /> {title}
        </MinorButton>
      )}
    </div>
  );
}
