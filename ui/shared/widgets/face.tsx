import { faUser } from '@fortawesome/free-solid-svg-icons';
import React, { useState } from 'react';
import { pictureAddress } from '../../stash/navigation.ts';
import { Icon } from '../../stash/icon.tsx';
import { say } from '../../stash/intl.tsx';

type Props = {
  /** Null draws a stand-in of the same size. */
  readonly url: string | null;
  /** What is to be seen, in words. */
  readonly label: string;
  readonly size: 'small' | 'medium' | 'large' | 'cover';
};

/** A square picture of a face, or as a `cover` a wide one of a scene. One that cannot be loaded is replaced by a stand-in. */
export function Face({ url, label, size }: Props): React.ReactElement {
  const [brokenUrl, setBrokenUrl] = useState<string | null>(null);
  const address = url === null || url === brokenUrl ? null : pictureAddress(url);
  const className = `stash-sense-face stash-sense-face-${size}`;
  if (address === null)
    return (
      <span
        className={`${className} stash-sense-face-none`}
        role="img"
        aria-label={say('page.noPictureOf', { label })}
      >
        <Icon icon={faUser} />
      </span>
    );
  return (
    <img className={className} src={address} alt={label} loading="lazy" onError={() => setBrokenUrl(url)} />
  );
}
