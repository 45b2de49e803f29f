import React from 'react';
import { say } from '../../stash/intl.tsx';

/** Whether the performer who was chosen gets the stash ID of the person. */
export function StashIdTick({
  isTicked,
  onChange,
}: {
  isTicked: boolean;
  onChange: (isTicked: boolean) => void;
}): React.ReactElement {
  return (
    <label>
      <input type="checkbox" checked={isTicked} onChange={(event) => onChange(event.target.checked)} />{' '}
      {say('packPeople.addStashId')}
    </label>
  );
}
