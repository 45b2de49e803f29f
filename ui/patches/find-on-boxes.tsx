import { faMagnifyingGlass } from '@fortawesome/free-solid-svg-icons';
import React, { useEffect, useState } from 'react';
import { MinorButton } from '../shared/widgets/minor-button.tsx';
import { Icon } from '../stash/icon.tsx';
import { findBoxNames } from '../stash/library.ts';

/** Stash has named a stash-box since the page was loaded. */
let hasNamedBox = false;

/** Asked of Stash until it names a stash-box: whoever has none may add one while the page stays loaded. */
async function hasBoxes(): Promise<boolean> {
  if (!hasNamedBox) hasNamedBox = (await findBoxNames()).size > 0;
  return hasNamedBox;
}

/** False until Stash has said that its settings name a stash-box. */
function useHasBoxes(): boolean {
  const [has, setHas] = useState(() => hasNamedBox);
  useEffect(() => {
    let isHere = true;
    hasBoxes().then(
      (known) => isHere && setHas(known),
      // Who asks then is told why.
      () => isHere && setHas(true),
    );
    return () => {
      isHere = false;
    };
  }, []);
  return has;
}

type Props = {
  /** Of the performer or the scene: another one begins closed. */
  readonly id: string;
  readonly title: string;
  /** The stash-boxes, drawn once they are opened. */
  readonly children: React.ReactNode;
};

/** A button that opens the stash-boxes of a performer or a scene; nothing where Stash has no stash-box. */
export function FindOnBoxes({ id, title, children }: Props): React.ReactElement {
  const [openId, setOpenId] = useState<string | null>(null);
  if (!useHasBoxes()) return <></>;
  return (
    <div className="stash-sense stash-sense-on-boxes">
      {openId === id ? (
        <>
          <h6>{title}</h6>
          {children}
        </>
      ) : (
        <MinorButton onClick={() => setOpenId(id)}>
          <Icon icon={faMagnifyingGlass} /> {title}
        </MinorButton>
      )}
    </div>
  );
}
