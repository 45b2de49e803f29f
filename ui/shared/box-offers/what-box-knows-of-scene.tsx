import React from 'react';
import { Badge, Button } from 'react-bootstrap';
import type { Ask, Output } from '../../../core/contract/operations.ts';
import { say } from '../../stash/intl.tsx';
import { useAnswer } from '../hooks/use-answer.ts';
import { useBoxName } from '../pack-people/box-names.ts';
import { BoxFace } from '../pack-people/pack-face.tsx';
import { Face } from '../widgets/face.tsx';
import { NoAnswer } from '../widgets/no-answer.tsx';
import { OfferTable, offerText, OfferTick } from './offer-table.tsx';
import { useAfter, useTicks } from './use-ticks.ts';

type Offer = Output<'sceneBoxes.profile'>['offers'][number];
/** By key the revision of what is taken over. */
export type SceneTaken = Ask<'sceneBoxes.take'>['taken'];

type Props = {
  readonly at: Ask<'sceneBoxes.profile'>;
  readonly isPending: boolean;
  readonly tabIndex?: number;
  /** On the button, with how much is ticked. */
  readonly act: (count: number) => string;
  /** Whether the button does something without a tick. */
  readonly isNeverEmpty?: boolean;
  readonly onTake: (taken: SceneTaken, count: number) => void;
};

/**
What a stash-box knows of a scene beside what Stash has, to be ticked: what is empty here and what Stash has already is ticked
beforehand, what would be made is not. Whoever is in it there stands beside whose faces were seen.
*/
export function WhatBoxKnowsOfScene(props: Props): React.ReactElement {
  const { at, isPending, tabIndex = 0, act, isNeverEmpty = false, onTake } = props;
  const { answer, problem, isLoading, reload } = useAnswer('sceneBoxes.profile', at);
  useAfter(isPending, reload);
  const ticks = useTicks();
  const box = useBoxName()(at.stashId.endpoint);
  if (answer === null) return <NoAnswer problem={problem} onRetry={reload} />;
  const { offers, undecided, nameTaken, notListed } = answer;
  const ticked = offers.filter(ticks.isTicked);
  const tick = (offer: Offer, label: React.ReactNode): React.ReactElement => (
    <OfferTick
      isTicked={ticks.isTicked(offer)}
      isPending={isPending}
      tabIndex={tabIndex}
      onChange={(isTicked) => ticks.set(offer, isTicked)}
    >
      {label}
    </OfferTick>
  );
  const rows = [...new Set(offers.map(({ field }) => field))].map((field) => {
    const own = offers.filter((offer) => offer.field === field);
    const [first] = own;
    const name = say('changes.field', { field });
    if (field === 'cover' && first !== undefined)
      return (
        <tr key={field}>
          <th scope="row">{tick(first, name)}</th>
          <td>
            {first.mine !== null && (
              <Face url={`/scene/${at.sceneId}/screenshot`} label={name} size="cover" />
            )}
          </td>
          <td>
            <BoxFace
              endpoint={at.stashId.endpoint}
              imageId={typeof first.theirs === 'string' ? first.theirs : null}
              name={name}
              size="cover"
              withReason
            />
          </td>
        </tr>
      );
    if (field !== 'performers' && field !== 'tags' && first !== undefined)
      return (
        <tr key={field}>
          <th scope="row">{tick(first, name)}</th>
          <td className="stash-sense-offer-text">{offerText(first.mine)}</td>
          <td className="stash-sense-offer-text">
            {offerText(first.theirs)} <New offer={first} />
          </td>
        </tr>
      );
    return (
      <tr key={field}>
        <th scope="row">{name}</th>
        <td colSpan={2}>
          <ul className="list-unstyled stash-sense-offer-members">
            {own.map((offer) => (
              <li key={offer.key}>
                {tick(offer, offerText(offer.theirs))} <New offer={offer} />
                {offer.face !== null && (
                  <span className={offer.face === 'seen' ? 'text-muted' : 'text-warning'}>
                    {say('sceneOffers.face', { face: offer.face })}
                  </span>
                )}
              </li>
            ))}
          </ul>
        </td>
      </tr>
    );
  });
  return (
    <div
      className="stash-sense-offers"
      role="group"
      aria-label={say('boxOffers.ofBox', { box, name: answer.title })}
    >
      {offers.length === 0 ? (
        <p className="text-muted">{say('boxOffers.nothing', { box })}</p>
      ) : (
        <OfferTable box={box}>{rows}</OfferTable>
      )}
      {notListed.length > 0 && (
        <p className="text-warning">{say('sceneOffers.notListed', { names: notListed.join(', ') })}</p>
      )}
      {undecided.length > 0 && (
        <p className="text-muted">{say('sceneOffers.undecided', { names: undecided.join(', ') })}</p>
      )}
      {nameTaken.length > 0 && (
        <p className="text-muted">{say('sceneOffers.nameTaken', { names: nameTaken.join(', ') })}</p>
      )}
      {(isNeverEmpty || offers.length > 0) && (
        <Button
          variant="primary"
          size="sm"
          disabled={isPending || isLoading || (!isNeverEmpty && ticked.length === 0)}
          tabIndex={tabIndex}
          onClick={() =>
            onTake(Object.fromEntries(ticked.map(({ key, revision }) => [key, revision])), ticked.length)
          }
        >
          {act(ticked.length)}
        </Button>
      )}
    </div>
  );
}

function New({ offer: { isMade } }: { readonly offer: Offer }): React.ReactElement | null {
  return isMade ? <Badge variant="secondary">{say('sceneOffers.isNew')}</Badge> : null;
}
