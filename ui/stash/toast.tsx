import React, { useMemo } from 'react';
import { stash } from './api.ts';

export type Toast = {
  /** With `undo`, the toast stays longer and holds a button. */
  done(message: string, undo?: () => void): void;
  readonly warn: (message: string) => void;
  readonly failed: (error: unknown) => void;
};

export function useToast(): Toast {
  // oxlint-disable-next-line react/hooks -- Stash's own hook can only be had at run time; it is the same for good.
  const toast = stash().hooks.useToast();
  return useMemo(
    () => ({
      done(message, undo) {
        if (undo)
          toast.toast({
            content: <WithUndo message={message} onUndo={undo} />,
            delay: 8000,
            variant: 'success',
          });
        else toast.toast({ content: message, variant: 'success' });
      },
      warn(message) {
        toast.toast({ content: message, delay: 8000, variant: 'warning' });
      },
      failed(error) {
        toast.error(error);
      },
    }),
    [toast],
  );
}

function WithUndo({ message, onUndo }: { message: string; onUndo: () => void }): React.ReactElement {
  return (
    <>
      {message}{' '}
      <button
        type="button"
        className="btn btn-link stash-sense-toast-undo"
        onClick={(event) => {
          // A click anywhere else on a toast opens it as a dialog.
          event.stopPropagation();
          onUndo();
        }}
      >
        Undo
      </button>
    </>
  );
}
