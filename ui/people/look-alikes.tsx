import React from 'react';
import { Link } from 'react-router-dom';
import { useAct } from '../shared/hooks/use-act.ts';
import { usePages } from '../shared/hooks/use-pages.ts';
import { Notice } from '../shared/widgets/notice.tsx';
import { Pager } from '../shared/widgets/pager.tsx';
import { say } from '../stash/intl.tsx';
import { ask } from '../stash/operations.ts';
import { useToast } from '../stash/toast.tsx';
import { PairOfPerformers, type Pair } from './pair.tsx';
import { ToldApart } from './told-apart.tsx';
import { MinorButton } from '../shared/widgets/minor-button.tsx';

const PAIRS_AT_ONCE = 20;

/** Performers who look like one person: to be merged in Stash, or told apart for good; and those who were told apart. */
export function LookAlikes(): React.ReactElement | null {
  const { answer, problem, reload, place } = usePages('people.lookAlikes', undefined, PAIRS_AT_ONCE);
  const { isPending, act } = useAct(reload);
  const toast = useToast();
  if (problem !== null) return <Notice variant="danger">{problem}</Notice>;
  if (answer === null || answer.total + answer.told === 0) return null;

  const tellApart = async (pair: Pair, undo: boolean): Promise<null> => {
    const { one, other } = pair;
    await ask('people.tellApart', { performerIds: [one.performerId, other.performerId], undo });
    if (!undo)
      toast.done(say('people.toldApart', { one: one.name, other: other.name }), () =>
        act(() => tellApart(pair, true)),
      );
    return null;
  };
  return (
    <section className="stash-sense-look-alikes">
      {answer.total > 0 && (
        <>
          <h5>{say('people.lookAlikes', { count: answer.total })}</h5>
          <p className="text-muted">{say('people.lookAlikesHint')}</p>
        </>
      )}
      <ul className="list-unstyled">
        {answer.items.map((pair) => {
          const { one, other } = pair;
          return (
            <PairOfPerformers key={`${one.performerId} ${other.performerId}`} pair={pair}>
              <p>{say('people.lookLikeOne')}</p>
              <div className="stash-sense-actions">
                <Link
                  className="btn btn-primary btn-sm"
                  to={`/performers/${one.performerId}`}
                  title={say('people.mergeHint', { one: one.name, other: other.name })}
                >
                  {say('people.mergeInStash')}
                </Link>
                <MinorButton
                  disabled={isPending}
                  aria-label={say('people.areTwoNamed', { one: one.name, other: other.name })}
                  onClick={() => act(() => tellApart(pair, false))}
                >
                  {say('people.areTwo')}
                </MinorButton>
              </div>
            </PairOfPerformers>
          );
        })}
      </ul>
      <Pager {...place} shown={answer.items.length} total={answer.total} />
      {answer.told > 0 && (
        <ToldApart
          count={answer.told}
          onAskAgain={(pair) => act(() => tellApart(pair, true))}
          isPending={isPending}
        />
      )}
    </section>
  );
}
