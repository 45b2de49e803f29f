import React from 'react';
import { say } from '../../stash/intl.tsx';
import { BoxFace } from '../pack-people/pack-face.tsx';
import { Face } from '../widgets/face.tsx';

type Props = {
  readonly mine: { readonly name: string; readonly url: string | null };
  readonly theirs: {
    readonly name: string;
    /** As people call the stash-box. */
    readonly box: string;
    readonly endpoint: string;
    readonly imageId: string | null;
  };
};

/** The picture of a performer beside that of whom they may be at a stash-box. */
export function BothPictures({ mine, theirs }: Props): React.ReactElement {
  const { name, box, endpoint, imageId } = theirs;
  return (
    <div className="stash-sense-pair">
      <figure>
        <Face url={mine.url} label={say('faces.pictureOf', { name: mine.name })} size="large" />
        <figcaption className="text-muted">{say('stashIds.yours')}</figcaption>
      </figure>
      <figure>
        {imageId === null ? (
          <Face url={null} label={say('faces.pictureOf', { name })} size="large" />
        ) : (
          <BoxFace endpoint={endpoint} imageId={imageId} name={name} size="large" withReason />
        )}
        <figcaption className="text-muted">{box}</figcaption>
      </figure>
    </div>
  );
}
