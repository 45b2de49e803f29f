import { useState, type RefObject } from 'react';

export type Cursor = {
  readonly place: number;
  readonly set: (place: number) => void;
  /** By so many cards; stops at both ends. */
  readonly move: (by: number) => void;
  /** By so many rows of the grid. */
  readonly moveRow: (by: number) => void;
};

/** The card the keys work on. Moving it also moves the focus, so that it is scrolled into view and read out. */
export function useCursor(grid: RefObject<HTMLElement>, length: number): Cursor {
  const [wanted, setWanted] = useState(0);
  const within = (place: number): number => Math.max(0, Math.min(place, length - 1));
  const place = within(wanted);

  function go(to: number): void {
    const next = within(to);
    setWanted(next);
    grid.current?.children[next]?.querySelector<HTMLElement>('[role="group"]')?.focus();
  }

  return {
    place,
    set: setWanted,
    move: (by) => go(place + by),
    moveRow: (by) => go(place + by * columns(grid.current)),
  };
}

function columns(grid: HTMLElement | null): number {
  const cells = [...(grid?.children ?? [])] as HTMLElement[];
  const top = cells[0]?.offsetTop;
  return Math.max(1, cells.filter((cell) => cell.offsetTop === top).length);
}
