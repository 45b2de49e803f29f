import React, { useEffect, useState } from 'react';
import { Notice } from './notice.tsx';
import { startInstallNode } from '../stash/install-node.ts';
import { useToast } from '../stash/toast.tsx';

/** How often it is looked whether Node has come; fetching takes a minute or two. */
const LOOK_EVERY_MS = 5000;

/** Why nothing can be shown, and the way on: again, or Node first where the launcher found none and can fetch it. */
export function Problem({ message, onAgain }: { message: string; onAgain: () => void }): React.ReactElement {
  const [isInstalling, setInstalling] = useState(false);
  const toast = useToast();

  useEffect(() => {
    if (!isInstalling) return undefined;
    const timer = setInterval(onAgain, LOOK_EVERY_MS);
    return () => clearInterval(timer);
  }, [isInstalling, onAgain]);

  async function install(): Promise<void> {
    try {
      await startInstallNode();
      setInstalling(true);
    } catch (error) {
      toast.failed(error);
    }
  }

  const canInstall = /needs Node/.test(message) && message.includes('Install Node');
  return (
    <>
      <Notice
        variant="danger"
        action={
          canInstall && !isInstalling
            ? { label: 'Install Node', run: () => void install() }
            : { label: 'Try again', run: onAgain }
        }
      >
        {message}
      </Notice>
      {isInstalling && (
        <p role="status" className="text-muted">
          Node is being fetched: Stash shows how far it is under Settings › Tasks. This page goes on by itself
          when it is there.
        </p>
      )}
    </>
  );
}
