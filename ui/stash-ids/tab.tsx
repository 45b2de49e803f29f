import React, { useMemo, useRef, useState } from 'react';
import { Button } from 'react-bootstrap';
import { useAnswer } from '../shared/hooks/use-answer.ts';
import { useLatest } from '../shared/hooks/use-latest.ts';
import { useQuery, type Query } from '../shared/hooks/use-query.ts';
import { NoAnswer } from '../shared/widgets/no-answer.tsx';
import { Notice } from '../shared/widgets/notice.tsx';
import { Pager } from '../shared/widgets/pager.tsx';
import { Problem } from '../shared/widgets/problem.tsx';
import { say } from '../stash/intl.tsx';
import { ask } from '../stash/operations.ts';
import { AcceptAll } from '../suggestions/bulk/accept-all.tsx';
import { BulkBar } from '../suggestions/bulk/bulk-bar.tsx';
import { useDecidedElsewhere } from '../suggestions/decisions/use-decided-elsewhere.ts';
import { useDecisions } from '../suggestions/decisions/use-decisions.ts';
import { KeyHelp } from '../suggestions/key-help.tsx';
import { useCursor } from '../suggestions/use-cursor.ts';
import { useKeys } from '../suggestions/use-keys.ts';
import { useSelection } from '../suggestions/use-selection.ts';
import {
  conditionsOf,
  filterChange,
  filterOf,
  PAGE_SIZE,
  placeChange,
  placeOf,
  START,
  type Filter,
  type Place,
} from './filter.ts';
import { FilterForm } from './filter-form.tsx';
import { FindBar } from './find-bar.tsx';
import { isComparing, PerformerRow } from './row.tsx';
import { isToLookUp, rowOf } from './rows.ts';
import { useFreshList } from './use-fresh-list.ts';
import { usePlaces } from './use-places.ts';

/** Performers and who they are on stash-boxes, many at once: one row a performer, decided by a click or a key. */
export function StashIdsTab(): React.ReactElement {
  const query = useQuery();
  const filter = useMemo(() => filterOf(query.values), [query.values]);
  const list = useFreshList(filter, (change) => query.change(filterChange(change), 'replace'));
  return list.isFresh ? (
    <Rows query={query} filter={filter} />
  ) : (
    <NoAnswer problem={list.problem} onRetry={list.onRetry} />
  );
}

