import type { FacesView } from '../../core/contract.ts';
import { messageOf } from '../../core/errors.ts';
import { pollDelayMs } from '../components/poll-delay.ts';
import type { Subject } from '../stash/library.ts';
import type { ask as askNode } from '../stash/operations.ts';
import { isWorking } from './person-state.ts';

export type FacesState = {
  /** Null until the first answer. */
  readonly view: FacesView | null;
  /** Why the last question got no answer. */
  readonly problem: string | null;
  readonly isIdentifying: boolean;
};

export type FacesModel = {
  state: () => FacesState;
  /** Called at once, and whenever something changes. Nobody listening: nothing is asked. @returns how to stop */
  subscribe: (listener: (state: FacesState) => void) => () => void;
  /** First sight, and coming back to something under way, ask at once. Unseen, nothing is asked. */
  setSeen: (isSeen: boolean) => void;
  reload: () => Promise<void>;
  /** Looks at the subject; `again` also when it has been looked at. */
  identify: (again: boolean) => Promise<void>;
  /** Shows a change at once; answers to older questions no longer count. */
  change: (to: (view: FacesView) => FacesView) => void;
};

/** The faces of one subject, asked for again (2 s, backing off to 10 s) while something is under way and can be seen. */
export function createFacesModel(subject: Subject, ask: typeof askNode): FacesModel {
  const listeners = new Set<(state: FacesState) => void>();
  let state: FacesState = { view: null, problem: null, isIdentifying: false };
  let isSeen = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isPolling = false;
  /** Polls since something was begun. */
  let polls = 0;
  // Answers come in any order: an older one must not overwrite a newer one.
  let begun = 0;
  let shown = 0;

  function set(change: Partial<FacesState>): void {
    state = { ...state, ...change };
    for (const listener of listeners) listener(state);
    schedule();
  }

  function schedule(): void {
    clearTimeout(timer);
    // Pictures are looked at by the question itself: while that runs there is nothing else to ask.
    const isAsked = state.isIdentifying && subject.kind !== 'scene';
    if (listeners.size > 0 && isSeen && isBusy(state) && !isAsked && !isPolling)
      timer = setTimeout(() => void poll(), pollDelayMs(polls));
  }

  async function poll(): Promise<void> {
    isPolling = true;
    await reload();
    polls++;
    isPolling = false;
    schedule();
  }

  async function reload(): Promise<void> {
    const mine = ++begun;
    const answered = (change: Partial<FacesState>): void => {
      if (mine < shown) return;
      shown = mine;
      set(change);
    };
    try {
      answered({ view: await faces(subject, ask), problem: null });
    } catch (error) {
      answered({ problem: messageOf(error) });
    }
  }

  return {
    state: () => state,
    subscribe(listener) {
      listeners.add(listener);
      listener(state);
      schedule();
      return () => {
        listeners.delete(listener);
        schedule();
      };
    },
    setSeen(seen) {
      if (seen === isSeen) return;
      isSeen = seen;
      if (isSeen && (state.view === null || isBusy(state))) {
        polls = 0;
        void reload();
      }
      schedule();
    },
    reload,
    async identify(again) {
      if (state.isIdentifying) return;
      polls = 0;
      set({ isIdentifying: true, problem: null });
      try {
        const view = await identified(subject, again, ask);
        shown = ++begun;
        set({ view, isIdentifying: false });
      } catch (error) {
        shown = ++begun;
        set({ problem: messageOf(error), isIdentifying: false });
      }
    },
    change(to) {
      shown = ++begun;
      if (state.view !== null) set({ view: to(state.view) });
    },
  };
}

export function isBusy({ view, isIdentifying }: FacesState): boolean {
  return isIdentifying || isWorking(view);
}

async function faces(subject: Subject, ask: typeof askNode): Promise<FacesView> {
  if (subject.kind === 'scene') return await ask('scene.faces', { sceneId: subject.id });
  return await identified(subject, false, ask);
}

async function identified({ kind, id }: Subject, again: boolean, ask: typeof askNode): Promise<FacesView> {
  if (kind === 'scene') return (await ask('scene.identify', { sceneId: id, again })).faces;
  if (kind === 'image') return await ask('image.identify', { imageId: id, again });
  return await ask('gallery.identify', { galleryId: id, again });
}
