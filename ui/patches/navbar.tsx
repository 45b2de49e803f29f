import { faUserCheck } from '@fortawesome/free-solid-svg-icons';
import React from 'react';
import { Button, Nav } from 'react-bootstrap';
import { NavLink } from 'react-router-dom';
import { Icon } from '../stash/icon.tsx';
import { PAGE } from '../stash/navigation.ts';
import type { Patch } from '../stash/patch.tsx';
import { say } from '../stash/intl.tsx';

/**
Rendered twice, in the navigation bar and in the menu of narrow screens, so no element has an id. Stash closes the menu when
an item with a React key was chosen.
*/
export const navbar: Patch<object> = {
  component: 'MainNavBar.UtilityItems',
  place: 'inside',
  isSilent: true,
  draw: () => (
    <Nav.Link as={NavLink} className="nav-utility" to={PAGE} eventKey={PAGE}>
      <Button
        className="minimal d-flex align-items-center h-100"
        title={say('page.name')}
        aria-label={say('page.name')}
      >
        <Icon icon={faUserCheck} />
      </Button>
    </Nav.Link>
  ),
};
