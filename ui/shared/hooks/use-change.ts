import { useEffect, useRef } from 'react';

/** Calls `onChange` when the value is another one than before. @param value null: not known yet */
export function useChange(value: string | null, onChange: () => void): void {
  const before = useRef<string | null>(null);
  useEffect(() => {
    if (value === null) return;
    if (before.current !== null && before.current !== value) onChange();
    before.current = value;
  }, [value, onChange]);
}
