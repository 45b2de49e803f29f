/** How the user calls their stash-boxes, asked of Stash once a page. */
import { useEffect, useState } from 'react';
import { shownBox } from '../../../core/reference-packs/box-address.ts';
import { findBoxNames } from '../../stash/library.ts';

type Names = ReadonlyMap<string, string>;

const NONE: Names = new Map();
let asked: Promise<Names> | null = null;

/** How the stash-box of an endpoint is called: as in Stash's settings, its host where Stash has no name of it or has not answered yet. */
export function useBoxName(): (endpoint: string) => string {
  const names = useNames();
  return (endpoint) => names.get(endpoint) || shownBox(endpoint);
}

/** By endpoint; without an answer, or until it is there, none is known. */
function useNames(): Names {
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
