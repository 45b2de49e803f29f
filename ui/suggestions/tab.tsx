import React, { useMemo, useRef, useState } from 'react';
import { Button, Spinner } from 'react-bootstrap';
import { Notice } from '../shared/widgets/notice.tsx';
import { nextOffset, Pager, previousOffset } from '../shared/widgets/pager.tsx';
import { Problem } from '../shared/widgets/problem.tsx';
import { useQuery } from '../shared/hooks/use-query.ts';
import { AcceptAll } from './bulk/accept-all.tsx';
import { BulkBar } from './bulk/bulk-bar.tsx';
import { FilterForm } from './filter-form.tsx';
import { Empty } from './empty.tsx';
import {
  conditionsOf,
  filterChange,
  filterOf,
  hasConditions,
  isListed,
  isToDecide,
  offsetOf,
  PAGE_SIZE,
  placeChange,
  placeOf,
} from './filter.ts';
import { GroupHeading } from './groups.tsx';
import { KeyHelp } from './key-help.tsx';
import { NewOnes } from './new-ones.tsx';
import { actOf, optionsOf } from './kinds/index.ts';
import type { SuggestionView } from '../../core/contract/suggestions.ts';
import { SuggestionCard } from './suggestion-card.tsx';
import { useCursor } from './use-cursor.ts';
import { useKeys } from './use-keys.ts';
import { useSelection } from './use-selection.ts';
import { useSuggestions } from './use-suggestions.ts';
import { say } from '../stash/intl.tsx';

