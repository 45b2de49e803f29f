import { useState } from 'react';
import { messageOf } from '../../core/message-of.ts';
import { useIsHere } from '../shared/hooks/use-act.ts';
import { say } from '../stash/intl.tsx';
import { ask } from '../stash/operations.ts';

type Box = { readonly endpoint: string; readonly name: string };

export type Find = {
  /** Which one is asked now, counted from 0; null: none. */
  readonly at: { readonly name: string; readonly place: number } | null;
  /** By endpoint, why a stash-box gave no answer, or no whole one. */
  readonly problems: ReadonlyMap<string, string>;
  readonly start: (boxes: readonly Box[]) => void;
};

/** Looks the performer up, one stash-box after the other: what one has found is shown while the next is asked. */
export function useFind(performerId: string, onFound: () => void): Find {
  const [at, setAt] = useState<Find['at']>(null);
  const [problems, setProblems] = useState<Find['problems']>(new Map());
  const isHere = useIsHere();

  async function run(boxes: readonly Box[]): Promise<void> {
    setProblems(new Map());
    for (const [place, { endpoint, name }] of boxes.entries()) {
      setAt({ name, place });
      const problem = await lookUp(endpoint);
      if (!isHere.current) return;
      if (problem !== null) setProblems((before) => new Map([...before, [endpoint, problem]]));
      onFound();
    }
    setAt(null);
  }

  async function lookUp(endpoint: string): Promise<string | null> {
    try {
      const { isWhole } = await ask('stashIds.findOne', { performerId, endpoint });
      return isWhole ? null : say('performer.notWhole');
    } catch (error) {
      return messageOf(error);
    }
  }

  return { at, problems, start: (boxes) => void run(boxes) };
}
