import { useEffect, useRef, useState } from 'react';
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
import {
  requestsFor,
  requestToAdd,
  requestToAddCandidate,
  requestToUndo,
  type ChangeRequest,
} from './change-request.ts';

/** Where a button was pressed: the card of that person, or "Add all". */
export type Place = number | 'all';

/** What will become of a performer when Stash's form is saved. */
export type AwaitedChange = 'toAdd' | 'toRemove' | 'inForm';

/** What is held back while Stash's form has unsaved edits, since saving it writes the performers chosen there. */
export type Held = {
  /** What was asked for there, while the user has to say how; null: nothing. */
  readonly askedAt: (place: Place) => readonly ChangeRequest[] | null;
  /** Whether the form can be given performers. */
  readonly canPut: boolean;
  readonly whenSaved: () => void;
  readonly putIntoForm: () => void;
  readonly cancel: () => void;
  readonly awaitedOf: (who: {
    performerId: string | null;
    present?: boolean | undefined;
  }) => AwaitedChange | null;
  /** Takes back what `awaitedOf` says. */
  readonly drop: (performerId: string) => void;
};

/** The same decisions, but what would write waits while Stash's form has unsaved edits, until it was saved. */
export function useHeld(faces: Faces, decisions: Decisions): { held: Held; decisions: Decisions } {
  const [form, setForm] = useState(lastEditForm);
  const isHeld = isUnsaved(form);
  const [asked, setAsked] = useState<{ at: Place; requests: readonly ChangeRequest[] } | null>(null);
  const [waiting, setWaiting] = useState<readonly ChangeRequest[]>([]);
  /** Put into the form: decided when it was saved with them. */
  const put = useRef<readonly ChangeRequest[]>([]);
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

  function without(requests: readonly ChangeRequest[]): readonly ChangeRequest[] {
    return waiting.filter(
      ({ performerId }) => !requests.some((request) => request.performerId === performerId),
    );
  }

  function hold(at: Place, requests: readonly ChangeRequest[], decide: () => void): void {
    if (hasUnsavedEdits()) {
      setAsked({ at, requests });
      return;
    }
    setWaiting(without(requests));
    decide();
  }

  function answer(take: (requests: readonly ChangeRequest[]) => void): void {
    if (asked !== null) take(asked.requests);
    setAsked(null);
  }

  return {
    held: {
      askedAt: (place) => (isHeld && asked?.at === place ? asked.requests : null),
      canPut: form.state === 'edited' && form.performerIds !== null,
      whenSaved: () => answer((requests) => setWaiting([...without(requests), ...requests])),
      putIntoForm: () =>
        answer((requests) => {
          put.current = [...put.current, ...requests];
          putIntoForm(requests.map(({ performerId: id, name }) => ({ id, name })));
        }),
      cancel: () => setAsked(null),
      awaitedOf({ performerId, present }) {
        if (!isHeld || performerId === null) return null;
        const request = waiting.find((one) => one.performerId === performerId);
        if (request) return request.action === 'add' ? 'toAdd' : 'toRemove';
        return present !== true && form.performerIds?.includes(performerId) === true ? 'inForm' : null;
      },
      drop(performerId) {
        const isHis = (request: ChangeRequest): boolean => request.performerId === performerId;
        put.current = put.current.filter((request) => !isHis(request));
        if (waiting.some(isHis)) setWaiting(waiting.filter((request) => !isHis(request)));
        else takeOutOfForm([performerId]);
      },
    },
    decisions: {
      ...decisions,
      add: (person) => hold(person.key, requestToAdd(person), () => decisions.add(person)),
      addCandidate: (person, candidate) =>
        hold(person.key, requestToAddCandidate(person, candidate), () =>
          decisions.addCandidate(person, candidate),
        ),
      undo: (person) => hold(person.key, requestToUndo(person.key, person), () => decisions.undo(person)),
      undoCandidate: (person, candidate) =>
        hold(person.key, requestToUndo(person.key, candidate), () =>
          decisions.undoCandidate(person, candidate),
        ),
      addAll: (ids) => hold('all', requestsFor(faces.view, ids), () => decisions.addAll(ids)),
    },
  };
}

/** What waits for a save is given up with the page. */
function useSayWhatWasLeft(waiting: readonly ChangeRequest[]): void {
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
