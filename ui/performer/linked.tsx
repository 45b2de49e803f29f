import React from 'react';
import { Compare } from '../boxes/compare.tsx';
import { WhatBoxKnows, type Taken } from '../shared/box-offers/what-box-knows.tsx';
import { useAct } from '../shared/hooks/use-act.ts';
import { say } from '../stash/intl.tsx';
import { refreshAfterWrite } from '../stash/library.ts';
import { ask } from '../stash/operations.ts';
import { useToast } from '../stash/toast.tsx';

type Props = {
  readonly at: { readonly performerId: string; readonly stashId: { endpoint: string; stashId: string } };
  readonly name: string;
  readonly box: string;
  readonly onChanged: () => void;
};

/** What the stash-box knows of the one who is linked. */
export function Linked({ at, name, box, onChanged }: Props): React.ReactElement {
  const toast = useToast();
  const { isPending, act } = useAct(onChanged);

  const refresh = async (): Promise<void> =>
    await refreshAfterWrite([], [], [{ kind: 'performer', id: at.performerId }]);
  const undo = (journalId: string): void =>
    act(async () => {
      const [first] = (await ask('journal.undo', { ids: [journalId] })).refused;
      await refresh();
      if (first) toast.warn(say('undo.refused', { reason: first.reason }));
      return first ? null : say('undo.done');
    });
  const take = (taken: Taken, count: number): void =>
    act(async () => {
      const { journalId, dryRun, note } = await ask('stashBoxes.take', { ...at, taken });
      await refresh();
      if (dryRun) toast.warn(say('faces.dryRunNamed', { name }));
      else if (journalId === null && note !== null) toast.warn(say(note));
      else
        toast.done(
          say('boxOffers.taken', { count, name, box }),
          journalId === null ? undefined : () => undo(journalId),
          note === null ? undefined : say(note),
        );
      return null;
    });

  return (
    <Compare box={box} name={name}>
      <WhatBoxKnows
        at={at}
        isPending={isPending}
        act={(count) => say('boxOffers.take', { count })}
        onTake={take}
      />
    </Compare>
  );
}
