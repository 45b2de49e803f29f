import React from 'react';
import { Link } from 'react-router-dom';
import { Face } from '../../shared/widgets/face.tsx';
import { clock, isWorthSaying, percent, sourceName } from '../../shared/words.ts';
import { around, say, SLOT } from '../../stash/intl.tsx';
import { facesAddress } from '../../stash/navigation.ts';
import type { PartProps, Renderer } from './renderer.ts';

type Props = PartProps<'performer-seen'>;

/** A face that was seen beside the picture it fits, and where. */
export const performerSeenRenderer: Renderer<'performer-seen'> = {
  Body,
  Title,
  Evidence,
  words: ({ targetName: name }) => ({
    accept: say('page.add'),
    acceptNamed: say('suggestions.addNamed', { name }),
    acceptAgain: say('page.addAgain'),
    acceptAgainNamed: say('suggestions.addAgainNamed', { name }),
    reject: say('faces.notThisPerson'),
    rejectNamed: say('faces.notThisPersonNamed', { name }),
    wasAccepted: say('faces.wasAdded'),
    wasRejected: say('suggestions.notThisPerson'),
    wasRemoved: say('faces.wasTakenOff'),
  }),
};

function Body({ suggestion, title, tabIndex }: Props): React.ReactElement {
  const { entity, targetName, view } = suggestion;
  const { crop, reference } = view;
  const at = crop?.timeMs ?? null;
  return (
    <div className="stash-sense-pair">
      <figure>
        <Face
          url={crop?.url ?? null}
          label={
            at === null
              ? say('suggestions.faceSeen', { title })
              : say('suggestions.faceSeenAt', { time: clock(at), title })
          }
          size="large"
        />
        <figcaption className="text-muted">
          {at === null
            ? say('suggestions.seen')
            : around(
                say('suggestions.seenAt', { time: SLOT }),
                <Moment entity={entity} timeMs={at} tabIndex={tabIndex} />,
              )}
        </figcaption>
      </figure>
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

const TIMES_SHOWN = 3;

function Evidence({ suggestion: { entity, evidence }, tabIndex }: Props): React.ReactElement {
  const { faceCount, timesMs, alternatives } = evidence;
  const rival = alternatives.find(({ confidence }) => isWorthSaying(confidence));
  return (
    <>
      {say('faces.faces', { count: faceCount })}
      {timesMs.slice(0, TIMES_SHOWN).map((timeMs) => (
        <React.Fragment key={timeMs}>
          {', '}
          <Moment entity={entity} timeMs={timeMs} tabIndex={tabIndex} />
        </React.Fragment>
      ))}
      {rival && say('suggestions.orRival', { name: rival.name, confidence: percent(rival.confidence) })}
      {entity.kind !== 'scene' && (
        <>
          {' · '}
          <Link to={facesAddress(entity)} tabIndex={tabIndex}>
            {say('suggestions.allFaces')}
          </Link>
        </>
      )}
    </>
  );
}

/** Stash's page of a scene begins at that second; an image that is a clip has no such address. */
function Moment({
  entity: { kind, id },
  timeMs,
  tabIndex,
}: {
  entity: Props['suggestion']['entity'];
  timeMs: number;
  tabIndex: number;
}): React.ReactElement {
  if (kind !== 'scene') return <>{clock(timeMs)}</>;
  return (
    <Link to={`/scenes/${id}?t=${timeMs / 1000}`} tabIndex={tabIndex}>
      {clock(timeMs)}
    </Link>
  );
}
