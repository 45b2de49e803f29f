import { useEffect, useState } from 'react';
import { messageOf } from '../../../core/message-of.ts';

const TYPING_PAUSE_MS = 300;

type LookUp<Found> = {
  /** The newest answer, kept while the next is under way; null: nothing was typed, or there was none. */
  readonly found: Found | null;
  readonly problem: string | null;
};

/** Looks up what was typed, when typing has paused. A late answer to an older text is dropped. `find` has to be the same function at each drawing. */
export function useLookUp<Found>(text: string, find: (text: string) => Promise<Found>): LookUp<Found> {
  const [answer, setAnswer] = useState<LookUp<Found>>(NOTHING);
  useEffect(() => {
    if (text === '') return undefined;
    let isNewest = true;
    const timer = setTimeout(() => {
      find(text).then(
        (found) => isNewest && setAnswer({ found, problem: null }),
        (error: unknown) => isNewest && setAnswer({ found: null, problem: messageOf(error) }),
      );
    }, TYPING_PAUSE_MS);
    return () => {
      isNewest = false;
      clearTimeout(timer);
    };
  }, [text, find]);
  return text === '' ? NOTHING : answer;
}

const NOTHING = { found: null, problem: null };
