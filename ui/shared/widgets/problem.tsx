import React, { useState } from 'react';
import { startInstallNode } from '../../stash/install-node.ts';
import { Notice } from './notice.tsx';
import { useAct } from '../hooks/use-act.ts';
import { useJob } from '../hooks/use-job.ts';
import { WorkBar } from './work-bar.tsx';
import { say } from '../../stash/intl.tsx';

/** Why nothing can be shown, and the way on: again, or Node first where the launcher found none and can fetch it. */
export function Problem({ message, onRetry }: { message: string; onRetry: () => void }): React.ReactElement {
  const [jobId, setJobId] = useState<string | null>(null);
  // What has gone wrong the launcher says itself, as soon as it is asked again.
  const fraction = useJob(jobId, () => {
    setJobId(null);
    onRetry();
  });
  const { isPending, act } = useAct();
  const install = (): void =>
    act(async () => {
      setJobId(await startInstallNode());
      return null;
    });

  const isInstalling = isPending || jobId !== null;
  const canInstall = /needs Node/.test(message) && message.includes('Install Node');
  return (
    <>
      <Notice
        variant="danger"
        // None meanwhile, or a double click would press what takes the place of the button.
        {...(isInstalling
          ? {}
          : {
              action: canInstall
                ? { label: say('setup.installNode'), run: install }
                : { label: say('page.tryAgain'), run: onRetry },
            })}
      >
        {message}
      </Notice>
      {isInstalling && <WorkBar fraction={fraction} message={say('setup.nodeIsFetched')} />}
    </>
  );
}
