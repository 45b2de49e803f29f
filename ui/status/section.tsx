import React from 'react';
import { Card } from 'react-bootstrap';

/** A titled part of the page that can be jumped to. */
export function Section({
  id,
  title,
  aside,
  children,
}: React.PropsWithChildren<{
  readonly id?: string;
  readonly title: string;
  readonly aside?: React.ReactNode;
}>): React.ReactElement {
  return (
    <Card as="section" className="stash-sense-section" tabIndex={-1} {...(id === undefined ? {} : { id })}>
      <div className="stash-sense-heading">
        <h5>{title}</h5>
        {aside}
      </div>
      {children}
    </Card>
  );
}

/** Name and value, one line each. */
export function Facts({
  rows,
}: {
  rows: readonly (readonly [string, React.ReactNode])[];
}): React.ReactElement {
  return (
    <dl className="stash-sense-facts">
      {rows.map(([name, value]) => (
        <React.Fragment key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </React.Fragment>
      ))}
    </dl>
  );
}
