import React from 'react';
import { Link } from 'react-router-dom';
import type { Output } from '../../core/contract/operations.ts';
import { Face } from '../shared/widgets/face.tsx';
import { say } from '../stash/intl.tsx';

export type Pair = Output<'people.lookAlikes'>['items'][number];

/** Two performers side by side, and what can be done with them. */
export function PairOfPerformers({
  pair: { one, other },
  children,
}: {
  pair: Pair;
  children: React.ReactNode;
}): React.ReactElement {
  return (
    <li role="group" aria-label={say('people.pairOf', { one: one.name, other: other.name })}>
      {[one, other].map(({ performerId, name, disambiguation, url }) => (
        <figure key={performerId}>
          <Face url={url} label={say('faces.pictureOf', { name })} size="medium" />
          <figcaption>
            <Link to={`/performers/${performerId}`}>{name}</Link>
            {disambiguation !== '' && <span className="text-muted"> ({disambiguation})</span>}
          </figcaption>
        </figure>
      ))}
      <div>{children}</div>
    </li>
  );
}
