import { faUserCheck } from '@fortawesome/free-solid-svg-icons';
import React, { useEffect, useRef, useState } from 'react';
import { Nav, Tab } from 'react-bootstrap';
import { Link } from 'react-router-dom';
import { Boundary } from './stash/boundary.tsx';
import { Icon } from './stash/icon.tsx';
import { StashIdsTab } from './stash-ids/tab.tsx';
import { SuggestionsTab } from './suggestions/tab.tsx';
import { HistoryTab } from './history/tab.tsx';
import { PeopleTab } from './people/tab.tsx';
import { AskPicture } from './pictures/ask.tsx';
import { PicturesTab } from './pictures/tab.tsx';
import { RunsTab } from './runs/tab.tsx';
import { ScheduleTab } from './schedule/tab.tsx';
import { SettingsTab, type SettingsDraft } from './settings/tab.tsx';
import { StatusTab } from './status/tab.tsx';
import { MinorButton } from './shared/widgets/minor-button.tsx';
import { FacePanel as Face } from './performer/face.tsx';
import { BoxesPanel as Panel } from './performer/panel.tsx';
import { SceneBoxesPanel as ScenePanel } from './scene/panel.tsx';
import { useQuery } from './shared/hooks/use-query.ts';
import { entityName } from './shared/words.ts';
import { pageOf } from './stash/navigation.ts';
import { say } from './stash/intl.tsx';

// This script has a `say` of its own, which the boundaries of the first one tell no language: what it exports stands in its own.

/** The plugin's page. */
export function StashSensePage(): React.ReactElement {
  return (
    <Boundary name="page">
      <Tabs />
    </Boundary>
  );
}

/** The panel of a performer stands in this script too: it is loaded when it is opened. */
export function BoxesPanel(props: React.ComponentProps<typeof Panel>): React.ReactElement {
  return (
    <Boundary name="stash-boxes of a performer">
      <Panel {...props} />
    </Boundary>
  );
}

/** That of a scene. */
export function SceneBoxesPanel(props: React.ComponentProps<typeof ScenePanel>): React.ReactElement {
  return (
    <Boundary name="stash-boxes of a scene">
      <ScenePanel {...props} />
    </Boundary>
  );
}

export function FacePanel(props: React.ComponentProps<typeof Face>): React.ReactElement {
  return (
    <Boundary name="face of a performer">
      <Face {...props} />
    </Boundary>
  );
}

/** Of a performer what would stand on their page. */
function Pictures(): React.ReactElement {
  const id = /^\d+$/.exec(useQuery().values.get('performer') ?? '')?.[0];
  if (id === undefined) return <PicturesTab />;
  return (
    <div key={id}>
      <h4>
        <Link to={pageOf({ kind: 'performer', id })}>{entityName({ kind: 'performer', id })}</Link>
      </h4>
      <Face performerId={id} />
      <Panel performerId={id} />
    </div>
  );
}

const TABS = [
  { key: 'suggestions', Content: SuggestionsTab },
  { key: 'stashIds', Content: StashIdsTab },
  { key: 'pictures', Content: Pictures },
  { key: 'runs', Content: RunsTab },
  { key: 'schedule', Content: ScheduleTab },
  { key: 'people', Content: PeopleTab },
  { key: 'history', Content: HistoryTab },
  { key: 'status', Content: StatusTab },
  { key: 'settings', Content: null },
] as const;

/**
What the URL names by its number is shown on the tab for pictures, where Stash's page of it has no place for us. `performer` is a
condition of the suggestions too, and so needs its tab to be named.
*/
const NAMED = ['scene', 'image', 'gallery'] as const;

/** The URL contains the tab; `?image=12` opens the faces of that image, and so on. */
function Tabs(): React.ReactElement {
  const { values, change } = useQuery();
  const [draft, setDraft] = useState<SettingsDraft>({});
  const [isAsking, setAsking] = useState(false);
  const asked = NAMED.some((kind) => values.has(kind)) ? 'pictures' : values.get('tab');
  const active = TABS.find(({ key }) => key === asked)?.key ?? 'suggestions';
  const tabs = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // On a phone the row of tabs scrolls.
    const tab = tabs.current?.querySelector(`[data-rb-event-key="${active}"]`);
    tab?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [active]);
  const leaveBehind = Object.fromEntries([...values.keys()].map((name) => [name, null]));
  return (
    <div className="stash-sense stash-sense-page container-fluid">
      <div className="text-center">
        <h3 className="stash-sense-title d-inline-block">
          <Icon icon={faUserCheck} /> {say('page.name')}
        </h3>{' '}
        {active !== 'pictures' && (
          <MinorButton aria-expanded={isAsking} onClick={() => setAsking(!isAsking)}>
            {say('pictures.ask')}
          </MinorButton>
        )}
      </div>
      {isAsking && active !== 'pictures' && <AskPicture />}
      <Tab.Container
        activeKey={active}
        onSelect={(key) => change({ ...leaveBehind, tab: key === 'suggestions' ? null : key }, 'push')}
        transition={false}
      >
        <Nav variant="tabs" ref={tabs}>
          {TABS.map(({ key }) => (
            <Nav.Item key={key}>
              <Nav.Link eventKey={key}>{say(`page.tab.${key}`)}</Nav.Link>
            </Nav.Item>
          ))}
        </Nav>
        <Tab.Content>
          {TABS.map(({ key, Content }) => (
            <Tab.Pane key={key} eventKey={key} mountOnEnter unmountOnExit>
              <Boundary name={key}>
                {Content === null ? <SettingsTab draft={draft} onDraft={setDraft} /> : <Content />}
              </Boundary>
            </Tab.Pane>
          ))}
        </Tab.Content>
      </Tab.Container>
    </div>
  );
}
