import React, { useState } from 'react';
import { Button } from 'react-bootstrap';
import { usePages } from '../shared/hooks/use-pages.ts';
import { Notice } from '../shared/widgets/notice.tsx';
import { Pager } from '../shared/widgets/pager.tsx';
import { say } from '../stash/intl.tsx';
import { PairOfPerformers, type Pair } from './pair.tsx';
import { MinorButton } from '../shared/widgets/minor-button.tsx';

type Props = {
  readonly isPending: boolean;
  readonly onAskAgain: (pair: Pair) => void;
};

/** Pairs of which the user said that they are two people, once they are asked for: the way back. */
export function ToldApart({ count, ...props }: Props & { count: number }): React.ReactElement {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button
        variant="link"
        className="stash-sense-inline"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
      >
        {say('people.toldApartBefore', { count })}
      </Button>
      {/* What is said or withdrawn meanwhile changes the list. */}
      {isOpen && <Pairs key={count} {...props} />}
    </>
  );
}

const PAIRS_AT_ONCE = 20;

function Pairs({ isPending, onAskAgain }: Props): React.ReactElement | null {
  const { answer, problem, place } = usePages('people.lookAlikes', { told: true }, PAIRS_AT_ONCE);
  if (problem !== null) return <Notice variant="danger">{problem}</Notice>;
  if (answer === null) return null;
  return (
    <>
      <ul className="list-unstyled">
        {answer.items.map((pair) => {
          const { one, other } = pair;
          return (
            <PairOfPerformers key={`${one.performerId} ${other.performerId}`} pair={pair}>
              <MinorButton
                disabled={isPending}
                aria-label={say('people.askAgainNamed', { one: one.name, other: other.name })}
                onClick={() => onAskAgain(pair)}
              >
                {say('people.askAgain')}
              </MinorButton>
            </PairOfPerformers>
          );
        })}
      </ul>
      <Pager {...place} shown={answer.items.length} total={answer.total} />
    </>
  );
}
