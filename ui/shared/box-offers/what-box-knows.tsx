import React from 'react';
import { Button } from 'react-bootstrap';
import type { Ask } from '../../../core/contract/operations.ts';
import { say } from '../../stash/intl.tsx';
import { useAnswer } from '../hooks/use-answer.ts';
import { useBoxName } from '../pack-people/box-names.ts';
import { BoxFace } from '../pack-people/pack-face.tsx';
import { NoAnswer } from '../widgets/no-answer.tsx';
import { OfferTable, offerText, OfferTick } from './offer-table.tsx';
import { useAfter, useTicks } from './use-ticks.ts';

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
  const ticks = useTicks();
  const boxName = useBoxName();
  const { endpoint } = at.stashId;
  const hasMine = at.performerId !== null;
  const box = boxName(endpoint);
  if (answer === null) return <NoAnswer problem={problem} onRetry={reload} />;
  const { offers, name } = answer;
  const ticked = offers.filter(ticks.isTicked);
  return (
    <div className="stash-sense-offers" role="group" aria-label={say('boxOffers.ofBox', { box, name })}>
      {offers.length === 0 ? (
        <p className="text-muted">{say(hasMine ? 'boxOffers.nothing' : 'boxOffers.nameAlone', { box })}</p>
      ) : (
        <OfferTable box={box} hasMine={hasMine}>
          {offers.map((offer) => (
            <tr key={offer.field}>
              <th scope="row">
                <OfferTick
                  isTicked={ticks.isTicked(offer)}
                  isPending={isPending}
                  tabIndex={tabIndex}
                  onChange={(isTicked) => ticks.set(offer, isTicked)}
                >
                  {say('changes.field', { field: offer.field })}
                </OfferTick>
              </th>
              {hasMine && <td>{offerText(offer.mine)}</td>}
              <td>
                {offer.field === 'picture' && typeof offer.theirs === 'string' ? (
                  <BoxFace endpoint={endpoint} imageId={offer.theirs} name={name} size="medium" withReason />
                ) : (
                  offerText(offer.theirs)
                )}
              </td>
            </tr>
          ))}
        </OfferTable>
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
