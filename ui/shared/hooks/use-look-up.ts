import { useEffect, useState } from 'react';
import { messageOf } from '../../../core/message-of.ts';

const TYPING_PAUSE_MS = 300;

type LookUp<Found> = {
  /** What was found for the text as it stands; null: nothing was typed, or the answer for it is not there yet. */
  readonly found: Found | null;
  readonly problem: string | null;
};

/** Looks up what was typed, when typing has paused. An answer to another text is never shown. `find` has to be the same function at each drawing. */
export function useLookUp<Found>(text: string, find: (text: string) => Promise<Found>): LookUp<Found> {
  const [answer, setAnswer] = useState<LookUp<Found> & { readonly text: string }>({ ...NOTHING, text: '' });
  useEffect(() => {
    if (text === '') return undefined;
    let isNewest = true;
    const timer = setTimeout(() => {
      find(text).then(
        (found) => isNewest && setAnswer({ text, found, problem: null }),
        (error: unknown) => isNewest && setAnswer({ text, found: null, problem: messageOf(error) }),
      );
    }, TYPING_PAUSE_MS);
    return () => {
      isNewest = false;
      clearTimeout(timer);
    };
  }, [text, find]);
  return text === '' || text !== answer.text ? NOTHING : answer;
}

const NOTHING = { found: null, problem: null };
