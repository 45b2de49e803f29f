import React from 'react';
import { Button, Modal } from 'react-bootstrap';
import { countsLine } from '../../../core/changes/words.ts';
import type { Output } from '../../../core/contract/operations.ts';
import { plain } from '../../../core/messages/message.ts';
import { say } from '../../stash/intl.tsx';
import { refreshAfterManyWrites } from '../../stash/library.ts';
import { ask } from '../../stash/operations.ts';
import { useToast } from '../../stash/toast.tsx';
import { useAnswer } from '../hooks/use-answer.ts';
import { useStoppable } from '../hooks/use-stoppable.ts';
import { undoInCalls } from '../undo-in-calls.ts';
import { StopOrClose } from './stop-or-close.tsx';

type Props = { readonly batchId: string; readonly onClose: (hasChanged: boolean) => void };

/** Says how many of what before anything is undone, and afterwards how many were and how many not. */
export function UndoBatch({ batchId, onClose }: Props): React.ReactElement {
  const { answer: counts, problem, reload } = useAnswer('journal.batch', { batchId });
  const work = useStoppable(onClose, reload);
  const toast = useToast();
  const isUndoing = work.done !== null;
  const written = counts?.written ?? 0;

  const undoAll = (): void =>
    work.start(async (calls) => {
      const report = await undoInCalls(ask, batchId, calls);
      const count = report.undone;
      if (count > 0) await refreshAfterManyWrites();
      if (report.problem !== null) return { problem: report.problem, hasChanged: count > 0 };
      if (report.reason !== null)
        toast.warn(say('undo.someDone', { undone: count, refused: report.refused, reason: report.reason }));
      else toast.done(say(report.wasStopped ? 'history.undoStopped' : 'history.changesUndone', { count }));
      return null;
    });

  const said = work.problem ?? problem;
  return (
    <Modal show onHide={work.close} aria-label={say('history.undoTitle')} className="stash-sense">
      <Modal.Header>{say('history.undoTitle')}</Modal.Header>
      <Modal.Body>
        <div role="status" aria-live="polite">
          {said !== null && <p className="text-danger">{said}</p>}
          {said === null && <p>{counts === null ? say('suggestions.isCounting') : forecast(counts)}</p>}
          {work.done !== null && (
            <p className="text-muted">{say('history.undoneSoFar', { count: work.done, total: written })}</p>
          )}
        </div>
      </Modal.Body>
      <Modal.Footer>
        <StopOrClose work={work} />
        <Button variant="primary" disabled={isUndoing || written === 0} onClick={undoAll}>
          {written === 0 ? say('page.undo') : say('history.undoCount', { count: written })}
        </Button>
      </Modal.Footer>
    </Modal>
  );
}

/** "Undo 62 changes: 60 performers added, 2 tags added." */
function forecast({ written, changes }: Output<'journal.batch'>): string {
  if (written === 0) return say('history.nothingToUndo');
  return say('history.undoCounts', { count: written, changes: countsLine(changes) ?? plain('') });
}
