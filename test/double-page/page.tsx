/** A stand-in for Stash's page: loads plugins as Stash does, then draws the places they hang their things on. */
import { ApolloProvider, useQuery } from '@apollo/client';
import { faChartColumn, faCog } from '@fortawesome/free-solid-svg-icons';
import React, { useEffect, useState } from 'react';
import { Button, Card, Nav, Navbar } from 'react-bootstrap';
import ReactDOM from 'react-dom';
import { IntlProvider } from 'react-intl';
import { BrowserRouter, Link, NavLink, Route, Switch, useLocation, useParams } from 'react-router-dom';
import {
  client,
  container,
  Icon,
  patchable,
  PluginApi,
  PluginRoutes,
  Setting,
  tellLocation,
} from './plugin-api.tsx';
import { ImageList, PerformerList, SceneList } from './lists.tsx';
import { FIND_PERFORMER, PLUGINS } from './queries.ts';
import { ImageLoader, SceneLoader } from './scene.tsx';
import { ToastProvider } from './toast.tsx';

Object.assign(window, { PluginApi });

const MenuItems = container<object>('MainNavBar.MenuItems');
const UtilityItems = container<object>('MainNavBar.UtilityItems');
const ToolsSection = container<object>('SettingsToolsSection');

function MainNavbar(): React.ReactElement {
  const [isExpanded, setExpanded] = useState(false);
  // Stash's own close the menu by hand; what a plugin adds has to be known to the bar to do so.
  const dismiss = (): void => setExpanded(false);
  const utilities = (
    <UtilityItems>
      <NavLink className="nav-utility" exact to="/stats" onClick={dismiss}>
        <Button className="minimal d-flex align-items-center h-100" title="Statistics">
          <Icon icon={faChartColumn} />
        </Button>
      </NavLink>
      <NavLink className="nav-utility" exact to="/settings" onClick={dismiss}>
        <Button className="minimal d-flex align-items-center h-100" title="Settings">
          <Icon icon={faCog} />
        </Button>
      </NavLink>
    </UtilityItems>
  );
  return (
    <Navbar
      collapseOnSelect
      fixed="top"
      variant="dark"
      bg="dark"
      expand="xl"
      className="top-nav"
      expanded={isExpanded}
      onToggle={setExpanded}
    >
      <Navbar.Collapse className="bg-dark order-sm-1">
        <MenuItems>
          <Nav.Link as="div">
            <Link to="/">Scenes</Link>
          </Nav.Link>
        </MenuItems>
        <Nav className="menu-utilities">{utilities}</Nav>
      </Navbar.Collapse>
      <Navbar.Brand as="div">
        <Link to="/">Stash</Link>
      </Navbar.Brand>
      <Nav className="navbar-buttons flex-row ml-auto order-xl-2">
        {utilities}
        <Navbar.Toggle />
      </Nav>
    </Navbar>
  );
}

const PerformerDetailsPanel = patchable<{ performer: { id: string } }>('PerformerDetailsPanel', () => (
  <div className="detail-group" />
));

function Performer(): React.ReactElement {
  const { id } = useParams<{ id: string }>();
  const { data } = useQuery<{ findPerformer: { name: string; image_path: string } | null }>(FIND_PERFORMER, {
    variables: { id },
  });
  return (
    <>
      <h2>{data?.findPerformer?.name}</h2>
      <img src={data?.findPerformer?.image_path ?? ''} alt="" height="300" />
      {data?.findPerformer && <PerformerDetailsPanel performer={{ id }} />}
    </>
  );
}

function SettingsTools(): React.ReactElement {
  return (
    <>
      {['Tools', 'Scene tools'].map((title) => (
        <div className="setting-section" key={title}>
          <h1>{title}</h1>
          <Card>
            <ToolsSection>
              <Setting heading={<Button>{title}</Button>} />
            </ToolsSection>
          </Card>
        </div>
      ))}
    </>
  );
}

function App(): React.ReactElement {
  const location = useLocation();
  useEffect(() => tellLocation(location), [location]);
  return (
    <>
      <MainNavbar />
      <div className="main container-fluid">
        <Switch>
          <Route exact path="/" component={SceneList} />
          <Route exact path="/scenes" component={SceneList} />
          <Route path="/scenes/:id" component={SceneLoader} />
          <Route exact path="/images" component={ImageList} />
          <Route path="/images/:id" component={ImageLoader} />
          <Route exact path="/performers" component={PerformerList} />
          <Route path="/performers/:id" component={Performer} />
          <Route path="/settings" component={SettingsTools} />
          <PluginRoutes />
        </Switch>
      </div>
    </>
  );
}

/** Styles at once, scripts in their order; the page is drawn when all have been loaded or have failed. */
async function loadPlugins(): Promise<void> {
  const { data } = await client.query<{
    plugins: { enabled: boolean; paths: { javascript: string[] | null; css: string[] | null } }[];
  }>({ query: PLUGINS });
  const enabled = data.plugins.filter((plugin) => plugin.enabled);
  for (const href of enabled.flatMap(({ paths }) => paths.css ?? []))
    document.head.append(Object.assign(document.createElement('link'), { rel: 'stylesheet', href }));
  await Promise.all(
    enabled
      .flatMap(({ paths }) => paths.javascript ?? [])
      .map(
        (src) =>
          new Promise<void>((resolve) => {
            const script = Object.assign(document.createElement('script'), { src, async: false });
            script.addEventListener('load', () => resolve());
            script.addEventListener('error', () => resolve());
            document.body.append(script);
          }),
      ),
  );
}

const basename = new URL(document.baseURI).pathname.replace(/\/$/, '');
await loadPlugins();
ReactDOM.render(
  <ApolloProvider client={client}>
    <IntlProvider locale={document.documentElement.lang} messages={{}}>
      <BrowserRouter basename={basename}>
        <ToastProvider>
          <App />
        </ToastProvider>
      </BrowserRouter>
    </IntlProvider>
  </ApolloProvider>,
  document.querySelector('#root'),
);
