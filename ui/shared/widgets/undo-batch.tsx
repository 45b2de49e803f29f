import React, { useRef, useState } from 'react';
import { Button, Modal } from 'react-bootstrap';
import { countsLine } from '../../../core/changes/words.ts';
import type { Output } from '../../../core/contract/operations.ts';
import { plain } from '../../../core/messages/message.ts';
import { say } from '../../stash/intl.tsx';
import { refreshAfterManyWrites } from '../../stash/library.ts';
import { ask } from '../../stash/operations.ts';
import { useToast } from '../../stash/toast.tsx';
import { useIsHere } from '../hooks/use-act.ts';
import { useAnswer } from '../hooks/use-answer.ts';
import { undoInCalls } from '../undo-in-calls.ts';

type Props = { readonly batchId: string; readonly onClose: (hasChanged: boolean) => void };

/** Says how many of what before anything is undone, and afterwards how many were and how many not. */
export function UndoBatch({ batchId, onClose }: Props): React.ReactElement {
  const { answer: counts, problem, reload } = useAnswer('journal.batch', { batchId });
  const [undone, setUndone] = useState<number | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const [hasChanged, setChanged] = useState(false);
  const isStopped = useRef(false);
  const isHere = useIsHere();
  const toast = useToast();
  const isUndoing = undone !== null;
  const written = counts?.written ?? 0;

  async function undoAll(): Promise<void> {
    setFailure(null);
    isStopped.current = false;
    setUndone(0);
    const report = await undoInCalls(ask, batchId, {
      onProgress: (count) => isHere.current && setUndone(count),
      // Leaving the page stops it: no more is undone than its user saw.
      isStopped: () => isStopped.current || !isHere.current,
    });
    const count = report.undone;
    if (count > 0) await refreshAfterManyWrites();
    if (report.problem === null) {
      if (report.reason !== null)
        toast.warn(say('undo.someDone', { undone: count, refused: report.refused, reason: report.reason }));
      else toast.done(say(report.wasStopped ? 'history.undoStopped' : 'history.changesUndone', { count }));
      if (isHere.current) onClose(true);
    } else if (isHere.current) {
      setFailure(report.problem);
      setChanged(hasChanged || count > 0);
      setUndone(null);
      reload();
    }
  }

  const said = failure ?? problem;
  return (
    <Modal
      show
      onHide={() => isUndoing || onClose(hasChanged)}
      aria-label={say('history.undoTitle')}
      className="stash-sense"
    >
      <Modal.Header>{say('history.undoTitle')}</Modal.Header>
      <Modal.Body>
        <div role="status" aria-live="polite">
          {said !== null && <p className="text-danger">{said}</p>}
          {said === null && <p>{counts === null ? say('suggestions.isCounting') : forecast(counts)}</p>}
          {isUndoing && (
            <p className="text-muted">{say('history.undoneSoFar', { count: undone, total: written })}</p>
          )}
        </div>
      </Modal.Body>
      <Modal.Footer>
        {isUndoing ? (
          <Button
            variant="danger"
            onClick={() => {
              isStopped.current = true;
            }}
          >
            {say('page.stop')}
          </Button>
        ) : (
          <Button variant="secondary" onClick={() => onClose(hasChanged)}>
            {hasChanged ? say('page.close') : say('page.cancel')}
          </Button>
        )}
        <Button variant="primary" disabled={isUndoing || written === 0} onClick={() => void undoAll()}>
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
