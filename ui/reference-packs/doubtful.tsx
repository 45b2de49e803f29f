import React from 'react';
import type { DoubtfulView } from '../../core/contract/pack-build.ts';
import { usePages } from '../shared/hooks/use-pages.ts';
import { BoxLinks } from '../shared/pack-people/box-link.tsx';
import { reasonsOf } from '../shared/pack-people/join-reasons.tsx';
import { Notice } from '../shared/widgets/notice.tsx';
import { Pager } from '../shared/widgets/pager.tsx';
import { say } from '../stash/intl.tsx';

const PAIRS_AT_ONCE = 20;

/** People of different stash-boxes who could be one person: why each pair is kept apart, and what speaks for it. */
export function Doubtful(): React.ReactElement | null {
  const { answer, problem, place } = usePages('referencePacks.doubtful', undefined, PAIRS_AT_ONCE);
  if (problem !== null) return <Notice variant="danger">{problem}</Notice>;
  if (answer === null || answer.total === 0) return null;
  return (
    <details className="stash-sense-doubtful">
      <summary>{say('referencePacks.doubtful', { count: answer.total })}</summary>
      <p className="text-muted">{say('referencePacks.doubtfulHint')}</p>
      <ul className="list-unstyled">
        {answer.items.map((pair) => (
          <Pair key={JSON.stringify([pair.one.stashId, pair.other.stashId])} pair={pair} />
        ))}
      </ul>
      <Pager {...place} shown={answer.items.length} total={answer.total} />
    </details>
  );
}

function Pair({ pair: { one, other, why, evidence } }: { pair: DoubtfulView }): React.ReactElement {
  const reasons = reasonsOf(evidence);
  return (
    <li>
      {[one, other].map(({ name, stashId, birthDate }) => (
        <div key={stashId.endpoint}>
          <strong>{name}</strong> {birthDate !== null && <span className="text-muted">{birthDate}</span>}{' '}
          <BoxLinks stashIds={[stashId]} name={name} />
        </div>
      ))}
      <div>{say(why)}</div>
      {reasons !== '' && <small className="text-muted">{reasons}</small>}
    </li>
  );
}
