import React from 'react';
import type { LinkSign } from '../../../core/stash-box/signs.ts';
import { percent } from '../words.ts';
import { say } from '../../stash/intl.tsx';

/** What speaks for two people being one, strongest first, and what speaks against it. */
export function SignList({ signs }: { signs: readonly LinkSign[] }): React.ReactElement {
  const shown = [...signs].filter(({ weight }) => weight !== 0).sort((a, b) => b.weight - a.weight);
  return (
    <ul className="stash-sense-signs list-unstyled">
      {shown.map(({ sign, weight, mine, theirs }) => (
        <li key={sign} className={weight < 0 ? 'text-warning' : undefined}>
          {say(weight < 0 ? 'stashIds.against' : 'stashIds.sign', {
            sign,
            mine: sign === 'face' ? percent(Number(mine)) : mine,
            theirs,
          })}
        </li>
      ))}
    </ul>
  );
}
