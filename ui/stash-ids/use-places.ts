import { useRef } from 'react';
import { START, type Place } from './filter.ts';

export type Places = {
  /** To be called when the page goes on from one place to the next. */
  readonly goOn: (from: Place, to: Place) => void;
  /** The place before; the beginning, where the address was opened in the middle of a list. */
  readonly before: (place: Place) => Place;
};

/** The places that were shown: a list that goes on behind its last row knows no way back. */
export function usePlaces(): Places {
  const before = useRef(new Map<string | null, Place>());
  return {
    goOn: (from, to) => void before.current.set(to.after, from),
    before: ({ after }) => before.current.get(after) ?? START,
  };
}
