import type { FacesView } from '../../core/contract/faces.ts';
import { messageOf } from '../../core/message-of.ts';
import { pollDelayMs } from '../shared/poll-delay.ts';
import type { EntityRef } from '../stash/library.ts';
import { isNotFound, type ask as askNode } from '../stash/operations.ts';
import { isWorking } from './person-state.ts';

export type FacesState = {
  /** Null until the first answer. */
  readonly view: FacesView | null;
  /** Why the last request failed. */
  readonly problem: string | null;
  readonly isIdentifying: boolean;
};

export type FacesModel = {
  state: () => FacesState;
  /** Calls the listener at once and on each change. Without listeners no request is sent. @returns unsubscribes */
  subscribe: (listener: (state: FacesState) => void) => () => void;
  /**
  Whether the panel is on screen. The first time sends a request at once; so does a return while work is in progress, at most
  every 2 s. Off screen no request is sent.
  */
  setSeen: (isSeen: boolean) => void;
  reload: () => Promise<void>;
  /** Starts an identification unless one is running; with `force` observed files are observed anew. */
  identify: (force: boolean) => Promise<void>;
  /** Shows a change at once (optimistic update); answers to earlier requests are discarded. */
  change: (to: (view: FacesView) => FacesView) => void;
};

/**
The faces of one entity, polled (2 s, backing off to 10 s) while work is in progress and the panel is on screen. Opening an
image or a gallery that was never observed starts its identification, once.
*/
export function createFacesModel(entity: EntityRef, ask: typeof askNode): FacesModel {
  const listeners = new Set<(state: FacesState) => void>();
  let state: FacesState = { view: null, problem: null, isIdentifying: false };
  let isSeen = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** Number of polls since work began. */
  let polls = 0;
  /** Unix milliseconds of the last request. */
  let askedAt = -Infinity;
  /** Number of pending requests; no poll is sent while there is one. */
  let open = 0;
  let hasIdentified = false;
  // Answers arrive in any order: an older one must not overwrite a newer one.
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

  /** Remaining time until the last request is `leastMs` ago; never longer than that, also when the clock was set back. */
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
      // An entity that Stash no longer has leaves nothing to decide.
      answered({ problem: messageOf(error), ...(isNotFound(error) && { view: null }) });
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

/** Whether the entity was never observed and nothing prevents its identification. */
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
