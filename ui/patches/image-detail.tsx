import { faUserCheck } from '@fortawesome/free-solid-svg-icons';
import React, { useState } from 'react';
import { useLocation } from 'react-router-dom';
import { FacesPanel } from '../faces/faces-panel.tsx';
import { Icon } from '../stash/icon.tsx';
import { idInPath } from '../stash/navigation.ts';
import type { Patch } from '../stash/patch.tsx';
import { say } from '../stash/intl.tsx';
import { MinorButton } from '../shared/widgets/minor-button.tsx';

type ImageDetailProps = {
  readonly image: { readonly id: string; readonly performers?: readonly { readonly id: string }[] };
};

/** Renders below the details of an image, the only place on its page that Stash lets plugins patch. */
export const imageDetail: Patch<ImageDetailProps> = {
  component: 'ImageDetailPanel',
  place: 'after',
  draw: ({ image }) => <ImageFaces imageId={image?.id} performers={image?.performers} />,
};

function ImageFaces({
  imageId,
  performers,
}: {
  imageId: string | undefined;
  performers: ImageDetailProps['image']['performers'];
}): React.ReactElement | null {
  const { pathname } = useLocation();
  const id = imageId ?? idInPath('image', pathname);
  const [openId, setOpenId] = useState<string | null>(null);
  if (id === null) return null;
  return (
    <div className="stash-sense stash-sense-image-faces">
      <h6>{say('faces.title')}</h6>
      {openId === id ? (
        <FacesPanel key={id} entity={{ kind: 'image', id }} performers={performers} />
      ) : (
        <MinorButton onClick={() => setOpenId(id)}>
          <Icon icon={faUserCheck} /> {say('faces.identify')}
        </MinorButton>
      )}
    </div>
  );
}
