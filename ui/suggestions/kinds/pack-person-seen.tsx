import React from 'react';
import { Link } from 'react-router-dom';
import { packOptions } from '../../../core/suggestions/kinds/pack-options.ts';
import { shownName } from '../../../core/people/shown-name.ts';
import { BoxLinks } from '../../shared/pack-people/box-link.tsx';
import { AddAs, type PackAnswer } from '../../shared/pack-people/choose-performer.tsx';
import { NameTaken } from '../../shared/pack-people/name-taken.tsx';
import { PackFace } from '../../shared/pack-people/pack-face.tsx';
import { Face } from '../../shared/widgets/face.tsx';
import { eitherOf } from '../../shared/words.ts';
import { say } from '../../stash/intl.tsx';
import { OptionRow } from './option-row.tsx';
import type { PartProps, Renderer } from './renderer.ts';
import { SeenEvidence, SeenFace } from './seen.tsx';

type Props = PartProps<'pack-person-seen'>;
type Suggestion = Props['suggestion'];
type Person = Suggestion['payload']['people'][number];

/** A face that was seen beside somebody whom only a reference pack knows, or those of whom it can be one. */
export const packPersonSeenRenderer: Renderer<'pack-person-seen'> = {
  act: 'add',
  counted: 'people',
  Body,
  Title,
  Evidence,
  More,
  options: (suggestion) => (isOne(suggestion) ? [] : optionsOf(suggestion)),
  acceptedAs: (_suggestion, { name }) => say('suggestions.addedNamed', { name }),
  words: (suggestion) => {
    const { payload, view, state } = suggestion;
    const name = eitherOf([...payload.people.map(shownName), ...payload.performers.map((one) => one.name)]);
    const isAlone = isOne(suggestion);
    return {
      name,
      accept: isAlone ? say('packPeople.create') : null,
      acceptNamed: say('packPeople.createNamed', { name }),
      acceptAgain: isAlone ? say('page.addAgain') : null,
      acceptAgainNamed: say('suggestions.addAgainNamed', { name }),
      reject: say(isAlone ? 'faces.notThisPerson' : 'suggestions.noneOfThem'),
      rejectNamed: say(isAlone ? 'faces.notThisPersonNamed' : 'suggestions.noneOfThemNamed', { name }),
      acceptedNamed: say('suggestions.addedNamed', { name }),
      wasAccepted:
        state === 'accepted' && view.chosen !== null ? say('faces.wasAdded') : say('packPeople.wasCreated'),
      wasRejected: say(isAlone ? 'suggestions.notThisPerson' : 'suggestions.noneOfThem'),
      wasRemoved: say('suggestions.takenOff'),
    };
  },
};

/** Whether one person is proposed, and nothing is to be chosen. */
function isOne({ payload: { people, performers } }: Suggestion): boolean {
  return people.length === 1 && performers.length === 0;
}

function optionsOf({ payload }: Suggestion): ReturnType<typeof packOptions> {
  return packOptions(payload);
}

function Body(props: Props): React.ReactElement {
  const { suggestion, title, tabIndex } = props;
  const { entity, evidence, payload, view } = suggestion;
  const [only] = payload.people;
  const face = (
    <SeenFace
      entity={entity}
      crop={view.crop}
      title={title}
      tabIndex={tabIndex}
      isOnCover={evidence.onlyCover === true}
    />
  );
  if (isOne(suggestion) && only !== undefined)
    return (
      <div className="stash-sense-pair">
        {face}
        <figure>
          <PackFace personId={only.personId} name={only.name} size="large" withReason />
          <figcaption className="text-muted">{say('packPeople.ofPack')}</figcaption>
        </figure>
      </div>
    );
  return (
    <div className="stash-sense-tie">
      {face}
      <ol className="stash-sense-options list-unstyled">
        {optionsOf(suggestion).map((option, place) => (
          <Option key={JSON.stringify(option.choices)} {...props} place={place} />
        ))}
      </ol>
    </div>
  );
}

function Option({
  suggestion,
  place,
  tabIndex,
  choosing,
}: Props & { readonly place: number }): React.ReactElement | null {
  const { payload, view } = suggestion;
  const option = optionsOf(suggestion)[place];
  if (option === undefined) return null;
  const { name, target } = option;
  const person = payload.people.find(({ personId }) => personId === option.choices.personId);
  const performer = payload.performers.find(({ performerId }) => performerId === target?.id);
  return (
    <OptionRow
      picture={
        person ? (
          <PackFace personId={person.personId} name={name} size="small" />
        ) : (
          <Face
            url={view.references[target?.id ?? '']?.url ?? null}
            label={say('faces.pictureOf', { name })}
            size="small"
          />
        )
      }
      title={
        person ? (
          <PersonName person={person} tabIndex={tabIndex} />
        ) : (
          <Link to={`/performers/${target?.id}`} tabIndex={tabIndex}>
            {name}
          </Link>
        )
      }
      name={name}
      confidence={(person ?? performer)?.confidence ?? 0}
      isChosen={target !== null && view.chosen === target.id}
      place={place}
      accept={{
        words: say(person ? 'packPeople.create' : 'suggestions.thisOne'),
        named: say(person ? 'packPeople.createNamed' : 'suggestions.thisOneNamed', { name }),
      }}
      canRuleOut
      tabIndex={tabIndex}
      choosing={choosing}
    />
  );
}

function PersonName({ person, tabIndex }: { person: Person; tabIndex: number }): React.ReactElement {
  return (
    <span>
      {shownName(person)}{' '}
      <BoxLinks stashIds={person.stashIds} joins={person.joins} name={person.name} tabIndex={tabIndex} />
    </span>
  );
}

function Title({ suggestion, tabIndex }: Props): React.ReactElement {
  const [only] = suggestion.payload.people;
  if (isOne(suggestion) && only !== undefined) return <PersonName person={only} tabIndex={tabIndex} />;
  return <>{say('faces.oneOfThese')}</>;
}

function Evidence({ suggestion: { entity, evidence }, tabIndex }: Props): React.ReactElement {
  return <SeenEvidence entity={entity} evidence={evidence} tabIndex={tabIndex} />;
}

/** Another performer than is proposed, or what is to become of a name that somebody has already. */
function More({ suggestion, tabIndex, choosing }: Props): React.ReactElement | null {
  if (choosing === null || suggestion.state === 'removed') return null;
  const { people } = suggestion.payload;
  const [first] = people;
  if (first === undefined) return null;
  const take = ({ choices, performerId, name }: PackAnswer): void =>
    choosing.take({
      target: performerId === null ? null : { kind: 'performer', id: performerId },
      name,
      choices: {
        ...(choosing.nameTaken !== null && !isOne(suggestion) && { personId: choosing.nameTaken.personId }),
        ...choices,
      },
    });
  return choosing.nameTaken === null ? (
    <AddAs
      name={eitherOf(people.map(shownName))}
      isPending={choosing.isPending}
      tabIndex={tabIndex}
      onChoose={take}
    />
  ) : (
    <NameTaken taken={choosing.nameTaken} isPending={choosing.isPending} onChoose={take} />
  );
}
