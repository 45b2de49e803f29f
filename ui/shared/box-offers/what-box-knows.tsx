import React, { useEffect, useRef, useState } from 'react';
import { Button } from 'react-bootstrap';
import type { Ask, Output } from '../../../core/contract/operations.ts';
import { say } from '../../stash/intl.tsx';
import { useAnswer } from '../hooks/use-answer.ts';
import { useBoxName } from '../pack-people/box-names.ts';
import { BoxFace } from '../pack-people/pack-face.tsx';
import { NoAnswer } from '../widgets/no-answer.tsx';

type Offer = Output<'stashBoxes.profile'>['offers'][number];
/** By field the revision of what is taken over of it. */
export type Taken = Ask<'stashBoxes.take'>['taken'];

type Props = {
  /** Without a performer: of somebody who is to be made one. */
  readonly at: Ask<'stashBoxes.profile'>;
  readonly isPending: boolean;
  readonly tabIndex?: number;
  /** On the button, with how many are ticked. */
  readonly act: (count: number) => string;
  /** Whether the button does something without a tick. */
  readonly isNeverEmpty?: boolean;
  readonly onTake: (taken: Taken, count: number) => void;
};

/** What a stash-box knows of a performer beside what Stash has, to be ticked: what is empty here is ticked beforehand. */
export function WhatBoxKnows(props: Props): React.ReactElement {
  const { at, isPending, tabIndex = 0, act, isNeverEmpty = false, onTake } = props;
  const { answer, problem, isLoading, reload } = useAnswer('stashBoxes.profile', at);
  useAfter(isPending, reload);
  /** By revision: a tick is for what was shown beside it. */
  const [ticks, setTicks] = useState<Readonly<Record<string, boolean>>>({});
  const boxName = useBoxName();
  const { endpoint } = at.stashId;
  const hasMine = at.performerId !== null;
  const box = boxName(endpoint);
  if (answer === null) return <NoAnswer problem={problem} onRetry={reload} />;
  const { offers, name } = answer;
  const isTicked = ({ revision, isProposed }: Offer): boolean => ticks[revision] ?? isProposed;
  const ticked = offers.filter(isTicked);
  return (
    <div className="stash-sense-offers" role="group" aria-label={say('boxOffers.ofBox', { box, name })}>
      {offers.length === 0 ? (
        <p className="text-muted">{say(hasMine ? 'boxOffers.nothing' : 'boxOffers.nameAlone', { box })}</p>
      ) : (
        <table className="table table-sm">
          <thead>
            <tr>
              <th scope="col">{say('boxOffers.field')}</th>
              {hasMine && <th scope="col">{say('stashIds.yours')}</th>}
              <th scope="col">{box}</th>
            </tr>
          </thead>
          <tbody>
            {offers.map((offer) => (
              <tr key={offer.field}>
                <th scope="row">
                  <label>
                    <input
                      type="checkbox"
                      checked={isTicked(offer)}
                      disabled={isPending}
                      tabIndex={tabIndex}
                      onChange={({ target }) =>
                        setTicks((before) => ({ ...before, [offer.revision]: target.checked }))
                      }
                    />{' '}
                    {say('changes.field', { field: offer.field })}
                  </label>
                </th>
                {hasMine && <td>{textOf(offer.mine)}</td>}
                <td>
                  {offer.field === 'picture' && typeof offer.theirs === 'string' ? (
                    <BoxFace
                      endpoint={endpoint}
                      imageId={offer.theirs}
                      name={name}
                      size="medium"
                      withReason
                    />
                  ) : (
                    textOf(offer.theirs)
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {(isNeverEmpty || offers.length > 0) && (
        <Button
          variant="primary"
          size="sm"
          disabled={isPending || isLoading || (!isNeverEmpty && ticked.length === 0)}
          tabIndex={tabIndex}
          onClick={() =>
            onTake(Object.fromEntries(ticked.map(({ field, revision }) => [field, revision])), ticked.length)
          }
        >
          {act(ticked.length)}
        </Button>
      )}
    </div>
  );
}

/** What was written, or refused since it has changed, is offered as it is now. */
function useAfter(isPending: boolean, reload: () => void): void {
  const wasPending = useRef(isPending);
  useEffect(() => {
    if (wasPending.current && !isPending) reload();
    wasPending.current = isPending;
  }, [isPending, reload]);
}

function textOf(value: Offer['mine']): string {
  if (value === null) return '–';
  if (typeof value !== 'object') return String(value);
  const texts = value.map((one) => (typeof one === 'string' ? one : one.stashId));
  return texts.length === 0 ? '–' : texts.join(', ');
}
