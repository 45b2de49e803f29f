import React from 'react';
import { Link } from 'react-router-dom';
import { message } from '../../../core/messages/message.ts';
import { Face } from '../../shared/widgets/face.tsx';
import { say } from '../../stash/intl.tsx';
import { pageOf } from '../../stash/navigation.ts';
import type { PartProps, Renderer } from './renderer.ts';

type Props = PartProps<'performer-picture'>;

/** A performer without a picture, beside the face that could be it. */
export const performerPictureRenderer: Renderer<'performer-picture'> = {
  act: 'accept',
  counted: 'others',
  Body,
  Title,
  Evidence,
  options: () => [],
  isStale: ({ entityTitle: name }) => message('told.refused', { state: 'stale', name }),
  words: ({ entityTitle: name }) => ({
    name,
    accept: say('performerPicture.take'),
    acceptNamed: say('performerPicture.takeNamed', { name }),
    acceptAgain: say('performerPicture.take'),
    acceptAgainNamed: say('performerPicture.takeNamed', { name }),
    acceptedNamed: say('performerPicture.takenNamed', { name }),
    reject: say('performerPicture.refuse'),
    rejectNamed: say('performerPicture.refuseNamed', { name }),
    wasAccepted: say('performerPicture.taken'),
    wasRejected: say('performerPicture.refused'),
    wasRemoved: say('performerPicture.takenOff'),
  }),
};

function Body({ suggestion: { entity, view }, title, tabIndex }: Props): React.ReactElement {
  return (
    <div className="stash-sense-pair">
      <Link to={pageOf(entity)} tabIndex={tabIndex}>
        <Face url={null} label={title} size="large" />
      </Link>
      <Face url={view.picture} label={say('suggestions.faceSeen', { title })} size="large" />
    </div>
  );
}

function Title({ suggestion: { entity }, title, tabIndex }: Props): React.ReactElement {
  return (
    <Link to={pageOf(entity)} tabIndex={tabIndex}>
      {title}
    </Link>
  );
}

function Evidence(): React.ReactElement {
  return <span>{say('performerPicture.hasNone')}</span>;
}
