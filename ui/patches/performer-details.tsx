import { faMagnifyingGlass } from '@fortawesome/free-solid-svg-icons';
import React, { useEffect, useState } from 'react';
import { PerformerBoxes } from '../own-page.tsx';
import { MinorButton } from '../shared/widgets/minor-button.tsx';
import { Icon } from '../stash/icon.tsx';
import { say } from '../stash/intl.tsx';
import { findBoxNames } from '../stash/library.ts';
import type { Patch } from '../stash/patch.tsx';

type PerformerDetailsProps = { readonly performer: { readonly id: string } };

/** Below the details of a performer: their page has no tab that plugins can add to. */
export const performerDetails: Patch<PerformerDetailsProps> = {
  component: 'PerformerDetailsPanel',
  place: 'after',
  draw: ({ performer }) => (performer?.id === undefined ? null : <Boxes id={performer.id} />),
};

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

function Boxes({ id }: { id: string }): React.ReactElement {
  const [openId, setOpenId] = useState<string | null>(null);
  if (!useHasBoxes()) return <></>;
  return (
    <div className="stash-sense stash-sense-performer">
      {openId === id ? (
        <>
          <h6>{say('performer.title')}</h6>
          <PerformerBoxes key={id} performerId={id} />
        </>
      ) : (
        <MinorButton onClick={() => setOpenId(id)}>
          <Icon icon={faMagnifyingGlass} /> {say('performer.title')}
        </MinorButton>
      )}
    </div>
  );
}
