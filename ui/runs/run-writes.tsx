import React, { useState } from 'react';
import { Link } from 'react-router-dom';
import { countsLine } from '../../core/changes/words.ts';
import type { RunView } from '../../core/contract/runs.ts';
import { plain } from '../../core/messages/message.ts';
import { UndoBatch } from '../shared/widgets/undo-batch.tsx';
import { say } from '../stash/intl.tsx';
import { historyOf } from '../stash/navigation.ts';
import { DryRun } from './dry-run.tsx';
import { MinorButton } from '../shared/widgets/minor-button.tsx';

/** What a run wrote to Stash by itself, with the way back; of a dry run what it would have written. */
export function RunWrites({
  run,
  onUndone,
}: {
  run: RunView;
  onUndone: () => void;
}): React.ReactElement | null {
  const [opened, setOpened] = useState<'undo' | 'dry-run' | null>(null);
  const { wrote, wouldWrite } = run;
  if (wrote === null && wouldWrite === 0) return null;
  return (
    <div className="stash-sense-run-writes">
      {wrote !== null && (
        <div>
          {say('runs.wrote', { changes: countsLine(wrote.changes) ?? plain('') })}{' '}
          {wrote.undone > 0 && <>{say('runs.wroteUndone', { count: wrote.undone })} </>}
          <Link to={historyOf(wrote.batchId)}>{say('runs.seeInHistory')}</Link>{' '}
          <MinorButton onClick={() => setOpened('undo')}>{say('runs.undoAll')}</MinorButton>
        </div>
      )}
      {wouldWrite > 0 && (
        <div>
          {say('runs.wouldWrite', { count: wouldWrite })}{' '}
          <MinorButton onClick={() => setOpened('dry-run')}>{say('runs.showDryRun')}</MinorButton>
        </div>
      )}
      {opened === 'undo' && wrote !== null && (
        <UndoBatch
          batchId={wrote.batchId}
          onClose={(hasChanged) => {
            setOpened(null);
            if (hasChanged) onUndone();
          }}
        />
      )}
      {opened === 'dry-run' && <DryRun runId={run.id} onClose={() => setOpened(null)} />}
    </div>
  );
}
