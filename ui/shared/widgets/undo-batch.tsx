import React, { useState } from 'react';
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
import { undoInCalls, type UndoReport } from '../undo-in-calls.ts';
import { StopOrClose } from './stop-or-close.tsx';

type Props = { readonly batchId: string; readonly onClose: (hasChanged: boolean) => void };

/** Says how many of what before anything is undone; stays open afterwards where some were not, and says why. */
export function UndoBatch({ batchId, onClose }: Props): React.ReactElement {
  const { answer: counts, problem, reload } = useAnswer('journal.batch', { batchId });
  const work = useStoppable(onClose, reload);
  const [report, setReport] = useState<UndoReport | null>(null);
  const toast = useToast();
  const isUndoing = work.done !== null;
  const toUndo = counts === null ? 0 : counts.written - counts.gone;

  const undoAll = (): void =>
    work.start(async (calls) => {
      setReport(null);
      const done = await undoInCalls(ask, batchId, calls);
      const count = done.undone;
      if (count > 0) await refreshAfterManyWrites();
      if (done.problem !== null || done.refused > 0) {
        setReport(done);
        return { problem: done.problem, hasChanged: count > 0 };
      }
      toast.done(say(done.wasStopped ? 'history.undoStopped' : 'history.changesUndone', { count }));
      return null;
    });

  const said = work.problem ?? problem;
  return (
    <Modal show onHide={work.close} aria-label={say('history.undoTitle')} className="stash-sense">
      <Modal.Header>{say('history.undoTitle')}</Modal.Header>
      <Modal.Body>
        <div role="status" aria-live="polite">
          {said !== null && <p className="text-danger">{said}</p>}
          {report !== null && report.refused > 0 && <NotUndone report={report} />}
          {said === null && <p>{counts === null ? say('suggestions.isCounting') : forecast(counts)}</p>}
          {work.done !== null && (
            <p className="text-muted">{say('history.undoneSoFar', { count: work.done, total: toUndo })}</p>
          )}
        </div>
      </Modal.Body>
      <Modal.Footer>
        <StopOrClose work={work} />
        <Button variant="primary" disabled={isUndoing || toUndo === 0} onClick={undoAll}>
          {toUndo === 0 ? say('page.undo') : say('history.undoCount', { count: toUndo })}
        </Button>
      </Modal.Footer>
    </Modal>
  );
}

const REASONS_SHOWN = 10;

function NotUndone({ report }: { report: UndoReport }): React.ReactElement | null {
  const { undone, refused, reasons } = report;
  const [first, ...others] = reasons;
  if (first === undefined) return null;
  const left = others.length - REASONS_SHOWN;
  return (
    <>
      <p>{say('undo.someDone', { undone, refused, reason: first })}</p>
      {others.length > 0 && (
        <ul>
          {others.slice(0, REASONS_SHOWN).map((reason, n) => (
            <li key={n}>{say(reason)}</li>
          ))}
          {left > 0 && <li>{say('undo.moreReasons', { count: left })}</li>}
        </ul>
      )}
    </>
  );
}

/** "Undo 62 changes: 60 performers added, 2 tags added." */
function forecast({ written, gone, changes }: Output<'journal.batch'>): string {
  const count = written - gone;
  const said =
    count === 0
      ? say('history.nothingToUndo')
      : say('history.undoCounts', { count, changes: countsLine(changes) ?? plain('') });
  return gone === 0 ? said : `${said} ${say('history.goneSince', { count: gone })}`;
}
