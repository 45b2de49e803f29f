import React from 'react';
import { Link } from 'react-router-dom';
import { Face } from '../../shared/widgets/face.tsx';
import { expectedWords, isWorthSaying, percent, sourceName } from '../../shared/words.ts';
import { say } from '../../stash/intl.tsx';
import type { PartProps, Renderer } from './renderer.ts';
import { SeenEvidence, SeenFace } from './seen.tsx';

type Props = PartProps<'performer-seen'>;

/** A face that was seen beside the picture it fits, and where. */
export const performerSeenRenderer: Renderer<'performer-seen'> = {
  act: 'add',
  counted: 'faces',
  Body,
  Title,
  Evidence,
  options: () => [],
  words: ({ targetName: name }) => ({
    name,
    accept: say('page.add'),
    acceptNamed: say('suggestions.addNamed', { name }),
    acceptAgain: say('page.addAgain'),
    acceptAgainNamed: say('suggestions.addAgainNamed', { name }),
    reject: say('faces.notThisPerson'),
    rejectNamed: say('faces.notThisPersonNamed', { name }),
    acceptedNamed: say('suggestions.addedNamed', { name }),
    wasAccepted: say('faces.wasAdded'),
    wasRejected: say('suggestions.notThisPerson'),
    wasRemoved: say('faces.wasTakenOff'),
  }),
};

function Body({ suggestion, title, tabIndex }: Props): React.ReactElement {
  const { entity, targetName, view } = suggestion;
  const { crop, reference } = view;
  return (
    <div className="stash-sense-pair">
      <SeenFace entity={entity} crop={crop} title={title} tabIndex={tabIndex} />
      <figure>
        <Face
          url={reference?.url ?? null}
          label={say('faces.pictureOf', { name: targetName })}
          size="large"
        />
        <figcaption className="text-muted">
          {reference ? sourceName(reference.source) : say('page.noPicture')}
        </figcaption>
      </figure>
    </div>
  );
}

function Title({ suggestion: { target, targetName }, tabIndex }: Props): React.ReactElement {
  return (
    <Link to={`/performers/${target.id}`} tabIndex={tabIndex}>
      {targetName}
    </Link>
  );
}

function Evidence({ suggestion: { entity, evidence }, tabIndex }: Props): React.ReactElement {
  const rival = evidence.alternatives.find(({ confidence }) => isWorthSaying(confidence));
  return (
    <SeenEvidence entity={entity} evidence={evidence} tabIndex={tabIndex}>
      {expectedWords(evidence.expected).map((words) => ` · ${words}`)}
      {rival && say('suggestions.orRival', { name: rival.name, confidence: percent(rival.confidence) })}
    </SeenEvidence>
  );
}
