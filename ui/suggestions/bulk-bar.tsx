import React from 'react';
import { Button } from 'react-bootstrap';
import type { Filter } from './filter.ts';

type Props = {
  readonly selected: number;
  /** On this page. */
  readonly selectable: number;
  readonly state: Filter['state'];
  readonly onSelectAll: (isOn: boolean) => void;
  readonly onAccept: () => void;
  readonly onReject: () => void;
  readonly onAcceptAll: () => void;
  readonly onKeys: () => void;
};

/** What can be done with many at once. */
export function BulkBar(props: Props): React.ReactElement | null {
  const { selected, selectable, state } = props;
  if (selectable === 0) return null;
  const isOpen = state === 'open';
  return (
    <div className="stash-sense-bulk" role="toolbar" aria-label="Selected suggestions">
      <label className="stash-sense-select-all">
        <input
          type="checkbox"
          checked={selected === selectable}
          onChange={(event) => props.onSelectAll(event.target.checked)}
        />{' '}
        {selected > 0 ? `${selected} selected` : 'Select all on page'}
      </label>
      {isOpen && selected > 0 && (
        <>
          <Button variant="primary" size="sm" onClick={props.onAccept}>
            Add ({selected})
          </Button>
          <Button variant="secondary" size="sm" onClick={props.onReject}>
            Not this person ({selected})
          </Button>
        </>
      )}
      <span className="stash-sense-space" />
      {isOpen && (
        <Button variant="secondary" size="sm" onClick={props.onAcceptAll}>
          Accept all above…
        </Button>
      )}
      <Button
        className="minimal stash-sense-keys d-none d-sm-inline-block"
        size="sm"
        title="Keys (?)"
        aria-label="Keys"
        onClick={props.onKeys}
      >
        <kbd>?</kbd>
      </Button>
    </div>
  );
}
