import { useEffect, useRef } from 'react';

/** Stash's own shortcuts such as `g s` (scenes) begin with a g: what follows soon belongs to them. */
const AFTER_G_MS = 1000;

/**
Single keys for the whole page while `isActive`. Before Stash's own handlers, so that `?` opens our list of keys and not
its manual; never while somebody types, and never with Ctrl, Alt or Meta.
*/
export function useKeys(isActive: boolean, keys: Readonly<Record<string, () => void>>): void {
  const newest = useRef(keys);
  useEffect(() => {
    newest.current = keys;
  });

  useEffect(() => {
    if (!isActive) return undefined;
    let gAt = 0;
    const press = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.altKey || event.metaKey || isTyping(event.target)) return;
      const isAfterG = event.timeStamp - gAt < AFTER_G_MS && gAt > 0;
      gAt = event.key === 'g' ? event.timeStamp : 0;
      const work = isAfterG ? undefined : newest.current[event.key];
      if (!work) return;
      event.preventDefault();
      event.stopPropagation();
      work();
    };
    document.addEventListener('keydown', press, true);
    return () => document.removeEventListener('keydown', press, true);
  }, [isActive]);
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return !['checkbox', 'radio', 'button'].includes(target.type);
  return target.isContentEditable || ['TEXTAREA', 'SELECT'].includes(target.tagName);
}
