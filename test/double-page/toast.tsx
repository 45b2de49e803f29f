/** One toast at a time, for 3 s; a click on its text opens it in full, as in Stash. */
import React, { createContext, useContext, useMemo, useState } from 'react';
import { Modal, Toast } from 'react-bootstrap';

type Item = { content: React.ReactNode; delay?: number; variant?: string };

const Context = createContext<(item: Item) => void>(() => undefined);

export function ToastProvider({ children }: React.PropsWithChildren<object>): React.ReactElement {
  const [item, setItem] = useState<(Item & { id: number }) | null>(null);
  const [isOpen, setOpen] = useState(false);
  return (
    <Context.Provider value={(next) => setItem({ ...next, id: Date.now() + Math.random() })}>
      {children}
      <Modal show={isOpen} onHide={() => setOpen(false)}>
        <Modal.Body className="toast-in-full">{item?.content}</Modal.Body>
      </Modal>
      <div className="toast-container">
        {item && (
          <Toast
            key={item.id}
            autohide
            delay={item.delay ?? 3000}
            className={item.variant ?? 'success'}
            onClose={() => setItem(null)}
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
        toast({ content, variant: 'danger', delay: 5000 });
      },
    }),
    [toast],
  );
}
