import { useCallback, useEffect, useRef, useState, type RefObject } from 'react';
import type { SuggestionView } from '../../core/contract/suggestions.ts';
import { ask } from '../stash/operations.ts';

/** Pixels that a card takes at least, with the gaps beside and below it. */
const CARD = { width: 262, height: 340 };
/** Pixels between a card and the visible part of the page at which its pictures are asked for. */
const AHEAD = 300;
/** Cards whose pictures are asked for in one call. */
const MOST_AT_ONCE = 20;

/** How many of the first cards are sent with their pictures: at most as many as a window of this size, in pixels, shows before it is scrolled. */
export function picturesShown(width: number, height: number): number {
  return Math.min(
    100,
    Math.max(1, Math.floor(width / CARD.width)) * Math.ceil((height + AHEAD) / CARD.height),
  );
}

type Bare = {
  /** With the pictures that have come since. */
  readonly items: readonly SuggestionView[];
  /** The card of this suggestion comes into sight: its pictures are asked for, and those of the next ones with them. */
  readonly onNear: (id: string) => void;
};

type Views = ReadonlyMap<string, SuggestionView>;
type Of<Kept> = { readonly listed: readonly SuggestionView[]; readonly kept: Kept };

/** Suggestions of which some were listed without pictures (`isBare`): these are asked for when their cards come into sight. Another list begins anew. */
export function useBare(listed: readonly SuggestionView[]): Bare {
  const [come, setCome] = useState<Of<Views>>({ listed, kept: NONE });
  const asked = useRef<Of<Set<string>>>({ listed, kept: new Set() });
  const onNear = useCallback(
    (id: string): void => {
      if (asked.current.listed !== listed) asked.current = { listed, kept: new Set() };
      const here = asked.current;
      const ids = listed
        .slice(listed.findIndex((item) => item.id === id))
        .flatMap((item) => (item.isBare && !here.kept.has(item.id) ? item.id : []))
        .slice(0, MOST_AT_ONCE);
      if (here.kept.has(id) || ids.length === 0) return;
      for (const one of ids) here.kept.add(one);
      ask('suggestions.views', { ids }).then(
        ({ items }) =>
          here === asked.current &&
          setCome((before) => ({
            listed,
            kept: new Map([
              ...(before.listed === listed ? before.kept : NONE),
              ...items.map((item) => [item.id, item] as const),
            ]),
          })),
        // The card stays without pictures until it comes into sight once more.
        () => ids.forEach((one) => here.kept.delete(one)),
      );
    },
    [listed],
  );
  const views = come.listed === listed ? come.kept : NONE;
  const items = listed.map((item) => {
    const view = views.get(item.id)?.view;
    // What was decided meanwhile is known to the list alone.
    return view === undefined ? item : ({ ...item, isBare: undefined, view } as SuggestionView);
  });
  return { items, onNear };
}

const NONE: Views = new Map();

/** Calls `onNear` each time that an element comes within `AHEAD` of the visible part of the page. @param onNear the same function at each drawing */
export function useNear(element: RefObject<Element>, isWanted: boolean, onNear: () => void): void {
  useEffect(() => {
    if (!isWanted || !element.current) return undefined;
    const observer = new IntersectionObserver(
      (entries) => entries.at(-1)?.isIntersecting === true && onNear(),
      { rootMargin: `${AHEAD}px` },
    );
    observer.observe(element.current);
    return () => observer.disconnect();
  }, [element, isWanted, onNear]);
}