/** Suggestions over the whole library: look, decide, next. */
export function SuggestionsTab(): React.ReactElement {
  const query = useQuery();
  const filter = useMemo(() => filterOf(query.values), [query.values]);
  const offset = offsetOf(query.values);
  const listPlace = useMemo(() => placeOf(query.values), [query.values]);
  const suggestions = useSuggestions(filter, offset, listPlace);
  const { list, items, listOffset, listOrder, problem, isLoading, stateOf } = suggestions;
  const shownIds = items.map(({ id }) => id);
  const selection = useSelection(shownIds);
  const grid = useRef<HTMLUListElement>(null);
  const cursor = useCursor(grid, shownIds);
  const [listKey, setListKey] = useState(0);
  const [dialog, setDialog] = useState<'accept-all' | 'keys' | null>(null);

  const leaving = items.filter((item) => !isListed(filter, stateOf(item))).length;
  const selected = items.filter(({ id }) => selection.ids.has(id));
  const takenOff = items.filter(({ state }) => state === 'removed');
  const undecided = items.filter((item) => isToDecide(stateOf(item)));
  const go = (to: number, way?: 'next' | 'previous'): void => {
    if (to === offset && listPlace === null) suggestions.reload();
    else {
      const [first, last] = [list?.items[0], list?.items.at(-1)];
      const next = way === 'next' && last !== undefined ? { after: last } : null;
      const previous = way === 'previous' && to > 0 && first !== undefined ? { before: first } : null;
      query.change(placeChange(to, next ?? previous), 'push');
    }
    window.scrollTo(0, 0);
  };
  const current = items[cursor.place];
  /** What a key works on: the ticked ones, or the one under the cursor. */
  const chosen = (): string[] => {
    const wanted = selection.ids.size > 0 ? [...selection.ids] : current ? [current.id] : [];
    return undecided.flatMap(({ id }) => (wanted.includes(id) ? id : []));
  };
  const toChoose = (id: string): SuggestionView | undefined =>
    items.find((item) => item.id === id && optionsOf(item).length > 0);
  const decide = (work: (ids: readonly string[]) => void, ids = chosen()): void => {
    if (ids.length === 0) return;
    if (selection.ids.size === 0) cursor.move(1);
    selection.set([]);
    work(ids);
  };
  /** Not those for which something has to be chosen: the keys 1, 2, … and the card itself do that. */
  const acceptChosen = (): void => {
    const ids = chosen();
    const sure = ids.filter((id) => toChoose(id) === undefined);
    const [asked] = ids.flatMap((id) => toChoose(id) ?? []);
    if (sure.length === 0 && asked !== undefined) suggestions.sayChoose(asked);
    else
      decide((sent) => {
        if (selection.ids.size === 0 && current && stateOf(current) === 'removed')
          suggestions.acceptAgain(current);
        else suggestions.accept(sent);
      }, sure);
  };
  const options = current && stateOf(current) === 'open' ? optionsOf(current) : [];

  const hasNext = list !== null && !isLoading && listOffset + items.length < list.total;
  const hasPrevious = list !== null && !isLoading && listOffset > 0;
  useKeys(dialog === null, {
    // Without cards the arrows go on scrolling the page.
    ...(items.length > 0 && {
      j: () => cursor.move(1),
      ArrowRight: () => cursor.move(1),
      k: () => cursor.move(-1),
      ArrowLeft: () => cursor.move(-1),
      ArrowDown: () => cursor.moveRow(1),
      ArrowUp: () => cursor.moveRow(-1),
    }),
    a: acceptChosen,
    ...Object.fromEntries(
      options.map((_, place) => [
        String(place + 1),
        () => {
          cursor.move(1);
          if (current) suggestions.choose(current, place);
        },
      ]),
    ),
    r: () => decide(suggestions.reject),
    u: suggestions.undoLast,
    x: () => current && selection.toggle(current.id, false),
    n: () => hasNext && go(nextOffset(listOffset, items.length, leaving), 'next'),
    p: () => hasPrevious && go(previousOffset(listOffset, PAGE_SIZE), 'previous'),
    // Else it is left to whatever of Stash's it closes.
    ...(selection.ids.size > 0 && { Escape: () => selection.set([]) }),
    '?': () => setDialog('keys'),
  });

  return (
    <div className="stash-sense-suggestions">
      <FilterForm
        filter={filter}
        kinds={list?.kinds}
        onChange={(change) => query.change(filterChange(change), 'replace')}
      />
      {problem !== null && <Problem message={problem} onRetry={suggestions.reload} />}
      <BulkBar
        selected={selected}
        acceptable={selected.filter((item) => stateOf(item) !== 'removed' && toChoose(item.id) === undefined)}
        selectable={items.length}
        state={filter.state}
        onSelectAll={(isOn) => selection.set(isOn ? items.map(({ id }) => id) : [])}
        onAccept={acceptChosen}
        onReject={() => decide(suggestions.reject)}
        onAcceptAll={() => setDialog('accept-all')}
        onKeys={() => setDialog('keys')}
      />
      {filter.state === 'open' && (list?.removed ?? 0) > 0 && (
        <p className="text-muted">
          {say('suggestions.takenOffCount', {
            act: actOf(takenOff),
            count: list?.removed ?? 0,
          })}
        </p>
      )}
      {list === null && isLoading && (
        <Spinner animation="border" role="status" aria-label={say('page.loading')} />
      )}
      {list !== null && items.length === 0 && offset === 0 && (
        <Empty filter={filter} reloadList={suggestions.reload} />
      )}
      {list !== null && items.length === 0 && offset > 0 && (
        <Notice variant="info" action={{ label: say('suggestions.backToStart'), run: () => go(0) }}>
          {say('suggestions.nothingLeft')}
        </Notice>
      )}
      <ul className={`stash-sense-grid list-unstyled${isLoading ? ' stash-sense-loading' : ''}`} ref={grid}>
        {items.map((item, place) => (
          <React.Fragment key={item.id}>
            <GroupHeading order={listOrder} suggestion={item} before={items[place - 1]} />
            <SuggestionCard
              suggestion={item}
              decisions={suggestions}
              isTicked={selection.ids.has(item.id)}
              isCurrent={place === cursor.place}
              onTick={(withRange) => selection.toggle(item.id, withRange)}
              onFocus={() => cursor.set(place)}
              onNear={suggestions.onNear}
            />
          </React.Fragment>
        ))}
      </ul>
      {list !== null && items.length > 0 && !hasConditions(filter) && (
        // Another list begins to count anew.
        <NewOnes
          key={listKey}
          expected={list.total - leaving}
          onShow={() => {
            setListKey((before) => before + 1);
            go(0);
          }}
        />
      )}
      {items.length > 0 && leaving === items.length && (
        <div className="stash-sense-all-decided" role="status">
          {say('suggestions.allDecided')}{' '}
          <Button variant="primary" onClick={() => go(nextOffset(listOffset, items.length, leaving), 'next')}>
            {say('suggestions.showWhatIsLeft')}
          </Button>
        </div>
      )}
      {list !== null && (
        <Pager
          offset={listOffset}
          shown={items.length}
          total={list.total}
          size={PAGE_SIZE}
          leaving={leaving}
          isLoading={isLoading}
          onGo={go}
        />
      )}
      {dialog === 'accept-all' && (
        <AcceptAll
          conditions={conditionsOf(filter)}
          least={filter.min}
          onClose={(hasChanged) => {
            setDialog(null);
            // What was in front of this page may be gone: its place in the list is no longer known.
            if (hasChanged) go(0);
          }}
        />
      )}
      {dialog === 'keys' && <KeyHelp onClose={() => setDialog(null)} />}
    </div>
  );
}
