import React from 'react';
import { Link } from 'react-router-dom';
import type { SuggestionViewOf } from '../../../core/contract/suggestions.ts';
import { toldApart } from '../../../core/sampling/thin-times.ts';
import { Face } from '../../shared/widgets/face.tsx';
import { clock } from '../../shared/words.ts';
import { around, say, SLOT } from '../../stash/intl.tsx';
import { facesAddress } from '../../stash/navigation.ts';

type Seen = SuggestionViewOf<'performer-seen'>;

/** A face that was seen, and when. */
export function SeenFace({
  entity,
  crop,
  title,
  tabIndex,
  isOnCover = false,
}: Pick<Seen, 'entity'> &
  Pick<Seen['view'], 'crop'> & {
    title: string;
    tabIndex: number;
    isOnCover?: boolean;
  }): React.ReactElement {
  const at = crop?.timeMs ?? null;
  return (
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
          ? say(isOnCover ? 'suggestions.onCover' : 'suggestions.seen')
          : around(
              say('suggestions.seenAt', { time: SLOT }),
              <Moment entity={entity} timeMs={at} tabIndex={tabIndex} />,
            )}
      </figcaption>
    </figure>
  );
}

const TIMES_SHOWN = 3;

/** How many faces were seen, and when, or that it was on the cover alone; then the children, and for a picture the way to all its faces. */
export function SeenEvidence({
  entity,
  evidence: { faceCount, timesMs, onlyCover = false },
  tabIndex,
  children,
}: Pick<Seen, 'entity'> & {
  evidence: Pick<Seen['evidence'], 'faceCount' | 'timesMs'> & { onlyCover?: boolean | undefined };
  tabIndex: number;
  children?: React.ReactNode;
}): React.ReactElement {
  return (
    <>
      {onlyCover ? say('faces.onlyCover') : say('faces.faces', { count: faceCount })}
      {toldApart(timesMs)
        .slice(0, TIMES_SHOWN)
        .map((timeMs) => (
          <React.Fragment key={timeMs}>
            {', '}
            <Moment entity={entity} timeMs={timeMs} tabIndex={tabIndex} />
          </React.Fragment>
        ))}
      {children}
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
  entity: Seen['entity'];
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
