import React from 'react';
import { Link } from 'react-router-dom';
import { message } from '../../../core/messages/message.ts';
import { TOLD_KIND_NAMES, type ToldKind } from '../../../core/health/analyzers.ts';
import { Face } from '../../shared/widgets/face.tsx';
import { clock } from '../../shared/words.ts';
import { say } from '../../stash/intl.tsx';
import { pageOf } from '../../stash/navigation.ts';
import type { PartProps, Renderer } from './renderer.ts';

type Props = PartProps<ToldKind>;

/** What is missing, double or wrong of something: a person looks at it in Stash, and says that it is done, or right as it is. */
const toldRenderer: Renderer<ToldKind> = {
  act: 'settle',
  counted: 'others',
  Body,
  Title,
  Evidence: Said,
  options: () => [],
  isStale: ({ entityTitle: name }) => message('told.refused', { state: 'stale', name }),
  words: ({ entityTitle }) => wordsOf(entityTitle),
};

function wordsOf(name: string): ReturnType<Renderer<ToldKind>['words']> {
  return {
    name,
    accept: say('told.done'),
    acceptNamed: say('told.doneNamed', { name }),
    acceptAgain: say('told.done'),
    acceptAgainNamed: say('told.doneNamed', { name }),
    acceptedNamed: say('told.wasDoneNamed', { name }),
    reject: say('told.isRight'),
    rejectNamed: say('told.isRightNamed', { name }),
    wasAccepted: say('told.wasDone'),
    wasRejected: say('told.wasRight'),
    wasRemoved: say('told.wasDone'),
  };
}

/** Two performers side by side; a "no" says that they are two people. */
const lookAlikeRenderer: Renderer<'performers-look-alike'> = {
  ...(toldRenderer as unknown as Renderer<'performers-look-alike'>),
  words: ({ entityTitle, evidence }) => {
    const name = say('people.pairOf', { one: entityTitle, other: evidence.others[0]?.name ?? '' });
    return {
      ...wordsOf(entityTitle),
      name,
      reject: say('told.areTwo'),
      rejectNamed: say('told.areTwoNamed', { name }),
      wasRejected: say('told.wereTwo'),
    };
  },
};

export const toldRenderers = Object.fromEntries(
  TOLD_KIND_NAMES.map((kind) => [kind, kind === 'performers-look-alike' ? lookAlikeRenderer : toldRenderer]),
) as unknown as { readonly [Kind in ToldKind]: Renderer<Kind> };

function Body({ suggestion: { entity, view }, title, tabIndex }: Props): React.ReactElement {
  return (
    <div className="stash-sense-told">
      {view.picture !== null && (
        <Link to={pageOf(entity)} tabIndex={tabIndex}>
          <Face url={view.picture} label={say('told.pictureOf', { title })} size="cover" />
        </Link>
      )}
      {view.faces.length > 0 && (
        <div className="stash-sense-told-faces">
          {view.faces.map(({ url, timeMs }, place) => (
            <Face
              key={place}
              url={url}
              label={
                timeMs === null
                  ? say('suggestions.faceSeen', { title })
                  : say('suggestions.faceSeenAt', { time: clock(timeMs), title })
              }
              size="medium"
            />
          ))}
        </div>
      )}
    </div>
  );
}

function Title({ suggestion: { kind } }: Props): React.ReactElement {
  return <span>{say(`suggestions.ofKind.${kind}`)}</span>;
}

function Said({ suggestion: { evidence }, tabIndex }: Props): React.ReactElement {
  return (
    <ul className="list-unstyled">
      {evidence.said.flat().map((said, place) => (
        <li key={place}>{say(said)}</li>
      ))}
      {evidence.others.map(({ ref, name }) => (
        <li key={`${ref.kind} ${ref.id}`}>
          <Link to={pageOf(ref)} tabIndex={tabIndex}>
            {name}
          </Link>
        </li>
      ))}
    </ul>
  );
}
