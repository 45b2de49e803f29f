import React from 'react';
import { boxHost, boxPage } from '../../../core/reference-packs/box-address.ts';
import { say } from '../../stash/intl.tsx';
import { useBoxName } from './box-names.ts';
import { JoinReasons, type Join } from './join-reasons.tsx';

type StashId = { readonly endpoint: string; readonly stashId: string };

/** Which stash-boxes know somebody, or a scene, each with the way to their page there. */
export function BoxLinks({
  stashIds,
  joins = [],
  name,
  tabIndex = 0,
  of = 'performers',
}: {
  stashIds: readonly StashId[];
  /** Why they are of one person. */
  joins?: readonly Join[] | undefined;
  name: string;
  tabIndex?: number;
  of?: 'performers' | 'scenes';
}): React.ReactElement {
  const boxName = useBoxName();
  return (
    <>
      {stashIds.map((stashId) => {
        const [host, page] = [boxHost(stashId.endpoint), boxPage(stashId, of)];
        if (host === null || page === null) return null;
        // A name that never leads anywhere: of a sample, whose people are in no stash-box.
        if (host.endsWith('.invalid'))
          return (
            <span key={stashId.stashId} className="badge badge-secondary stash-sense-badge">
              {say('packPeople.inNoBox')}
            </span>
          );
        const box = boxName(stashId.endpoint);
        return (
          <a
            key={`${stashId.endpoint} ${stashId.stashId}`}
            className="badge badge-info stash-sense-badge"
            href={page}
            target="_blank"
            rel="noreferrer"
            title={say('packPeople.openInBox', { name, box })}
            tabIndex={tabIndex}
          >
            {box}
          </a>
        );
      })}
      <JoinReasons joins={joins} tabIndex={tabIndex} />
    </>
  );
}
