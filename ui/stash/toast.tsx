import React, { useEffect, useMemo, useRef, useState } from 'react';
import { stash } from './api.ts';
import { say } from './intl.tsx';
import { isOperationError } from './operations.ts';

/** As Stash shows its own errors. */
const ERROR_PRIORITY = 100;
const ERROR_DELAY_MS = 5000;

export type Toast = {
  /**
  With `undo`, the toast stays longer and holds a button. With a note of what was done otherwise than usual it is a warning: one
  toast, since a second one would cover the button.
  */
  done(message: string, undo?: () => void, note?: string): void;
  readonly warn: (message: string) => void;
  readonly failed: (error: unknown) => void;
};

export function useToast(): Toast {
  // oxlint-disable-next-line react/hooks -- Stash's own hook can only be had at run time; it is the same for good.
  const toast = stash().hooks.useToast();
  // Stash makes a new one for every toast; an old one still compares with the toast of its time and drops ours.
  const newest = useRef(toast);
  useEffect(() => {
    newest.current = toast;
  });
  return useMemo(
    () => ({
      done(message, undo, note) {
        const said = note === undefined ? message : say('joined', { first: message, second: note });
        const variant = note === undefined ? 'success' : 'warning';
        if (undo)
          newest.current.toast({
            content: <WithUndo message={said} onUndo={undo} />,
            delay: 8000,
            variant,
          });
        else newest.current.toast({ content: said, variant, ...(note !== undefined && { delay: 8000 }) });
      },
      warn(message) {
        newest.current.toast({ content: message, delay: 8000, variant: 'warning' });
      },
      failed(error) {
        // A sentence of ours is an answer: Stash's `error` would write it to the console with a stack trace.
        if (isOperationError(error))
          newest.current.toast({
            content: error.message,
            variant: 'danger',
            priority: ERROR_PRIORITY,
            delay: ERROR_DELAY_MS,
          });
        else newest.current.error(error);
      },
    }),
    [],
  );
}

function WithUndo({ message, onUndo }: { message: string; onUndo: () => void }): React.ReactElement {
  const [isPressed, setPressed] = useState(false);
  return (
    <>
      {message}{' '}
      <button
        type="button"
        className="btn btn-link stash-sense-toast-undo"
        // A disabled button would hand a second click on to the toast.
        aria-disabled={isPressed}
        onClick={(event) => {
          // A click anywhere else on a toast opens it as a dialog.
          event.stopPropagation();
          if (isPressed) return;
          setPressed(true);
          onUndo();
        }}
      >
        {say('page.undo')}
      </button>
    </>
  );
}
