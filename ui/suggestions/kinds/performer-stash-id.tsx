import React from 'react';
import { Link } from 'react-router-dom';
import { shownName } from '../../../core/people/shown-name.ts';
import { boxHost } from '../../../core/reference-packs/box-address.ts';
import { BoxLinks } from '../../shared/pack-people/box-link.tsx';
import { BothPictures } from '../../shared/stash-box/both-pictures.tsx';
import { SignList } from '../../shared/stash-box/sign-list.tsx';
import { say } from '../../stash/intl.tsx';
import type { PartProps, Renderer } from './renderer.ts';

type Props = PartProps<'performer-stash-id'>;
type Suggestion = Props['suggestion'];

/** A performer beside whom they may be at a stash-box, and what speaks for it. */
export const performerStashIdRenderer: Renderer<'performer-stash-id'> = {
  Body,
  Title,
  Evidence,
  options: () => [],
  words: (suggestion) => {
    const { name, box } = namesOf(suggestion);
    return {
      name,
      accept: say('stashIds.link'),
      acceptNamed: say('stashIds.linkNamed', { name, box }),
      acceptAgain: say('stashIds.linkAgain'),
      acceptAgainNamed: say('stashIds.linkNamed', { name, box }),
      reject: say('faces.notThisPerson'),
      rejectNamed: say('faces.notThisPersonNamed', { name }),
      wasAccepted: say('stashIds.isLinked'),
      wasRejected: say('suggestions.notThisPerson'),
      wasRemoved: say('stashIds.wasTakenOff'),
    };
  },
};

function namesOf({ payload: { stashId }, evidence }: Suggestion): { name: string; box: string } {
  return { name: shownName(evidence), box: boxHost(stashId.endpoint) ?? stashId.endpoint };
}

function Body({ suggestion, title }: Props): React.ReactElement {
  const { payload, evidence, view } = suggestion;
  const { name, box } = namesOf(suggestion);
  const { endpoint } = payload.stashId;
  return (
    <BothPictures
      mine={{ name: title, url: view.picture?.url ?? null }}
      theirs={{ name, box, endpoint, imageId: evidence.imageId }}
    />
  );
}

function Title({ suggestion, title, tabIndex }: Props): React.ReactElement {
  const { name } = namesOf(suggestion);
  return (
    <span>
      <Link to={`/performers/${suggestion.entity.id}`} tabIndex={tabIndex}>
        {title}
      </Link>
      {' → '}
      {name} <BoxLinks stashIds={[suggestion.payload.stashId]} name={name} tabIndex={tabIndex} />
    </span>
  );
}

function Evidence({ suggestion: { evidence } }: Props): React.ReactElement {
  return <SignList signs={evidence.signs} />;
}
