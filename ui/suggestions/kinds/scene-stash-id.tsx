import React, { useState } from 'react';
import { Link } from 'react-router-dom';
import { message } from '../../../core/messages/message.ts';
import { shownBox } from '../../../core/reference-packs/box-address.ts';
import { WhatBoxKnowsOfScene } from '../../shared/box-offers/what-box-knows-of-scene.tsx';
import { BoxLinks } from '../../shared/pack-people/box-link.tsx';
import { useBoxName } from '../../shared/pack-people/box-names.ts';
import { BoxFace } from '../../shared/pack-people/pack-face.tsx';
import { Face } from '../../shared/widgets/face.tsx';
import { MinorButton } from '../../shared/widgets/minor-button.tsx';
import { clock } from '../../shared/words.ts';
import { say } from '../../stash/intl.tsx';
import type { PartProps, Renderer } from './renderer.ts';

type Props = PartProps<'scene-stash-id'>;

/** A scene beside the one that it is at a stash-box, and which of its fingerprints agree. */
export const sceneStashIdRenderer: Renderer<'scene-stash-id'> = {
  act: 'link',
  counted: 'stashIds',
  Body,
  Title,
  Evidence: Hits,
  More,
  options: () => [],
  isStale: ({ entityTitle: name }) => message('sceneLinks.refused', { state: 'stale', name }),
  words: (suggestion) => {
    const name = titleOf(suggestion);
    const title = suggestion.entityTitle;
    const box = shownBox(suggestion.payload.stashId.endpoint);
    const accept = say('stashIds.link');
    const acceptNamed = say('stashIds.linkNamed', { name, box });
    return {
      name,
      accept,
      acceptNamed,
      acceptAgain: accept,
      acceptAgainNamed: acceptNamed,
      acceptedNamed: say('stashIds.linked', { name: title, box }),
      reject: say('sceneLinks.another'),
      rejectNamed: say('sceneLinks.anotherNamed', { name }),
      wasAccepted: say('stashIds.isLinked'),
      wasRejected: say('sceneLinks.another'),
      wasRemoved: say('stashIds.wasTakenOff'),
    };
  },
};

/** Its title there, or its id where it has none. */
function titleOf({ evidence, payload }: Props['suggestion']): string {
  return evidence.title || payload.stashId.stashId;
}

function Body({ suggestion, title }: Props): React.ReactElement {
  const { evidence, payload, view } = suggestion;
  const { endpoint } = payload.stashId;
  const boxName = useBoxName();
  return (
    <div className="stash-sense-pair">
      <figure>
        <Face url={view.picture.url} label={say('sceneLinks.coverOf', { title })} size="cover" />
        <figcaption className="text-muted">
          {say('stashIds.yours')}
          <Facts {...evidence.mine} />
        </figcaption>
      </figure>
      <figure>
        <BoxFace
          endpoint={endpoint}
          imageId={evidence.imageId}
          name={titleOf(suggestion)}
          size="cover"
          withReason
        />
        <figcaption className="text-muted">
          {boxName(endpoint)}
          <Facts date={evidence.date} studio={evidence.studio} seconds={evidence.seconds} />
        </figcaption>
      </figure>
    </div>
  );
}

/** One below the other, so that both sides can be compared. */
function Facts({ date, studio, seconds }: Props['suggestion']['evidence']['mine']): React.ReactElement {
  const lines = [studio, date, seconds === null ? null : clock(seconds * 1000)];
  return (
    <>
      {lines.map((line, n) => (
        <span key={n} className="stash-sense-fact">
          {line ?? '–'}
        </span>
      ))}
    </>
  );
}

function Title({ suggestion, title, tabIndex }: Props): React.ReactElement {
  const theirs = titleOf(suggestion);
  return (
    <span>
      <Link to={`/scenes/${suggestion.entity.id}`} tabIndex={tabIndex}>
        {title}
      </Link>
      {` → ${theirs} `}
      <BoxLinks stashIds={[suggestion.payload.stashId]} of="scenes" name={theirs} tabIndex={tabIndex} />
    </span>
  );
}

/** Which fingerprints agree, what speaks most for it first, and who is in the scene there. */
function Hits({ suggestion: { evidence } }: Props): React.ReactElement {
  const { hits, recut, cast } = evidence;
  return (
    <ul className="list-unstyled">
      {hits.map((hit) => (
        <li key={`${hit.algorithm} ${hit.mine} ${hit.theirs}`}>
          {say('sceneLinks.hit', {
            algorithm: hit.algorithm,
            apart: hit.apart,
            isOurs: String(hit.isOurs),
            submissions: hit.submissions,
            length: lengthsOf(hit),
          })}
        </li>
      ))}
      {recut !== undefined && <li>{recutOf(recut)}</li>}
      {cast.length > 0 && <li>{say('sceneLinks.cast', { names: cast.join(', ') })}</li>}
    </ul>
  );
}

/** What else the stash-box knows of it, taken over with the link where it is ticked. */
function More({ suggestion, tabIndex, choosing }: Props): React.ReactElement | null {
  const [isOpen, setOpen] = useState(false);
  if (choosing === null || suggestion.state !== 'open') return null;
  const name = titleOf(suggestion);
  return (
    <>
      <MinorButton
        aria-label={say('boxOffers.compareNamed', { name })}
        aria-expanded={isOpen}
        tabIndex={tabIndex}
        onClick={() => setOpen(!isOpen)}
      >
        {say('boxOffers.open')}
      </MinorButton>
      {isOpen && (
        <WhatBoxKnowsOfScene
          at={{ sceneId: suggestion.entity.id, stashId: suggestion.payload.stashId }}
          isPending={choosing.isPending}
          tabIndex={tabIndex}
          isNeverEmpty
          act={(count) => say('sceneOffers.link', { count })}
          onTake={(take) => choosing.take({ target: null, name, choices: { take } })}
        />
      )}
    </>
  );
}

/** How the file differs from the film there, by the hash that agrees then. */
function recutOf(recut: NonNullable<Props['suggestion']['evidence']['recut']>): string {
  const { apart, offset, offsetBehind, speed, submissions } = recut;
  return say('sceneLinks.recut', {
    apart,
    offset: signed(offset),
    isGap: String(offsetBehind !== null),
    behind: signed(offsetBehind ?? 0),
    isSped: String(speed !== 1),
    speed: Math.round(1000 / speed) / 10,
    length: lengthsOf(recut),
    submissions,
  });
}

/** Seconds, with a minus as long as a plus. */
function signed(seconds: number): string {
  const rounded = Math.round(seconds);
  return rounded === 0 ? '0' : `${rounded < 0 ? '−' : '+'}${Math.abs(rounded)}`;
}

function lengthsOf({
  mySeconds,
  theirSeconds,
}: Pick<Props['suggestion']['evidence']['hits'][number], 'mySeconds' | 'theirSeconds'>): string {
  if (mySeconds === null || theirSeconds === null) return say('sceneLinks.lengthUnknown');
  const [mine, theirs] = [clock(mySeconds * 1000), clock(theirSeconds * 1000)];
  return say('sceneLinks.lengths', { isSame: String(mine === theirs), mine, theirs });
}
