/** `window.PluginApi` as Stash's page has it: the parts a plugin may rely on, with the same names and rules. */
import * as Apollo from '@apollo/client';
import * as FontAwesomeSolid from '@fortawesome/free-solid-svg-icons';
import { FontAwesomeIcon, type FontAwesomeIconProps } from '@fortawesome/react-fontawesome';
import React from 'react';
import * as Bootstrap from 'react-bootstrap';
import ReactDOM from 'react-dom';
import * as Intl from 'react-intl';
import * as ReactRouterDOM from 'react-router-dom';
import { createPatches } from './patch.ts';
import { getPlayer } from './player.tsx';
import { useToast } from './toast.tsx';

export const client = new Apollo.ApolloClient({
  link: new Apollo.HttpLink({ uri: 'graphql' }),
  cache: new Apollo.InMemoryCache(),
  devtools: { enabled: false },
});

const { before, instead, after, patched } = createPatches();

type Component<Props> = (props: React.PropsWithChildren<Props>) => React.ReactElement | null;

const components: Record<string, unknown> = {};

/** A component other plugins may change, and find under its name. */
export function patchable<Props>(name: string, component: Component<Props>): Component<Props> {
  const result = patched(name, component as (...args: unknown[]) => unknown) as Component<Props>;
  components[name] = result;
  return result;
}

/** Only a place: it draws its children. */
export function container<Props>(name: string): Component<Props> {
  return patchable<Props>(name, ({ children }) => <>{children}</>);
}

export const Icon = patchable<FontAwesomeIconProps>('Icon', (props) => (
  <FontAwesomeIcon {...props} className={`fa-icon ${props.className ?? ''}`} />
));

export const Setting = patchable<{ heading?: React.ReactNode; subHeading?: React.ReactNode }>(
  'Setting',
  ({ heading, subHeading, children }) => (
    <div className="setting">
      <div>
        <h3>{heading}</h3>
        {subHeading !== undefined && <div className="sub-heading">{subHeading}</div>}
      </div>
      <div>{children}</div>
    </div>
  ),
);

export const PluginRoutes = container<object>('PluginRoutes');

const events = new EventTarget();
export function tellLocation(location: object): void {
  events.dispatchEvent(new CustomEvent('stash:location', { detail: { data: { location } } }));
}

export const PluginApi = {
  React,
  ReactDOM,
  libraries: { ReactRouterDOM, Bootstrap, Apollo, FontAwesomeSolid, Intl },
  components,
  patch: { before, instead, after },
  register: {
    route(path: string, Page: React.ComponentType): void {
      before('PluginRoutes', (props) => {
        const { children, ...rest } = (props ?? {}) as React.PropsWithChildren<object>;
        return [
          {
            ...rest,
            children: (
              <>
                {children}
                <ReactRouterDOM.Route path={path} component={Page} />
              </>
            ),
          },
        ];
      });
    },
  },
  utils: { StashService: { getClient: () => client }, InteractiveUtils: { getPlayer } },
  hooks: { useToast },
  Event: events,
};
