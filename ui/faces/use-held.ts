import { useEffect, useRef, useState } from 'react';
import type { PersonView } from '../../core/contract/faces.ts';
import { useLatest } from '../shared/hooks/use-latest.ts';
import {
  hasUnsavedEdits,
  isUnsaved,
  lastEditForm,
  putIntoForm,
  takeOutOfForm,
  watchEditForm,
} from '../stash/edit-form.ts';
import { say } from '../stash/intl.tsx';
import { useToast } from '../stash/toast.tsx';
import type { Decisions } from './use-decisions.ts';
import type { Faces } from './use-faces.ts';
import { wishesOf, wishToAdd, wishToAddCandidate, wishToUndo, type Wish } from './wish.ts';

/** Where a button was pressed: the card of that person, or "Add all". */
export type Place = number | 'all';

/** What will become of a performer when Stash's form is saved. */
export type Awaited = 'toAdd' | 'toRemove' | 'inForm';

/** What is held back while Stash's form has unsaved edits, since saving it writes the performers chosen there. */
export type Held = {
  /** What was asked for there, while the user has to say how; null: nothing. */
  readonly askedAt: (place: Place) => readonly Wish[] | null;
  /** Whether the form can be given performers. */
  readonly canPut: boolean;
  readonly whenSaved: () => void;
  readonly putIntoForm: () => void;
  readonly cancel: () => void;
  readonly awaitedOf: (who: { performerId: string | null; present?: boolean | undefined }) => Awaited | null;
  /** Takes back what `awaitedOf` says. */
  readonly drop: (performerId: string) => void;
};

/** The same decisions, but what would write waits while Stash's form has unsaved edits, until it was saved. */
export function useHeld(faces: Faces, decisions: Decisions): { held: Held; decisions: Decisions } {
  const [form, setForm] = useState(lastEditForm);
  const isHeld = isUnsaved(form);
  const [asked, setAsked] = useState<{ at: Place; wishes: readonly Wish[] } | null>(null);
  const [waiting, setWaiting] = useState<readonly Wish[]>([]);
  /** Put into the form: decided when it was saved with them. */
  const put = useRef<readonly Wish[]>([]);
  const last = useLatest({ waiting, decisions });

  useEffect(() => {
    let { saves } = lastEditForm();
    return watchEditForm((now) => {
      setForm(now);
      if (!isUnsaved(now)) setAsked(null);
      if (now.saves === saves) return;
      saves = now.saves;
      last.current.decisions.afterSave(last.current.waiting, put.current);
      setWaiting([]);
      put.current = [];
    });
  }, [last]);

  useSayWhatWasLeft(waiting);

  function without(wishes: readonly Wish[]): readonly Wish[] {
    return waiting.filter(({ performerId }) => !wishes.some((wish) => wish.performerId === performerId));
  }

  function hold(at: Place, wishes: readonly Wish[], decide: () => void): void {
    if (hasUnsavedEdits()) {
      setAsked({ at, wishes });
      return;
    }
    setWaiting(without(wishes));
    decide();
  }

  function answer(take: (wishes: readonly Wish[]) => void): void {
    if (asked !== null) take(asked.wishes);
    setAsked(null);
  }

  return {
    held: {
      askedAt: (place) => (isHeld && asked?.at === place ? asked.wishes : null),
      canPut: form.state === 'edited' && form.performerIds !== null,
      whenSaved: () => answer((wishes) => setWaiting([...without(wishes), ...wishes])),
      putIntoForm: () =>
        answer((wishes) => {
          put.current = [...put.current, ...wishes];
          putIntoForm(wishes.map(({ performerId: id, name }) => ({ id, name })));
        }),
      cancel: () => setAsked(null),
      awaitedOf({ performerId, present }) {
        if (!isHeld || performerId === null) return null;
        const wish = waiting.find((one) => one.performerId === performerId);
        if (wish) return wish.action === 'add' ? 'toAdd' : 'toRemove';
        return present !== true && form.performerIds?.includes(performerId) === true ? 'inForm' : null;
      },
      drop(performerId) {
        const isHis = (wish: Wish): boolean => wish.performerId === performerId;
        put.current = put.current.filter((wish) => !isHis(wish));
        if (waiting.some(isHis)) setWaiting(waiting.filter((wish) => !isHis(wish)));
        else takeOutOfForm([performerId]);
      },
    },
    decisions: {
      ...decisions,
      add: (person) => hold(person.key, wishToAdd(person), () => decisions.add(person)),
      addCandidate: (person, candidate) =>
        hold(person.key, wishToAddCandidate(person, candidate), () =>
          decisions.addCandidate(person, candidate),
        ),
      undo: (person) => hold(person.key, undoOf(person), () => decisions.undo(person)),
      undoCandidate: (person, candidate) =>
        hold(person.key, wishToUndo(person.key, candidate), () => decisions.undoCandidate(person, candidate)),
      addAll: (ids) => hold('all', wishesOf(faces.view, ids), () => decisions.addAll(ids)),
    },
  };
}

function undoOf({ key, performerId, name, journalId }: PersonView): readonly Wish[] {
  return wishToUndo(key, { performerId, name, journalId });
}

/** What waits for a save is given up with the page. */
function useSayWhatWasLeft(waiting: readonly Wish[]): void {
  const toast = useToast();
  const last = useLatest(waiting);
  useEffect(
    () => () => {
      const [first] = last.current;
      if (first === undefined) return;
      const names = last.current.filter(({ action }) => action === first.action).map(({ name }) => name);
      toast.warn(
        say('faces.leftUnsaved', { names: names.join(', '), count: names.length, action: first.action }),
      );
    },
    [last, toast],
  );
}