function Rows({ query, filter }: { readonly query: Query; readonly filter: Filter }): React.ReactElement {
  const place = placeOf(query.values);
  const places = usePlaces();
  const conditions = conditionsOf(filter);
  const input = { ...conditions, limit: PAGE_SIZE, ...(place.after !== null && { after: place.after }) };
  const { answer, asked, problem, isLoading, reload } = useAnswer('stashIds.performers', input);
  const items = answer?.items ?? [];
  const suggestions = items.flatMap((links) => links.suggestions);
  const decisions = useDecisions({ items: suggestions, askedAtMs: asked?.atMs ?? 0, reload });
  useDecidedElsewhere(
    decisions,
    suggestions,
    async () => (await ask('stashIds.performers', input)).items.flatMap((links) => links.suggestions),
    reload,
  );
  const rows = items.map((links) => rowOf(links, decisions));
  const ids = items.map(({ performerId }) => performerId);
  const selection = useSelection(ids);
  const grid = useRef<HTMLUListElement>(null);
  const cursor = useCursor(grid, ids);
  const [dialog, setDialog] = useState<'accept-all' | 'keys' | null>(null);

  const current = rows[cursor.place];
  const selectable = rows.filter(({ undecided }) => undecided.length > 0);
  const ticked = selectable.filter(({ links }) => selection.ids.has(links.performerId));
  const tickedSurest = ticked.flatMap(({ undecided }) => undecided.slice(0, 1));
  /** What a key works on: the surest suggestion of the ticked ones, or of the one under the cursor. */
  const chosen = (ticked.length > 0 ? ticked : current ? [current] : []).flatMap(({ free }) =>
    free.slice(0, 1),
  );
  const decide = (work: (ids: readonly string[]) => void): void => {
    if (chosen.length === 0) return;
    if (ticked.length > 0) selection.set([]);
    else if ((current?.free.length ?? 0) <= 1) cursor.move(1);
    work(chosen.map(({ id }) => id));
  };

  const isTouched = rows.some(({ links, undecided }) => undecided.length < links.suggestions.length);
  const untouched = useLatest(
    !isTouched && decisions.pending.size === 0 && selection.ids.size === 0 && cursor.place === 0,
  );
  // Of a list also those who are decided stay.
  const leaving = filter.list === null ? rows.length - selectable.length : 0;
  const go = (to: Place): void => {
    if (to.after === place.after) reload();
    else query.change(placeChange(to), 'push');
    selection.set([]);
    cursor.reset();
    window.scrollTo(0, 0);
  };
  const next: Place | null =
    answer === null || answer.next === null
      ? null
      : { after: answer.next, from: place.from + rows.length - leaving };
  const goOn = (): void => {
    if (next === null || isLoading) return;
    places.goOn(place, next);
    go(next);
  };
  const goBack = (): void => {
    if (!isLoading && place.after !== null) go(places.before(place));
  };
  /** By its place among those on screen, of which some are decided; what is ticked stays so. */
  const take = (n: number): void => {
    const suggestion = current?.links.suggestions[n];
    if (suggestion === undefined || !current?.free.includes(suggestion)) return;
    if (current.free.length === 1) cursor.move(1);
    decisions.accept([suggestion.id]);
  };

  useKeys(dialog === null, {
    // Without rows the arrows go on scrolling the page.
    ...(rows.length > 0 && {
      j: () => cursor.move(1),
      ArrowDown: () => cursor.move(1),
      k: () => cursor.move(-1),
      ArrowUp: () => cursor.move(-1),
    }),
    a: () => decide(decisions.accept),
    ...Object.fromEntries(
      (current?.links.suggestions ?? []).slice(0, 9).map((_, n) => [String(n + 1), () => take(n)]),
    ),
    r: () => decide(decisions.reject),
    u: decisions.undoLast,
    x: () => current && selection.toggle(current.links.performerId, false),
    n: goOn,
    p: goBack,
    ...(selection.ids.size > 0 && { Escape: () => selection.set([]) }),
    '?': () => setDialog('keys'),
  });

  const form = (
    <FilterForm
      filter={filter}
      boxes={answer?.boxes ?? []}
      onChange={(change) => query.change(filterChange(change), 'replace')}
    />
  );
  if (answer === null)
    return (
      <>
        {/* Another list can be chosen where this one is kept no longer. */}
        {problem !== null && form}
        <NoAnswer problem={problem} onRetry={reload} />
      </>
    );
  const toLookUp = rows.filter((row) => isToLookUp(row, filter.box));
  return (
    <div className="stash-sense-suggestions">
      {form}
      {problem !== null && <Problem message={problem} onRetry={reload} />}
      {answer.boxes.length === 0 ? (
        <Notice variant="info">{say('stashIds.noBox', { isNamed: 'false', name: '' })}</Notice>
      ) : (
        <FindBar
          shown={toLookUp.map(({ links }) => links.performerId)}
          list={filter.list === null ? null : { name: filter.list, size: answer.listed ?? answer.total }}
          box={filter.box}
          isUntouched={() => untouched.current && !isComparing(grid.current)}
          onLoad={reload}
        />
      )}
      <BulkBar
        selected={tickedSurest}
        acceptable={tickedSurest}
        selectable={selectable.length}
        isKept={rows.length > 0}
        state="open"
        onSelectAll={(isOn) => selection.set(isOn ? selectable.map(({ links }) => links.performerId) : [])}
        onAccept={() => decide(decisions.accept)}
        onReject={() => decide(decisions.reject)}
        onAcceptAll={() => setDialog('accept-all')}
        onKeys={() => setDialog('keys')}
      />
      {rows.length === 0 && (
        <p className="stash-sense-empty text-muted">
          {say(
            Object.keys(conditions).length === 0 && place.after === null
              ? answer.boxes.length === 0
                ? 'stashIds.nobodyYet'
                : 'stashIds.nobodySuggested'
              : 'suggestions.nothingFits',
          )}
        </p>
      )}
      <ul className={`list-unstyled stash-sense-rows${isLoading ? ' stash-sense-loading' : ''}`} ref={grid}>
        {rows.map((row, at) => {
          const { performerId } = row.links;
          return (
            <PerformerRow
              key={performerId}
              row={row}
              decisions={decisions}
              isTicked={row.undecided.length === 0 ? null : selection.ids.has(performerId)}
              isCurrent={at === cursor.place}
              onTick={(withRange) => selection.toggle(performerId, withRange)}
              onFocus={() => cursor.set(at)}
            />
          );
        })}
      </ul>
      {rows.length > 0 && leaving === rows.length && (
        <div className="stash-sense-all-decided" role="status">
          {say('suggestions.allDecided')}{' '}
          <Button variant="primary" onClick={() => (next === null ? go(START) : goOn())}>
            {say('suggestions.showWhatIsLeft')}
          </Button>
        </div>
      )}
      <Pager
        offset={place.from}
        shown={rows.length}
        total={answer.total}
        size={PAGE_SIZE}
        leaving={leaving}
        isLoading={isLoading}
        // The next page begins where this one does once all on this one are decided.
        onGo={(to) => (to >= place.from ? goOn() : goBack())}
      />
      {dialog === 'accept-all' && (
        <AcceptAll
          conditions={{ ...conditions, entityKind: 'performer' }}
          least={filter.least ?? 0}
          onClose={(hasChanged) => {
            setDialog(null);
            if (hasChanged) reload();
          }}
        />
      )}
      {dialog === 'keys' && (
        <KeyHelp
          go={['↑ ↓, j, k', say('stashIds.goKey')]}
          choose={say('stashIds.chooseKey')}
          onClose={() => setDialog(null)}
        />
      )}
    </div>
  );
}
