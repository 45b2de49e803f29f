import React from 'react';
import { Tab } from 'react-bootstrap';
import { FacesPanel } from '../faces/faces-panel.tsx';
import { SceneBoxes } from '../own-page.tsx';
import { Boundary } from '../stash/boundary.tsx';
import { say } from '../stash/intl.tsx';
import type { Patch } from '../stash/patch.tsx';
import { FindOnBoxes } from './find-on-boxes.tsx';
import { FACES_TAB, useSceneId, type ScenePageProps } from './scene-page.ts';

export const sceneTabContent: Patch<ScenePageProps> = {
  component: 'ScenePage.TabContent',
  place: 'inside',
  isSilent: true,
  draw: ({ scene }) => <FacesPane sceneId={scene?.id} performers={scene?.performers} />,
};

/** Stash renders all panes, also hidden ones; this one sends no request before it is opened. */
function FacesPane({
  sceneId,
  performers,
}: {
  sceneId: string | undefined;
  performers: ScenePageProps['scene']['performers'];
}): React.ReactElement | null {
  const id = useSceneId(sceneId);
  if (id === null) return null;
  return (
    <Tab.Pane eventKey={FACES_TAB} mountOnEnter>
      <Boundary key={id} name="faces of a scene">
        <FacesPanel entity={{ kind: 'scene', id }} performers={performers} />
      </Boundary>
      <Boundary name="stash-boxes of a scene">
        <FindOnBoxes id={id} title={say('scenePage.title')}>
          <SceneBoxes key={id} sceneId={id} />
        </FindOnBoxes>
      </Boundary>
    </Tab.Pane>
  );
}
