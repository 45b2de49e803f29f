import { useState } from 'react';
import { messageOf } from '../../core/message-of.ts';
import { useIsHere } from '../shared/hooks/use-act.ts';

type Box = { readonly endpoint: string; readonly name: string };

/** What a look-up led to, in words. `isProblem`: the stash-box gave no answer, or no whole one. */
export type FindOutcome = { readonly text: string; readonly isProblem: boolean };

export type Find = {
  /** Which one is asked now, counted from 0; null: none. */
  readonly at: { readonly name: string; readonly place: number; readonly total: number } | null;
  /** By endpoint; a stash-box of which there is nothing to say has none. */
  readonly outcomes: ReadonlyMap<string, FindOutcome>;
  readonly start: (boxes: readonly Box[]) => void;
};

/** Asks one stash-box after the other: what one has found is shown while the next is asked. */
export function useFind(
  lookUp: (endpoint: string) => Promise<FindOutcome | null>,
  onFound: () => void,
): Find {
  const [at, setAt] = useState<Find['at']>(null);
  const [outcomes, setOutcomes] = useState<Find['outcomes']>(new Map());
  const isHere = useIsHere();

  async function run(boxes: readonly Box[]): Promise<void> {
    setOutcomes(new Map());
    for (const [place, { endpoint, name }] of boxes.entries()) {
      setAt({ name, place, total: boxes.length });
      const outcome = await lookUp(endpoint).catch((error: unknown): FindOutcome => ({
        text: messageOf(error),
        isProblem: true,
      }));
      if (!isHere.current) return;
      if (outcome !== null) setOutcomes((before) => new Map([...before, [endpoint, outcome]]));
      onFound();
    }
    setAt(null);
  }

  return { at, outcomes, start: (boxes) => void run(boxes) };
}
