import { faUserCheck } from '@fortawesome/free-solid-svg-icons';
import React, { useEffect, useState } from 'react';
import { Badge, Button, Nav } from 'react-bootstrap';
import { NavLink } from 'react-router-dom';
import { saidTask } from '../../core/runs/task-words.ts';
import { Boundary } from '../stash/boundary.tsx';
import { Icon } from '../stash/icon.tsx';
import { ownAddress, PAGE } from '../stash/navigation.ts';
import { onNews, openCount, type News } from '../shared/news.ts';
import type { Patch } from '../stash/patch.tsx';
import { say } from '../stash/intl.tsx';
import { useToast } from '../stash/toast.tsx';

/** More than that is only many. */
const MOST_COUNTED = 999;

/**
Rendered twice, in the navigation bar and in the menu of narrow screens, so no element has an id. Stash closes the menu when
an item with a React key was chosen.
*/
export const navbar: Patch<object> = {
  component: 'MainNavBar.UtilityItems',
  place: 'inside',
  isSilent: true,
  draw: () => (
    <Nav.Link
      as={NavLink}
      className="nav-utility"
      to={({ pathname }: { pathname: string }) => ownAddress(pathname)}
      isActive={(_: unknown, { pathname }: { pathname: string }) => pathname === PAGE}
      eventKey={PAGE}
    >
      <Button
        className="minimal d-flex align-items-center h-100"
        title={say('page.name')}
        aria-label={say('page.name')}
      >
        <Icon icon={faUserCheck} />
        <Boundary name="news" isSilent>
          <Open />
        </Boundary>
      </Button>
    </Nav.Link>
  ),
};

/** How many suggestions are open, as far as this browser knows, and a toast for what a run has added to them. */
function Open(): React.ReactElement | null {
  const [open, setOpen] = useState(openCount);
  const toast = useToast();
  useEffect(
    () =>
      onNews((news) => {
        setOpen(openCount());
        if (news !== null) tell(news, (text) => toast.done(text));
      }),
    [toast],
  );
  if (open === 0) return null;
  return (
    <Badge pill variant="info" className="stash-sense-open">
      {say('news.open', { count: Math.min(open, MOST_COUNTED), isMore: open > MOST_COUNTED ? 'yes' : 'no' })}
    </Badge>
  );
}

/** One for both entries, and none where our own page shows it. */
function tell(news: News, done: (text: string) => void): void {
  if (news.isTold || window.location.pathname.endsWith(PAGE)) return;
  news.isTold = true;
  done(say('news.suggestions', { task: saidTask(news.task), count: news.count }));
}
