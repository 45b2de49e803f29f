import { faUserCheck } from '@fortawesome/free-solid-svg-icons';
import React, { useState } from 'react';
import { Nav, Tab } from 'react-bootstrap';
import { Boundary } from './stash/boundary.tsx';
import { Icon } from './stash/icon.tsx';
import { SuggestionsTab } from './suggestions/tab.tsx';
import { HistoryTab } from './history/tab.tsx';
import { PeopleTab } from './people/tab.tsx';
import { PicturesTab } from './pictures/tab.tsx';
import { RunsTab } from './runs/tab.tsx';
import { SettingsTab, type SettingsDraft } from './settings/tab.tsx';
import { StatusTab } from './status/tab.tsx';
import { useQuery } from './shared/hooks/use-query.ts';

const TABS = [
  { key: 'suggestions', title: 'Suggestions', Content: SuggestionsTab },
  { key: 'pictures', title: 'Images & galleries', Content: PicturesTab },
  { key: 'runs', title: 'Runs & problems', Content: RunsTab },
  { key: 'people', title: 'People', Content: PeopleTab },
  { key: 'history', title: 'History', Content: HistoryTab },
  { key: 'status', title: 'Status', Content: StatusTab },
  { key: 'settings', title: 'Settings', Content: null },
] as const;

/** Our own page. The address keeps the tab; `?image=12` and `?gallery=12` open that one's faces. */
export function StashSensePage(): React.ReactElement {
  const { values, change } = useQuery();
  const [draft, setDraft] = useState<SettingsDraft>({});
  const asked = values.has('image') || values.has('gallery') ? 'pictures' : values.get('tab');
  const active = TABS.find(({ key }) => key === asked)?.key ?? 'suggestions';
  const leaveBehind = Object.fromEntries([...values.keys()].map((name) => [name, null]));
  return (
    <div className="stash-sense stash-sense-page container-fluid">
      <h3 className="stash-sense-title">
        <Icon icon={faUserCheck} /> Stash Sense
      </h3>
      <Tab.Container
        activeKey={active}
        onSelect={(key) => change({ ...leaveBehind, tab: key === 'suggestions' ? null : key }, 'push')}
        transition={false}
      >
        <Nav variant="tabs">
          {TABS.map(({ key, title }) => (
            <Nav.Item key={key}>
              <Nav.Link eventKey={key}>{title}</Nav.Link>
            </Nav.Item>
          ))}
        </Nav>
        <Tab.Content>
          {TABS.map(({ key, title, Content }) => (
            <Tab.Pane key={key} eventKey={key} mountOnEnter unmountOnExit>
              <Boundary name={title}>
                {Content === null ? <SettingsTab draft={draft} onDraft={setDraft} /> : <Content />}
              </Boundary>
            </Tab.Pane>
          ))}
        </Tab.Content>
      </Tab.Container>
    </div>
  );
}
