import type { EntityRef } from '../stash/library.ts';

/**
Passes a request from the button beside the tabs to the panel inside the tab. The panel is rendered only after the tab was
opened, so a request is held until then.
*/
export const identifyRequests = createIdentifyRequests();

type IdentifyRequests = {
  send: (entity: EntityRef) => void;
  /** Calls `answer` at once when a request is pending. @returns unsubscribes */
  listen: (entity: EntityRef, answer: () => void) => () => void;
};

export function createIdentifyRequests(): IdentifyRequests {
  const listeners = new Map<string, () => void>();
  let waiting: string | null = null;
  return {
    send(entity) {
      const name = nameOf(entity);
      const listener = listeners.get(name);
      if (listener) listener();
      else waiting = name;
    },
    listen(entity, answer) {
      const name = nameOf(entity);
      listeners.set(name, answer);
      if (waiting === name) {
        waiting = null;
        answer();
      }
      return () => {
        if (listeners.get(name) === answer) listeners.delete(name);
      };
    },
  };
}

function nameOf({ kind, id }: EntityRef): string {
  return `${kind}:${id}`;
}
