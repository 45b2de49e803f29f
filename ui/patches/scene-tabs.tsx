import { faUserCheck } from '@fortawesome/free-solid-svg-icons';
import React, { useRef } from 'react';
import { Button, Nav } from 'react-bootstrap';
import { identifyRequests } from '../faces/identify-requests.ts';
import { Icon } from '../stash/icon.tsx';
import { hasTabsOnly } from '../stash/navigation.ts';
import type { Patch } from '../stash/patch.tsx';
import { FACES_TAB, useSceneId, type ScenePageProps } from './scene-page.ts';
import { say } from '../stash/intl.tsx';

/** The tab's head, and the button that opens it and identifies. */
export const sceneTabs: Patch<ScenePageProps> = {
  component: 'ScenePage.Tabs',
  place: 'inside',
  isSilent: true,
  draw: ({ scene }) => <FacesTab sceneId={scene?.id} />,
};

function FacesTab({ sceneId }: { sceneId: string | undefined }): React.ReactElement | null {
  const id = useSceneId(sceneId);
  const tab = useRef<HTMLAnchorElement>(null);
  if (id === null || hasTabsOnly()) return null;
  return (
    // In one item, so that both stay together when the tabs wrap.
    <Nav.Item className="d-flex">
      <Nav.Link ref={tab} eventKey={FACES_TAB}>
        {say('faces.title')}
      </Nav.Link>
      <Button
        className="minimal stash-sense-identify"
        title={say('faces.identify')}
        aria-label={say('faces.identify')}
        onClick={() => {
          tab.current?.click();
          identifyRequests.send({ kind: 'scene', id });
        }}
      >
        <Icon icon={faUserCheck} />
      </Button>
    </Nav.Item>
  );
}
