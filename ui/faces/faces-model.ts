import type { FacesView } from '../../core/contract/faces.ts';
import { messageOf } from '../../core/message-of.ts';
import { pollDelayMs } from '../shared/poll-delay.ts';
import type { EntityRef } from '../stash/library.ts';
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
  /**
  Whether it is on screen. The first time asks at once, and so does coming back to something under way, at most every 2 s;
  off screen, nothing is asked.
  */
  setSeen: (isSeen: boolean) => void;
  reload: () => Promise<void>;
  /** Searches the entity for faces, unless that is under way; with `force` also where it was searched before. */
  identify: (force: boolean) => Promise<void>;
  /** Shows a change at once; answers to older questions no longer count. */
  change: (to: (view: FacesView) => FacesView) => void;
};

/**
The faces of one entity, asked for again (2 s, backing off to 10 s) while something is under way and on screen. An image or
a gallery that was never searched is searched by itself, once: to open it here is to ask for it.
*/
export function createFacesModel(entity: EntityRef, ask: typeof askNode): FacesModel {
  const listeners = new Set<(state: FacesState) => void>();
  let state: FacesState = { view: null, problem: null, isIdentifying: false };
  let isSeen = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** Polls since something was begun. */
  let polls = 0;
  /** Unix milliseconds of the last question. */
  let askedAt = -Infinity;
  /** Questions without an answer yet; beside one of them no poll is sent. */
  let open = 0;
  let hasIdentified = false;
  // Answers come in any order: an older one must not overwrite a newer one.
  let begun = 0;
  let shown = 0;

  function set(change: Partial<FacesState>): void {
    state = { ...state, ...change };
    for (const listener of listeners) listener(state);
    schedule();
  }

  function schedule(leastMs = pollDelayMs(polls)): void {
    clearTimeout(timer);
    if (listeners.size === 0 || !isSeen || !isBusy(state) || open > 0) return;
    timer = setTimeout(() => {
      polls++;
      void reload();
    }, delayMs(leastMs));
  }

  /** Until the last question is so long ago. Clocks are set back at times. */
  function delayMs(leastMs: number): number {
    return Math.min(leastMs, Math.max(0, askedAt + leastMs - Date.now()));
  }

  async function reload(): Promise<void> {
    const mine = ++begun;
    const answered = (change: Partial<FacesState>): void => {
      if (mine < shown) return;
      shown = mine;
      set(change);
    };
    askedAt = Date.now();
    open++;
    try {
      answered({ view: await faces(entity, ask), problem: null });
    } catch (error) {
      answered({ problem: messageOf(error) });
    }
    open--;
    schedule();
    if (entity.kind !== 'scene' && wasNeverSearched(state.view) && !hasIdentified) void identify(false);
  }

  async function identify(force: boolean): Promise<void> {
    if (isBusy(state)) return;
    hasIdentified = true;
    polls = 0;
    askedAt = Date.now();
    set({ isIdentifying: true, problem: null });
    try {
      const view = await identified(entity, force, ask);
      shown = ++begun;
      set({ view, isIdentifying: false });
    } catch (error) {
      shown = ++begun;
      set({ problem: messageOf(error), isIdentifying: false });
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
      const soonestMs = pollDelayMs(0);
      if (isSeen && state.view === null && open === 0 && delayMs(soonestMs) === 0) void reload();
      else schedule(soonestMs);
    },
    reload,
    identify,
    change(to) {
      shown = ++begun;
      if (state.view !== null) set({ view: to(state.view) });
    },
  };
}

export function isBusy({ view, isIdentifying }: FacesState): boolean {
  return isIdentifying || isWorking(view);
}

/** And nothing is in the way of a search. */
function wasNeverSearched(view: FacesView | null): boolean {
  return view?.state === 'never' && view.problem === null;
}

async function faces(entity: EntityRef, ask: typeof askNode): Promise<FacesView> {
  if (entity.kind === 'scene') return await ask('scene.faces', { sceneId: entity.id });
  return await ask('entity.faces', { entity });
}

async function identified({ kind, id }: EntityRef, force: boolean, ask: typeof askNode): Promise<FacesView> {
  if (kind === 'scene') return (await ask('scene.identify', { sceneId: id, force })).faces;
  if (kind === 'image') return await ask('image.identify', { imageId: id, force });
  return await ask('gallery.identify', { galleryId: id, force });
}
