import { useEffect, useState, type RefObject } from 'react';

/** Whether an element can be seen: its tab is the shown one, it is scrolled into view, the browser tab is in front. */
export function useSeen(element: RefObject<Element>): boolean {
  const [isIn, setIn] = useState(false);
  const [isInFront, setInFront] = useState(() => !document.hidden);

  useEffect(() => {
    const note = (): void => setInFront(!document.hidden);
    document.addEventListener('visibilitychange', note);
    return () => document.removeEventListener('visibilitychange', note);
  }, []);

  useEffect(() => {
    if (!element.current) return undefined;
    const observer = new IntersectionObserver((entries) =>
      // Several entries can have queued up; the last one is current.
      setIn(entries.at(-1)?.isIntersecting === true),
    );
    observer.observe(element.current);
    return () => observer.disconnect();
  }, [element]);

  return isIn && isInFront;
}
