import React from 'react';
import { Button } from 'react-bootstrap';
import type { SuggestionView } from '../../../core/contract/suggestions.ts';
import type { Filter } from '../filter.ts';
import { actOf } from '../kinds/index.ts';
import { say } from '../../stash/intl.tsx';
import { MinorButton } from '../../shared/widgets/minor-button.tsx';

type Props = {
  readonly selected: readonly SuggestionView[];
  /** Of the selected ones those that can be accepted together. */
  readonly acceptable: readonly SuggestionView[];
  /** On this page. */
  readonly selectable: number;
  /** Shown also where nothing on this page can be selected. */
  readonly isKept?: boolean;
  readonly state: Filter['state'];
  readonly onSelectAll: (isOn: boolean) => void;
  readonly onAccept: () => void;
  readonly onReject: () => void;
  readonly onAcceptAll: () => void;
  readonly onKeys: () => void;
};

/** What can be done with many at once. */
export function BulkBar(props: Props): React.ReactElement | null {
  const { selected, acceptable, selectable, isKept = false, state } = props;
  const count = selected.length;
  if (selectable === 0 && !isKept) return null;
  const isOpen = state === 'open';
  return (
    <div className="stash-sense-bulk" role="toolbar" aria-label={say('suggestions.selectedOnes')}>
      {selectable > 0 && (
        <label className="stash-sense-select-all">
          <input
            type="checkbox"
            checked={count === selectable}
            onChange={(event) => props.onSelectAll(event.target.checked)}
          />{' '}
          {count > 0 ? say('suggestions.selectedCount', { count }) : say('suggestions.selectAll')}
        </label>
      )}
      {(isOpen || state === 'removed') && count > 0 && (
        <>
          {acceptable.length > 0 && (
            <Button variant="primary" size="sm" onClick={props.onAccept}>
              {say('suggestions.acceptSelected', { act: actOf(acceptable), count: acceptable.length })}
            </Button>
          )}
          <MinorButton onClick={props.onReject}>
            {say('suggestions.rejectSelected', { act: actOf(selected), count })}
          </MinorButton>
        </>
      )}
      <span className="stash-sense-spacer" />
      {isOpen && <MinorButton onClick={props.onAcceptAll}>{say('suggestions.acceptAllAbove')}</MinorButton>}
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
