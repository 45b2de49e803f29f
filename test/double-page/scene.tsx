/** The scene page: the places a plugin may use, and who is on the scene. */
import { useQuery } from '@apollo/client';
import React, { useState } from 'react';
import { Nav, Tab } from 'react-bootstrap';
import { Link, useParams } from 'react-router-dom';
import { EditForm } from './edit-form.tsx';
import { VideoPlayer } from './player.tsx';
import { container, patchable } from './plugin-api.tsx';
import { FIND_IMAGE, FIND_SCENE } from './queries.ts';

type Performer = { id: string; name: string; image_path: string | null };
type Scene = {
  id: string;
  title: string;
  files: { basename: string; path: string; duration: number; width: number; height: number }[];
  paths: { screenshot: string; stream: string };
  performers: Performer[];
  tags: { id: string; name: string }[];
};

const SceneTabs = container<{ scene: Scene }>('ScenePage.Tabs');
const SceneTabContent = container<{ scene: Scene }>('ScenePage.TabContent');

const ScenePage = patchable<{ scene: Scene }>('ScenePage', (props) => {
  const { scene } = props;
  const [active, setActive] = useState<string>('scene-details-panel');
  const [file] = scene.files;
  return (
    <>
      <div className="scene-tabs order-xl-first order-last">
        <h3 className="scene-header">{titleOf(scene)}</h3>
        <Tab.Container activeKey={active} onSelect={(key) => key !== null && setActive(key)}>
          <Nav variant="tabs" className="mr-auto">
            <SceneTabs {...props}>
              <Nav.Item>
                <Nav.Link eventKey="scene-details-panel">Details</Nav.Link>
              </Nav.Item>
              <Nav.Item>
                <Nav.Link eventKey="scene-markers-panel">Markers</Nav.Link>
              </Nav.Item>
              <Nav.Item>
                <Nav.Link eventKey="scene-file-info-panel">File Info</Nav.Link>
              </Nav.Item>
              <Nav.Item>
                <Nav.Link eventKey="scene-edit-panel">Edit</Nav.Link>
              </Nav.Item>
            </SceneTabs>
          </Nav>
          <Tab.Content>
            <SceneTabContent {...props}>
              <Tab.Pane eventKey="scene-details-panel">
                <Performers performers={scene.performers} />
                <p className="tags">{scene.tags.map(({ name }) => name).join(', ')}</p>
              </Tab.Pane>
              <Tab.Pane eventKey="scene-markers-panel">No markers</Tab.Pane>
              <Tab.Pane eventKey="scene-file-info-panel">
                {file && `${file.path}, ${file.width} × ${file.height}, ${Math.round(file.duration)} s`}
              </Tab.Pane>
              <Tab.Pane eventKey="scene-edit-panel" mountOnEnter>
                <EditForm kind="scene" entity={scene} />
              </Tab.Pane>
            </SceneTabContent>
          </Tab.Content>
        </Tab.Container>
      </div>
      <div className="scene-player-container">
        <VideoPlayer source={scene.paths.stream} poster={scene.paths.screenshot} />
      </div>
    </>
  );
});

export function SceneLoader(): React.ReactElement {
  const { id } = useParams<{ id: string }>();
  const { data, error } = useQuery<{ findScene: Scene | null }>(FIND_SCENE, { variables: { id } });
  if (error) return <h4>{error.message}</h4>;
  if (!data) return <h4>Loading…</h4>;
  if (data.findScene === null) return <h4>No scene found with id {id}.</h4>;
  return (
    <div className="row">
      <ScenePage scene={data.findScene} />
    </div>
  );
}

type Image = { id: string; title: string; paths: { image: string }; performers: Performer[] };

const ImageDetailPanel = patchable<{ image: Image }>('ImageDetailPanel', ({ image }) => (
  <Performers performers={image.performers} />
));

export function ImageLoader(): React.ReactElement {
  const { id } = useParams<{ id: string }>();
  const { data } = useQuery<{ findImage: Image | null }>(FIND_IMAGE, { variables: { id } });
  const image = data?.findImage;
  if (!image) return <h4>{data ? `No image found with id ${id}.` : 'Loading…'}</h4>;
  return (
    <div className="row">
      <div className="scene-tabs order-xl-first order-last">
        <h3>{image.title === '' ? `Image ${image.id}` : image.title}</h3>
        <Tab.Container defaultActiveKey="image-details-panel">
          <Nav variant="tabs" className="mr-auto">
            <Nav.Item>
              <Nav.Link eventKey="image-details-panel">Details</Nav.Link>
            </Nav.Item>
            <Nav.Item>
              <Nav.Link eventKey="image-edit-panel">Edit</Nav.Link>
            </Nav.Item>
          </Nav>
          <Tab.Content>
            <Tab.Pane eventKey="image-details-panel">
              <ImageDetailPanel image={image} />
            </Tab.Pane>
            <Tab.Pane eventKey="image-edit-panel" mountOnEnter>
              <EditForm kind="image" entity={image} />
            </Tab.Pane>
          </Tab.Content>
        </Tab.Container>
      </div>
      <div className="scene-player-container">
        <img className="w-100" src={image.paths.image} alt="" />
      </div>
    </div>
  );
}

function Performers({ performers }: { performers: Performer[] }): React.ReactElement {
  return (
    <ul className="performers list-unstyled">
      {performers.map(({ id, name, image_path }) => (
        <li key={id}>
          <img src={image_path ?? ''} alt="" height="60" /> <Link to={`/performers/${id}`}>{name}</Link>
        </li>
      ))}
    </ul>
  );
}

export function titleOf({
  id,
  title,
  files,
}: {
  id: string;
  title: string;
  files: { basename: string }[];
}): string {
  return title === '' ? (files[0]?.basename ?? `Scene ${id}`) : title;
}
