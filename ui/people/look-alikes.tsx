import React from 'react';
import { Button } from 'react-bootstrap';
import { Link } from 'react-router-dom';
import type { Output } from '../../core/contract/operations.ts';
import { useAct } from '../shared/hooks/use-act.ts';
import { usePages } from '../shared/hooks/use-pages.ts';
import { Face } from '../shared/widgets/face.tsx';
import { Notice } from '../shared/widgets/notice.tsx';
import { Pager } from '../shared/widgets/pager.tsx';
import { say } from '../stash/intl.tsx';
import { ask } from '../stash/operations.ts';
import { useToast } from '../stash/toast.tsx';

type Pair = Output<'people.lookAlikes'>['items'][number];

const PAIRS_AT_ONCE = 20;

/** Performers who look like one person: to be merged in Stash, or told apart for good. */
export function LookAlikes(): React.ReactElement | null {
  const { answer, problem, reload, place } = usePages('people.lookAlikes', undefined, PAIRS_AT_ONCE);
  const { isPending, act } = useAct(reload);
  const toast = useToast();
  if (problem !== null) return <Notice variant="danger">{problem}</Notice>;
  if (answer === null || answer.total === 0) return null;

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
      <h5>{say('people.lookAlikes', { count: answer.total })}</h5>
      <p className="text-muted">{say('people.lookAlikesHint')}</p>
      <ul className="list-unstyled">
        {answer.items.map((pair) => {
          const { one, other } = pair;
          return (
            <li
              key={`${one.performerId} ${other.performerId}`}
              role="group"
              aria-label={say('people.pairOf', { one: one.name, other: other.name })}
            >
              {[one, other].map(({ performerId, name, disambiguation, url }) => (
                <figure key={performerId}>
                  <Face url={url} label={say('faces.pictureOf', { name })} size="medium" />
                  <figcaption>
                    <Link to={`/performers/${performerId}`}>{name}</Link>
                    {disambiguation !== '' && <span className="text-muted"> ({disambiguation})</span>}
                  </figcaption>
                </figure>
              ))}
              <div>
                <p>{say('people.lookLikeOne')}</p>
                <div className="stash-sense-actions">
                  <Link
                    className="btn btn-primary btn-sm"
                    to={`/performers/${one.performerId}`}
                    title={say('people.mergeHint', { one: one.name, other: other.name })}
                  >
                    {say('people.mergeInStash')}
                  </Link>
                  <Button
                    variant="secondary"
                    size="sm"
                    disabled={isPending}
                    aria-label={say('people.areTwoNamed', { one: one.name, other: other.name })}
                    onClick={() => act(() => tellApart(pair, false))}
                  >
                    {say('people.areTwo')}
                  </Button>
                </div>
              </div>
            </li>
          );
        })}
      </ul>
      <Pager {...place} shown={answer.items.length} total={answer.total} />
    </section>
  );
}
