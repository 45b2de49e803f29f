import { useState } from 'react';
import type { PersonView } from '../../../core/contract/faces.ts';
import type { Ask, Output } from '../../../core/contract/operations.ts';
import type { NameTakenView } from '../../../core/contract/suggestions.ts';
import { useIsHere } from '../../shared/hooks/use-act.ts';
import { usePending } from '../../shared/hooks/use-pending.ts';
import { hasUnsavedEdits } from '../../stash/edit-form.ts';
import { say } from '../../stash/intl.tsx';
import { refreshAfterWrite, type EntityRef } from '../../stash/library.ts';
import { ask } from '../../stash/operations.ts';
import { useToast } from '../../stash/toast.tsx';
import type { Faces } from '../use-faces.ts';
import { undoNamed } from './undo-named.ts';

export type Who = Ask<'faces.name'>['who'];

/** Whoever was named last, and where else they were seen. */
export type Named = {
  readonly performerId: string;
  readonly name: string;
  readonly personKey: number;
  /** Stash shows no picture of them. */
  readonly hasNoPicture: boolean;
  /** Null: it is looked. */
  readonly elsewhere: Output<'faces.elsewhere'> | null;
};

export type Naming = {
  /** Keys of the persons with a pending write. */
  readonly pending: ReadonlySet<number>;
  readonly named: Named | null;
  /** @returns whom the user has to tell apart first; null: nobody */
  readonly name: (
    person: PersonView,
    who: Who,
    shown: { readonly name: string; readonly hasNoPicture: boolean },
  ) => Promise<NameTakenView | null>;
  /** The person is not this performer, who is on the entity. */
  readonly deny: (person: PersonView, performer: { performerId: string; name: string }) => void;
  /** The person is nobody of interest, here and everywhere. */
  readonly hide: (person: PersonView) => void;
  readonly unhide: (person: PersonView, hiddenId: string) => void;
  readonly nameElsewhere: () => void;
  readonly usePicture: () => void;
  readonly close: () => void;
};

/** What is said of a face of nobody: who it is, here and wherever else the same person was seen. */
export function useNaming(entity: EntityRef, faces: Faces): Naming {
  const { pending, run } = usePending(faces.model.reload);
  const [named, setNamed] = useState<Named | null>(null);
  const isHere = useIsHere();
  const toast = useToast();

  async function undo(answer: Output<'faces.name'>, asked: Ask<'faces.name'>['faces']): Promise<void> {
    setNamed(null);
    const { refusal, failures } = await undoNamed(ask, answer, asked);
    for (const error of failures) toast.failed(error);
    if (refusal !== null) toast.warn(say('undo.refused', { reason: refusal }));
    else if (failures.length === 0) toast.done(say('undo.done'));
    const { added, performerId } = answer;
    await refreshAfterWrite([...added, entity], performerId === null ? [] : [performerId]);
  }

  async function name(
    personKey: number,
    who: Who,
    shown: { readonly name: string; readonly hasNoPicture: boolean },
  ): Promise<NameTakenView | null> {
    const asked = [{ entity, personKey }];
    const answer = await ask('faces.name', { faces: asked, who });
    const { performerId, refused, nameTaken, dryRun, learnt } = answer;
    if (nameTaken !== undefined) return nameTaken;
    const [first] = refused;
    if (dryRun) toast.warn(say('faces.dryRunNamed', { name: shown.name }));
    else if (first) toast.warn(say('faces.wasNotAdded', { name: shown.name, reason: first.reason }));
    else
      toast.done(
        say(learnt > 0 ? 'naming.named' : 'naming.namedNotLearnt', { name: shown.name, kind: entity.kind }),
        () => void run([personKey], () => undo(answer, asked)),
      );
    if (dryRun || performerId === null) return null;
    await refreshAfterWrite([entity], [performerId]);
    if (first === undefined) void findElsewhere({ performerId, ...shown, personKey, elsewhere: null });
    return null;
  }

  async function findElsewhere(about: Named): Promise<void> {
    setNamed(about);
    const { personKey, performerId } = about;
    const found = await ask('faces.elsewhere', { entity, personKey, performerId }).catch(() => NOWHERE);
    if (isHere.current) setNamed((now) => (now === about ? { ...about, elsewhere: found } : now));
  }

  async function nameElsewhere({ performerId, name: shown, elsewhere }: Named): Promise<void> {
    const items = elsewhere?.items ?? [];
    if (items.length === 0) return;
    const asked = items.map((item) => ({ entity: item.entity, personKey: item.personKey }));
    const answer = await ask('faces.name', { faces: asked, who: { performerId } });
    const { added, refused, learnt, dryRun } = answer;
    setNamed(null);
    const [first] = refused;
    if (dryRun) toast.warn(say('faces.dryRunNamed', { name: shown }));
    else if (first)
      toast.warn(
        say('faces.someAdded', { added: added.length, refused: refused.length, reason: first.reason }),
      );
    else
      toast.done(
        added.length > 0
          ? say('naming.addedElsewhere', { name: shown, count: added.length })
          : say('naming.learntElsewhere', { name: shown, count: learnt }),
        () => void run([], () => undo(answer, asked)),
      );
    await refreshAfterWrite([...added], [performerId]);
  }

  async function unhide(hiddenId: string): Promise<void> {
    await ask('faces.unhide', { hiddenId });
    toast.done(say('naming.isShownAgain'));
  }

  async function usePicture({ performerId, name: shown, personKey }: Named): Promise<void> {
    const { journalId, dryRun } = await ask('faces.usePicture', { entity, personKey, performerId });
    setNamed((now) => now && { ...now, hasNoPicture: false });
    const refresh = async (): Promise<void> =>
      await refreshAfterWrite([], [], [{ kind: 'performer', id: performerId }]);
    if (dryRun) toast.warn(say('faces.dryRunNamed', { name: shown }));
    else
      toast.done(say('naming.hasPictureNow', { name: shown }), () => {
        void run([], async () => {
          const [first] = (await ask('journal.undo', { ids: [journalId ?? ''] })).refused;
          if (first) toast.warn(say('undo.refused', { reason: first.reason }));
          else toast.done(say('undo.done'));
          await refresh();
        });
      });
    await refresh();
  }

  return {
    pending,
    named,
    async name({ key }, who, shown) {
      // Stash's form would be begun anew, and what was typed there lost.
      if (hasUnsavedEdits()) {
        toast.warn(say('packPeople.saveFirst', { name: shown.name }));
        return null;
      }
      return await run([key], () => name(key, who, shown));
    },
    deny({ key }, { performerId, name: shown }) {
      void run([key], async () => {
        await ask('faces.unname', { entity, personKey: key, performerId, isNo: true });
        toast.done(say('faces.notedNot', { name: shown }), () => {
          const takenBack = { entity, personKey: key, performerId, undo: true };
          void run([key], () => ask('entity.reject', takenBack));
        });
      });
    },
    hide({ key }) {
      void run([key], async () => {
        const { hiddenId, elsewhere } = await ask('faces.hide', { entity, personKey: key });
        toast.done(
          say('naming.isHidden', { count: elsewhere }),
          () => void run([key], () => unhide(hiddenId)),
        );
      });
    },
    unhide: ({ key }, hiddenId) => void run([key], () => unhide(hiddenId)),
    nameElsewhere() {
      if (named !== null) void run([named.personKey], () => nameElsewhere(named));
    },
    usePicture() {
      if (named !== null) void run([named.personKey], () => usePicture(named));
    },
    close: () => setNamed(null),
  };
}

const NOWHERE: Output<'faces.elsewhere'> = { total: 0, items: [] };
