import { useState, type RefObject } from 'react';

const START = { id: null, place: 0 };
/** What has the focus within a cell. */
const CARD = '[role="group"]';

export type Cursor = {
  readonly place: number;
  readonly set: (place: number) => void;
  /** To the first one, also of a list that is about to come. */
  readonly reset: () => void;
  /** By so many cards; stops at both ends. */
  readonly move: (by: number) => void;
  /** By so many rows of the grid. */
  readonly moveRow: (by: number) => void;
};

/**
The card the keys work on. It stays with what it shows where that comes to another place, and at its place where that is gone. Moving it also moves the focus, so that it is scrolled into view and read out.
@param ids of what is shown, in its order
*/
export function useCursor(grid: RefObject<HTMLElement>, ids: readonly string[]): Cursor {
  const [wanted, setWanted] = useState<{ readonly id: string | null; readonly place: number }>(START);
  const within = (place: number): number => Math.max(0, Math.min(place, ids.length - 1));
  const now = wanted.id === null ? -1 : ids.indexOf(wanted.id);
  const place = now === -1 ? within(wanted.place) : now;
  const set = (to: number): void => setWanted({ id: ids[to] ?? null, place: to });

  function go(to: number): void {
    const next = within(to);
    set(next);
    cellsOf(grid.current)[next]?.querySelector<HTMLElement>(CARD)?.focus();
  }

  return {
    place,
    set,
    reset: () => setWanted(START),
    move: (by) => go(place + by),
    moveRow: (by) => go(place + by * columns(grid.current)),
  };
}

/** Without the headings between them. */
function cellsOf(grid: HTMLElement | null): HTMLElement[] {
  return ([...(grid?.children ?? [])] as HTMLElement[]).filter((cell) => cell.querySelector(CARD) !== null);
}

/** The cells of the fullest row: that of a group may have one alone. */
function columns(grid: HTMLElement | null): number {
  const rows = new Map<number, number>();
  for (const { offsetTop } of cellsOf(grid)) rows.set(offsetTop, (rows.get(offsetTop) ?? 0) + 1);
  return Math.max(1, ...rows.values());
}
