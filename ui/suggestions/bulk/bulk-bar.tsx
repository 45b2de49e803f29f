import React from 'react';
import { Button } from 'react-bootstrap';
import type { Filter } from '../filter.ts';
import { say } from '../../stash/intl.tsx';

type Props = {
  readonly selected: number;
  /** Of the selected ones those that can be added together. */
  readonly addable: number;
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
  const { selected, addable, selectable, state } = props;
  if (selectable === 0) return null;
  const isOpen = state === 'open';
  return (
    <div className="stash-sense-bulk" role="toolbar" aria-label={say('suggestions.selectedOnes')}>
      <label className="stash-sense-select-all">
        <input
          type="checkbox"
          checked={selected === selectable}
          onChange={(event) => props.onSelectAll(event.target.checked)}
        />{' '}
        {selected > 0 ? say('suggestions.selectedCount', { count: selected }) : say('suggestions.selectAll')}
      </label>
      {(isOpen || state === 'removed') && selected > 0 && (
        <>
          {addable > 0 && (
            <Button variant="primary" size="sm" onClick={props.onAccept}>
              {say('suggestions.addSelected', { count: addable })}
            </Button>
          )}
          <Button variant="secondary" size="sm" onClick={props.onReject}>
            {say('suggestions.rejectSelected', { count: selected })}
          </Button>
        </>
      )}
      <span className="stash-sense-spacer" />
      {isOpen && (
        <Button variant="secondary" size="sm" onClick={props.onAcceptAll}>
          {say('suggestions.acceptAllAbove')}
        </Button>
      )}
      <Button
        className="minimal stash-sense-keys d-none d-sm-inline-block"
        size="sm"
        title={say('suggestions.keysHint', { key: '?' })}
        aria-label={say('suggestions.keys')}
        onClick={props.onKeys}
      >
        <kbd>?</kbd>
      </Button>
    </div>
  );
}
