/** One toast at a time, for 3 s; a click on its text opens it in full; an error is not replaced by less. All as in Stash. */
import React, { createContext, useContext, useMemo, useState } from 'react';
import { Modal, Toast } from 'react-bootstrap';

type Item = { content: React.ReactNode; delay?: number; variant?: string; priority?: number };
type Shown = Item & { id: number };

const ERROR_PRIORITY = 100;

const Context = createContext<(item: Item) => void>(() => undefined);

export function ToastProvider({ children }: React.PropsWithChildren<object>): React.ReactElement {
  const [item, setItem] = useState<Shown | null>(null);
  const [isHiding, setHiding] = useState(false);
  const [isOpen, setOpen] = useState(false);

  /** Another one after each toast: an old one still compares with the toast of its time. */
  function add(next: Item): void {
    if (!isHiding && item && (next.priority ?? 0) < (item.priority ?? 0)) return;
    setHiding(false);
    setItem({ ...next, id: Date.now() + Math.random() });
  }

  return (
    <Context.Provider value={add}>
      {children}
      <Modal show={isOpen} onHide={() => setOpen(false)}>
        <Modal.Body className="toast-in-full">{item?.content}</Modal.Body>
      </Modal>
      <div className="toast-container" hidden={item === null || isHiding}>
        {item && (
          <Toast
            key={item.id}
            autohide
            delay={item.delay ?? 3000}
            className={item.variant ?? 'success'}
            onClose={() => setHiding(true)}
          >
            <Toast.Header>
              {/* oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-static-element-interactions -- so it is in Stash */}
              <span className="mr-auto" onClick={() => setOpen(true)}>
                {item.content}
              </span>
            </Toast.Header>
          </Toast>
        )}
      </div>
    </Context.Provider>
  );
}

export function useToast(): {
  toast: (item: Item) => void;
  success: (message: string) => void;
  error: (error: unknown) => void;
} {
  const toast = useContext(Context);
  return useMemo(
    () => ({
      toast,
      success: (message: string) => toast({ content: message }),
      error(error: unknown) {
        const content = error instanceof Error ? error.message : String(error);
        console.error(error);
        toast({ content, variant: 'danger', priority: ERROR_PRIORITY, delay: 5000 });
      },
    }),
    [toast],
  );
}
