import React from 'react';
import { Compare } from '../boxes/compare.tsx';
import { WhatBoxKnowsOfScene, type SceneTaken } from '../shared/box-offers/what-box-knows-of-scene.tsx';
import { useAct } from '../shared/hooks/use-act.ts';
import { undoInCalls } from '../shared/undo-in-calls.ts';
import { say } from '../stash/intl.tsx';
import { refreshAfterWrite } from '../stash/library.ts';
import { ask } from '../stash/operations.ts';
import { useToast } from '../stash/toast.tsx';

type Props = {
  readonly at: { readonly sceneId: string; readonly stashId: { endpoint: string; stashId: string } };
  /** Of the scene. */
  readonly title: string;
  readonly box: string;
  readonly onChanged: () => void;
};

/** What the stash-box knows of the scene that is linked. */
export function Linked({ at, title, box, onChanged }: Props): React.ReactElement {
  const toast = useToast();
  const { isPending, act } = useAct(onChanged);

  const refresh = async (): Promise<void> =>
    await refreshAfterWrite([], [], [{ kind: 'scene', id: at.sceneId }]);
  const undo = (batchId: string): void =>
    act(async () => {
      const { undone, refused, reasons, problem } = await undoInCalls(ask, batchId, {
        onProgress: () => undefined,
        isStopped: () => false,
      });
      await refresh();
      const [reason] = reasons;
      if (problem === null && reason === undefined) return say('undo.done');
      const some = reason === undefined ? [] : [say('undo.someDone', { undone, refused, reason })];
      toast.warn([...some, ...(problem === null ? [] : [problem])].join(' '));
      return null;
    });
  const take = (taken: SceneTaken, count: number): void =>
    act(async () => {
      const { batchId, dryRun, note } = await ask('sceneBoxes.take', { ...at, taken });
      await refresh();
      if (dryRun) toast.warn(say('sceneOffers.dryRun', { title }));
      else if (batchId === null && note !== null) toast.warn(say(note));
      else
        toast.done(
          say('sceneOffers.taken', { count, title, box }),
          batchId === null ? undefined : () => undo(batchId),
          note === null ? undefined : say(note),
        );
      return null;
    });

  return (
    <Compare box={box} name={title}>
      <WhatBoxKnowsOfScene
        at={at}
        isPending={isPending}
        act={(count) => say('sceneOffers.take', { count })}
        onTake={take}
      />
    </Compare>
  );
}
