import { useState } from 'react';

export type Selection = {
  readonly ids: ReadonlySet<string>;
  /** With `withRange`, everything between the last one clicked and this one too. */
  readonly toggle: (id: string, withRange: boolean) => void;
  readonly set: (ids: readonly string[]) => void;
};

/** Which of the listed things are ticked. What leaves the list is no longer ticked. */
export function useSelection(listed: readonly string[]): Selection {
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set());
  const [last, setLast] = useState<string | null>(null);
  const ids = new Set(listed.filter((id) => ticked.has(id)));
  return {
    ids,
    toggle(id, withRange) {
      const isOn = !ids.has(id);
      const next = new Set(ids);
      for (const entry of withRange ? between(listed, last, id) : [id])
        if (isOn) next.add(entry);
        else next.delete(entry);
      setTicked(next);
      setLast(id);
    },
    set: (wanted) => setTicked(new Set(wanted)),
  };
}

/** From one to the other in the order of the list, both included; only `to` where `from` is not listed. */
export function between(listed: readonly string[], from: string | null, to: string): string[] {
  const [a, b] = [from === null ? -1 : listed.indexOf(from), listed.indexOf(to)];
  return a === -1 || b === -1 ? [to] : listed.slice(Math.min(a, b), Math.max(a, b) + 1);
}
