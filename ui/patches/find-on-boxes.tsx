import { faMagnifyingGlass } from '@fortawesome/free-solid-svg-icons';
import React, { useEffect, useState } from 'react';
import { findBoxNames } from '../stash/library.ts';
import { OpenedPart } from './opened-part.tsx';

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

type Props = Omit<React.ComponentProps<typeof OpenedPart>, 'className' | 'icon'>;

/** A button that opens the stash-boxes of a performer or a scene; nothing where Stash has no stash-box. */
export function FindOnBoxes(props: Props): React.ReactElement {
  if (!useHasBoxes()) return <></>;
  return <OpenedPart className="stash-sense-on-boxes" icon={faMagnifyingGlass} {...props} />;
}
