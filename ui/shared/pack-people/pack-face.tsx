import React, { useRef } from 'react';
import { say } from '../../stash/intl.tsx';
import { useSeen } from '../hooks/use-seen.ts';
import { Face } from '../widgets/face.tsx';
import { useBoxPicture } from './box-pictures.ts';

type Props = {
  readonly personId: string;
  readonly name: string;
  readonly size: 'small' | 'medium' | 'large';
  /** Whether why there is no picture is said below it; else it is the tooltip alone. */
  readonly withReason?: boolean;
};

/** The picture of somebody of a reference pack, which our Node side asks the stash-box for. */
export function PackFace({ personId, name, size, withReason = false }: Props): React.ReactElement {
  const root = useRef<HTMLSpanElement>(null);
  const picture = useBoxPicture(personId, useSeen(root));
  const why = picture?.problem == null ? '' : say(picture.problem);
  return (
    <span className="stash-sense-pack-face" ref={root} title={why}>
      <Face url={picture?.url ?? null} label={say('faces.pictureOf', { name })} size={size} />
      {withReason && why !== '' && <span className="stash-sense-why text-muted">{why}</span>}
    </span>
  );
}
