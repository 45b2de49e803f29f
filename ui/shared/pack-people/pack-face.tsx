import React, { useRef } from 'react';
import { say } from '../../stash/intl.tsx';
import { useSeen } from '../hooks/use-seen.ts';
import { Face } from '../widgets/face.tsx';
import { PICTURES_OF_BOXES, PICTURES_OF_PEOPLE, useBoxPicture, type PictureQueue } from './box-pictures.ts';

type Shown = {
  readonly name: string;
  readonly size: 'small' | 'medium' | 'large' | 'cover';
  /** Whether why there is no picture is said below it; else it is the tooltip alone. */
  readonly withReason?: boolean;
};

/** The picture of somebody of a reference pack, which our Node side asks the stash-box for. */
export function PackFace({ personId, ...shown }: Shown & { readonly personId: string }): React.ReactElement {
  return <AskedFace queue={PICTURES_OF_PEOPLE} pictureKey={personId} {...shown} />;
}

/** A picture that a stash-box has of a performer or a scene. @param imageId null: it has none */
export function BoxFace({
  endpoint,
  imageId,
  ...shown
}: Shown & { readonly endpoint: string; readonly imageId: string | null }): React.ReactElement {
  if (imageId === null) return <FaceOrReason url={null} why={say('packPeople.noPicture')} {...shown} />;
  return <AskedFace queue={PICTURES_OF_BOXES} pictureKey={`${endpoint} ${imageId}`} {...shown} />;
}

function AskedFace({
  queue,
  pictureKey,
  ...shown
}: Shown & { readonly queue: PictureQueue; readonly pictureKey: string }): React.ReactElement {
  const root = useRef<HTMLSpanElement>(null);
  const picture = useBoxPicture(queue, pictureKey, useSeen(root));
  const why = picture?.problem == null ? '' : say(picture.problem);
  return <FaceOrReason url={picture?.url ?? null} why={why} root={root} {...shown} />;
}

function FaceOrReason({
  url,
  why,
  root,
  name,
  size,
  withReason = false,
}: Shown & { url: string | null; why: string; root?: React.RefObject<HTMLSpanElement> }): React.ReactElement {
  return (
    <span className="stash-sense-pack-face" ref={root} title={why}>
      <Face url={url} label={say('faces.pictureOf', { name })} size={size} />
      {withReason && why !== '' && <span className="stash-sense-why text-muted">{why}</span>}
    </span>
  );
}
