import { useEffect } from 'react';
import { useLatest } from '../shared/hooks/use-latest.ts';

/** Stash's own shortcuts such as `g s` (scenes) begin with a g: what follows soon belongs to them. */
const AFTER_G_MS = 1000;
/** What a key held down does again and again. A decision is made once for each press. */
const REPEATS = /^(Arrow\w+|j|k)$/;

/**
Single keys for the whole page while `isActive`. Before Stash's own handlers, so that `?` opens our list of keys and not
its manual; never while somebody types, in a dialog or menu of Stash's, and never with Ctrl, Alt or Meta.
*/
export function useKeys(isActive: boolean, keys: Readonly<Record<string, () => void>>): void {
  const newest = useLatest(keys);

  useEffect(() => {
    if (!isActive) return undefined;
    let gAt = 0;
    const press = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.altKey || event.metaKey || belongsElsewhere(event)) return;
      const isAfterG = event.timeStamp - gAt < AFTER_G_MS && gAt > 0;
      gAt = event.key === 'g' ? event.timeStamp : 0;
      const work = isAfterG ? undefined : newest.current[event.key];
      if (!work) return;
      event.preventDefault();
      event.stopPropagation();
      if (!event.repeat || REPEATS.test(event.key)) work();
    };
    document.addEventListener('keydown', press, true);
    return () => document.removeEventListener('keydown', press, true);
  }, [isActive, newest]);
}

function belongsElsewhere({ target, key }: KeyboardEvent): boolean {
  if (document.body.classList.contains('modal-open')) return true;
  if (!(target instanceof HTMLElement)) return false;
  if (target.closest('[role="dialog"], .dropdown-menu, .dropdown.show') !== null) return true;
  // Arrows go from tab to tab there.
  if (key.startsWith('Arrow') && target.closest('[role="tablist"]') !== null) return true;
  return isTyping(target);
}

function isTyping(target: HTMLElement): boolean {
  if (target instanceof HTMLInputElement) return !['checkbox', 'radio', 'button'].includes(target.type);
  return target.isContentEditable || ['TEXTAREA', 'SELECT'].includes(target.tagName);
}
