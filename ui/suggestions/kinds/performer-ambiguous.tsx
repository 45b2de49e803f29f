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
type Suggestion = Props['suggestion'];
type Candidate = Suggestion['payload']['candidates'][number];

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
  acceptedAs,
  words: (suggestion) => {
    const { candidates } = suggestion.payload;
    const name = namesOf(candidates);
    const isOne = candidates.length === 1;
    const known = isTagged(suggestion)
      ? candidates[0]
      : candidates.find(({ performerId }) => performerId === suggestion.view.chosen);
    return {
      name,
      accept: null,
      acceptNamed: say('suggestions.addNamed', { name }),
      acceptAgain: null,
      acceptAgainNamed: say('suggestions.addNamed', { name }),
      reject: say(isOne ? 'faces.notThisPerson' : 'suggestions.noneOfThem'),
      rejectNamed: say(isOne ? 'faces.notThisPersonNamed' : 'suggestions.noneOfThemNamed', { name }),
      acceptedNamed: acceptedAs(suggestion, { name }),
      wasAccepted: known ? acceptedAs(suggestion, known) : say('faces.wasAdded'),
      wasRejected: say(isOne ? 'suggestions.notThisPerson' : 'suggestions.noneOfThem'),
      wasRemoved: say('suggestions.takenOff'),
    };
  },
};

/** The one candidate is on the scene already: it is asked only whether the face is theirs, and nothing is added. */
function isTagged({ evidence }: Pick<Suggestion, 'evidence'>): boolean {
  return evidence.tagged === true;
}

function acceptedAs(suggestion: Suggestion, { name }: Pick<Candidate, 'name'>): string {
  return say(isTagged(suggestion) ? 'packPeople.isThemNamed' : 'suggestions.addedNamed', { name });
}

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
  suggestion,
  candidate: { performerId, name, confidence, expected },
  place,
  tabIndex,
  choosing,
}: Props & { readonly candidate: Candidate; readonly place: number }): React.ReactElement {
  const { payload, view } = suggestion;
  const isOnlyOne = payload.candidates.length === 1;
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
      confidence={isTagged(suggestion) ? null : confidence}
      isChosen={view.chosen === performerId}
      place={place}
      accept={
        isTagged(suggestion)
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

function Title({ suggestion }: Props): React.ReactElement {
  const { payload, evidence } = suggestion;
  if (isTagged(suggestion)) return <>{say('naming.isIt', { name: namesOf(payload.candidates) })}</>;
  return (
    <>
      {evidence.onlyCover === true
        ? say('faces.onlyCoverShows', { name: namesOf(payload.candidates) })
        : say('faces.oneOfThese')}
    </>
  );
}

function Evidence({ suggestion, tabIndex }: Props): React.ReactElement {
  const { entity, evidence } = suggestion;
  return (
    <SeenEvidence entity={entity} evidence={evidence} tabIndex={tabIndex}>
      {isTagged(suggestion) && <> · {say('suggestions.isTagged')}</>}
    </SeenEvidence>
  );
}
