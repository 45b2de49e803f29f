import React, { useEffect, useState } from 'react';
import { Button } from 'react-bootstrap';
import { Link } from 'react-router-dom';
import { createFirstOf } from '../shared/first-of.ts';
import { stash } from '../stash/api.ts';
import { PAGE } from '../stash/navigation.ts';
import type { Patch } from '../stash/patch.tsx';
import { say } from '../stash/intl.tsx';

export const settingsTools: Patch<object> = {
  component: 'SettingsToolsSection',
  place: 'inside',
  isSilent: true,
  draw: () => <ToolsEntry />,
};

/** Stash renders the section twice (since 0.29). */
const entries = createFirstOf();

function ToolsEntry(): React.ReactElement | null {
  const [isFirst, setFirst] = useState(false);
  useEffect(() => entries.enter(setFirst), []);
  if (!isFirst) return null;
  const heading = (
    <Link to={PAGE}>
      <Button>{say('page.name')}</Button>
    </Link>
  );
  const { Setting } = stash().components;
  return Setting ? (
    <Setting heading={heading} subHeading={say('page.whatItShows')} />
  ) : (
    <div className="setting">{heading}</div>
  );
}
