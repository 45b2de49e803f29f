import React, { type ReactNode } from 'react';
import type { FieldValue } from '../../../core/changes/change.ts';
import { textOf } from '../../../core/changes/values.ts';
import { say } from '../../stash/intl.tsx';

type TableProps = {
  readonly box: string;
  /** False: nothing of the user's is compared. */
  readonly hasMine?: boolean;
  readonly children: ReactNode;
};

/** What is here beside what the stash-box has, a row each. */
export function OfferTable({ box, hasMine = true, children }: TableProps): React.ReactElement {
  return (
    <table className="table table-sm">
      <thead>
        <tr>
          <th scope="col">{say('boxOffers.field')}</th>
          {hasMine && <th scope="col">{say('stashIds.yours')}</th>}
          <th scope="col">{box}</th>
        </tr>
      </thead>
      <tbody>{children}</tbody>
    </table>
  );
}

type TickProps = {
  readonly isTicked: boolean;
  readonly isPending: boolean;
  readonly tabIndex: number;
  readonly onChange: (isTicked: boolean) => void;
  readonly children: ReactNode;
};

export function OfferTick({
  isTicked,
  isPending,
  tabIndex,
  onChange,
  children,
}: TickProps): React.ReactElement {
  return (
    <label>
      <input
        type="checkbox"
        checked={isTicked}
        disabled={isPending}
        tabIndex={tabIndex}
        onChange={({ target }) => onChange(target.checked)}
      />{' '}
      {children}
    </label>
  );
}

export function offerText(value: FieldValue): string {
  if (value === null) return '–';
  if (typeof value !== 'object') return String(value);
  return value.length === 0 ? '–' : value.map(textOf).join(', ');
}
