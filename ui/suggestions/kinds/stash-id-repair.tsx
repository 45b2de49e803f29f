import React from 'react';
import { Link } from 'react-router-dom';
import { shownName } from '../../../core/people/shown-name.ts';
import { boxHost } from '../../../core/reference-packs/box-address.ts';
import { BoxLinks } from '../../shared/pack-people/box-link.tsx';
import { BothPictures } from '../../shared/stash-box/both-pictures.tsx';
import { say } from '../../stash/intl.tsx';
import type { PartProps, Renderer } from './renderer.ts';

type Props = PartProps<'stash-id-repair'>;
type Suggestion = Props['suggestion'];

/** A stash ID that is wrong, why, and whom the right one means. */
export const stashIdRepairRenderer: Renderer<'stash-id-repair'> = {
  Body,
  Title,
  Evidence,
  options: () => [],
  words: ({ payload: { right }, entityTitle: name }) => {
    const accept = say(right === null ? 'stashIds.takeOff' : 'stashIds.correct');
    const acceptNamed = say(right === null ? 'stashIds.takeOffNamed' : 'stashIds.correctNamed', { name });
    return {
      name,
      accept,
      acceptNamed,
      acceptAgain: accept,
      acceptAgainNamed: acceptNamed,
      reject: say('stashIds.isRight'),
      rejectNamed: say('stashIds.isRightNamed', { name }),
      wasAccepted: say('stashIds.isCorrected'),
      wasRejected: say('stashIds.isRight'),
      wasRemoved: say('stashIds.isWrongAgain'),
    };
  },
};

function boxOf({ payload: { wrong, right } }: Suggestion): string {
  const { endpoint } = right ?? wrong;
  return boxHost(endpoint) ?? endpoint;
}

function Body({ suggestion, title }: Props): React.ReactElement {
  const { payload, evidence, view } = suggestion;
  const { endpoint } = payload.right ?? payload.wrong;
  return (
    <BothPictures
      mine={{ name: title, url: view.picture?.url ?? null }}
      theirs={{
        name: shownName(evidence),
        box: boxOf(suggestion),
        endpoint,
        imageId: payload.right === null ? null : evidence.imageId,
      }}
    />
  );
}

function Title({ suggestion: { entity, evidence, payload }, title, tabIndex }: Props): React.ReactElement {
  return (
    <span>
      <Link to={`/performers/${entity.id}`} tabIndex={tabIndex}>
        {title}
      </Link>
      {payload.right !== null && (
        <>
          {' → '}
          {shownName(evidence)}{' '}
          <BoxLinks stashIds={[payload.right]} name={shownName(evidence)} tabIndex={tabIndex} />
        </>
      )}
    </span>
  );
}

function Evidence({ suggestion }: Props): React.ReactElement {
  const { payload, evidence } = suggestion;
  return (
    <>
      {say('stashIds.why', {
        reason: evidence.reason,
        id: payload.wrong.stashId,
        box: boxHost(payload.wrong.endpoint) ?? payload.wrong.endpoint,
        other: boxOf(suggestion),
      })}
    </>
  );
}
