import React from 'react';
import { shownBox } from '../../../core/reference-packs/box-address.ts';
import type { JoinEvidence as Join } from '../../../core/reference-packs/reference-pack.ts';
import { say } from '../../stash/intl.tsx';

export type { Join };

/** Why somebody whom several stash-boxes know is taken for one person. */
export function JoinReasons({
  joins,
  tabIndex,
}: {
  joins: readonly Join[];
  tabIndex: number;
}): React.ReactElement | null {
  if (joins.length === 0) return null;
  const boxes = new Set(joins.flatMap(({ one, other }) => [one.endpoint, other.endpoint]));
  return (
    <details className="stash-sense-joins">
      <summary className="text-muted" tabIndex={tabIndex}>
        {say('packPeople.joined', { count: boxes.size })}
      </summary>
      <ul className="list-unstyled">
        {joins.map((join) => (
          <li key={JSON.stringify([join.one, join.other])}>
            {say('packPeople.joinOf', {
              one: shownBox(join.one.endpoint),
              other: shownBox(join.other.endpoint),
              reasons: reasonsOf(join),
            })}
          </li>
        ))}
      </ul>
    </details>
  );
}

/** Such as "both go by the same name, the faces are alike (0.71)". */
export function reasonsOf({ link, similarity, facts }: Join): string {
  return [
    ...(link === null ? [] : [say(`packPeople.join.${link}`)]),
    ...facts.map((fact) => say(`packPeople.join.${fact}`)),
    ...(similarity === null ? [] : [say('packPeople.join.face', { similarity })]),
  ].join(', ');
}
