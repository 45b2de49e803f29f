import React from 'react';
import { Link } from 'react-router-dom';
import { Face } from '../../shared/widgets/face.tsx';
import { ExpectedHere } from '../../shared/widgets/confidence.tsx';
import { eitherOf } from '../../shared/words.ts';
import { say } from '../../stash/intl.tsx';
import { OptionRow } from './option-row.tsx';
import type { PartProps, Renderer } from './renderer.ts';
import { SeenEvidence, SeenFace } from './seen.tsx';

type Props = PartProps<'performer-ambiguous'>;
type Candidate = Props['suggestion']['payload']['candidates'][number];

/** A face that was seen, and the performers who fit it alike, to choose from; or the one whom only the cover shows. */
export const performerAmbiguousRenderer: Renderer<'performer-ambiguous'> = {
  act: 'add',
  counted: 'faces',
  Body,
  Title,
  Evidence,
  options: ({ payload }) =>
    payload.candidates.map(({ performerId, name }) => ({
      target: { kind: 'performer', id: performerId },
      name,
      choices: { performerId },
    })),
  words: ({ payload: { candidates }, evidence: { tagged }, view: { chosen } }) => {
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
      acceptedNamed: say(tagged === true ? 'packPeople.isThemNamed' : 'suggestions.addedNamed', { name }),
      wasAccepted:
        tagged === true
          ? say('packPeople.isThemNamed', { name })
          : added
            ? say('suggestions.addedNamed', { name: added.name })
            : say('faces.wasAdded'),
      wasRejected: say(isOne ? 'suggestions.notThisPerson' : 'suggestions.noneOfThem'),
      wasRemoved: say('suggestions.takenOff'),
    };
  },
};

function namesOf(candidates: readonly Candidate[]): string {
  return eitherOf(candidates.map(({ name }) => name));
}

function Body(props: Props): React.ReactElement {
  const { suggestion, title, tabIndex } = props;
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
          <Option key={candidate.performerId} candidate={candidate} place={place} {...props} />
        ))}
      </ol>
    </div>
  );
}

function Option({
  suggestion: { payload, evidence, view },
  candidate: { performerId, name, confidence, expected },
  place,
  tabIndex,
  choosing,
}: Props & { readonly candidate: Candidate; readonly place: number }): React.ReactElement {
  const isOnlyOne = payload.candidates.length === 1;
  const isTagged = evidence.tagged === true;
  return (
    <OptionRow
      picture={
        <Face
          url={view.references[performerId]?.url ?? null}
          label={say('faces.pictureOf', { name })}
          size="small"
        />
      }
      title={
        <>
          <Link to={`/performers/${performerId}`} tabIndex={tabIndex}>
            {name}
          </Link>
          <ExpectedHere expected={expected} />
        </>
      }
      name={name}
      confidence={isTagged ? null : confidence}
      isChosen={view.chosen === performerId}
      place={place}
      accept={
        isTagged
          ? { words: say('naming.yes'), named: say('packPeople.isThemNamed', { name }) }
          : {
              words: say(isOnlyOne ? 'page.add' : 'suggestions.thisOne'),
              named: say(isOnlyOne ? 'suggestions.addNamed' : 'suggestions.thisOneNamed', { name }),
            }
      }
      canRuleOut={!isOnlyOne}
      tabIndex={tabIndex}
      choosing={choosing}
    />
  );
}

function Title({ suggestion: { payload, evidence } }: Props): React.ReactElement {
  if (evidence.tagged === true) return <>{say('naming.isIt', { name: namesOf(payload.candidates) })}</>;
  return (
    <>
      {evidence.onlyCover === true
        ? say('faces.onlyCoverShows', { name: namesOf(payload.candidates) })
        : say('faces.oneOfThese')}
    </>
  );
}

function Evidence({ suggestion: { entity, evidence }, tabIndex }: Props): React.ReactElement {
  return (
    <SeenEvidence entity={entity} evidence={evidence} tabIndex={tabIndex}>
      {evidence.tagged === true && <> · {say('suggestions.isTagged')}</>}
    </SeenEvidence>
  );
}
