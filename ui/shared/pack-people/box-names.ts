/** How the user calls their stash-boxes, asked of Stash once a page. */
import { useEffect, useState } from 'react';
import { findBoxNames } from '../../stash/library.ts';

type Names = ReadonlyMap<string, string>;

const NONE: Names = new Map();
let asked: Promise<Names> | null = null;

/** By endpoint; without an answer, or until it is there, none is known. */
export function useBoxNames(): Names {
  const [names, setNames] = useState(NONE);
  useEffect(() => {
    let isHere = true;
    asked ??= findBoxNames();
    asked.then(
      (found) => isHere && setNames(found),
      () => {
        // Asked again where a box is drawn the next time.
        asked = null;
      },
    );
    return () => {
      isHere = false;
    };
  }, []);
  return names;
}
