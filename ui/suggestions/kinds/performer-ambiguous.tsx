import { faCheck, faTimes } from '@fortawesome/free-solid-svg-icons';
import React from 'react';
import { Badge, Button } from 'react-bootstrap';
import { Link } from 'react-router-dom';
import { Face } from '../../shared/widgets/face.tsx';
import { eitherOf, percent } from '../../shared/words.ts';
import { Icon } from '../../stash/icon.tsx';
import { say } from '../../stash/intl.tsx';
import type { PartProps, Renderer } from './renderer.ts';
import { SeenEvidence, SeenFace } from './seen.tsx';

type Props = PartProps<'performer-ambiguous'>;
type Candidate = Props['suggestion']['payload']['candidates'][number];

/** A face that was seen, and the performers who fit it alike, to choose from; or the one whom only the cover shows. */
export const performerAmbiguousRenderer: Renderer<'performer-ambiguous'> = {
  Body,
  Title,
  Evidence,
  options: ({ payload }) =>
    payload.candidates.map(({ performerId, name }) => ({
      target: { kind: 'performer', id: performerId },
      name,
      choices: { performerId },
    })),
  words: ({ payload: { candidates }, view: { chosen } }) => {
    const name = namesOf(candidates);
    const isOne = candidates.length === 1;
    const added = candidates.find(({ performerId }) => performerId === chosen);
    return {
      name,
      accept: null,
      acceptNamed: say('suggestions.addNamed', { name }),
      acceptAgain: null,
      acceptAgainNamed: say('suggestions.addNamed', { name }),
      reject: say(isOne ? 'faces.notThisPerson' : 'suggestions.noneOfThem'),
      rejectNamed: say(isOne ? 'faces.notThisPersonNamed' : 'suggestions.noneOfThemNamed', { name }),
      wasAccepted: added ? say('suggestions.addedNamed', { name: added.name }) : say('faces.wasAdded'),
      wasRejected: say(isOne ? 'suggestions.notThisPerson' : 'suggestions.noneOfThem'),
      wasRemoved: say('suggestions.takenOff'),
    };
  },
};

function namesOf(candidates: readonly Candidate[]): string {
  return eitherOf(candidates.map(({ name }) => name));
}

function Body({ suggestion, title, tabIndex, choosing }: Props): React.ReactElement {
  const { entity, payload, evidence, view } = suggestion;
  return (
    <div className="stash-sense-tie">
      <SeenFace
        entity={entity}
        crop={view.crop}
        title={title}
        tabIndex={tabIndex}
        isOnCover={evidence.onlyCover === true}
      />
      <ol className="stash-sense-options list-unstyled">
        {payload.candidates.map((candidate, place) => (
          <Option
            key={candidate.performerId}
            candidate={candidate}
            place={place}
            url={view.references[candidate.performerId]?.url ?? null}
            isOnlyOne={payload.candidates.length === 1}
            isChosen={view.chosen === candidate.performerId}
            tabIndex={tabIndex}
            choosing={choosing}
          />
        ))}
      </ol>
    </div>
  );
}

function Option({
  candidate: { performerId, name, confidence },
  place,
  url,
  isOnlyOne,
  isChosen,
  tabIndex,
  choosing,
}: {
  candidate: Candidate;
  place: number;
  url: string | null;
  /** The card's own "no" is that of the only one. */
  isOnlyOne: boolean;
  isChosen: boolean;
} & Pick<Props, 'tabIndex' | 'choosing'>): React.ReactElement {
  return (
    <li className="stash-sense-option">
      <Face url={url} label={say('faces.pictureOf', { name })} size="small" />
      <div className="stash-sense-candidate-text">
        <Link to={`/performers/${performerId}`} tabIndex={tabIndex}>
          {name}
        </Link>
        <span className="text-muted">
          {percent(confidence)}
          {isChosen && (
            <>
              {' '}
              <Badge variant="success">{say('faces.wasAdded')}</Badge>
            </>
          )}
        </span>
      </div>
      {choosing && (
        <span className="stash-sense-actions">
          <Button
            variant="primary"
            size="sm"
            disabled={choosing.isPending}
            title={say('suggestions.chooseHint', { key: place + 1 })}
            aria-label={say(isOnlyOne ? 'suggestions.addNamed' : 'suggestions.thisOneNamed', { name })}
            tabIndex={tabIndex}
            onClick={() => choosing.choose(place)}
          >
            <Icon icon={faCheck} /> {say(isOnlyOne ? 'page.add' : 'suggestions.thisOne')}
          </Button>
          {!isOnlyOne && (
            <Button
              variant="secondary"
              size="sm"
              disabled={choosing.isPending}
              title={say('faces.notThisPerson')}
              aria-label={say('faces.notThisPersonNamed', { name })}
              tabIndex={tabIndex}
              onClick={() => choosing.ruleOut(place)}
            >
              <Icon icon={faTimes} />
            </Button>
          )}
        </span>
      )}
    </li>
  );
}

function Title({ suggestion: { payload, evidence } }: Props): React.ReactElement {
  return (
    <>
      {evidence.onlyCover === true
        ? say('faces.onlyCoverShows', { name: namesOf(payload.candidates) })
        : say('faces.oneOfThese')}
    </>
  );
}

function Evidence({ suggestion: { entity, evidence }, tabIndex }: Props): React.ReactElement {
  return <SeenEvidence entity={entity} evidence={evidence} tabIndex={tabIndex} />;
}
