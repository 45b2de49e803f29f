import React, { useEffect, useRef, useState } from 'react';
import { Button, Form, Modal, Spinner } from 'react-bootstrap';
import { messageOf } from '../../../core/message-of.ts';
import { thresholdFrom, rememberThreshold, rememberedThreshold } from '../../shared/confidence-threshold.ts';
import { useIsHere } from '../../shared/hooks/use-act.ts';
import { refreshAfterManyWrites } from '../../stash/library.ts';
import { ask } from '../../stash/operations.ts';
import { useToast } from '../../stash/toast.tsx';
import { acceptInCalls, type Conditions } from './accept-in-calls.ts';
import { conditionsOf, type Filter } from '../filter.ts';
import { say, SLOT, around } from '../../stash/intl.tsx';

type Props = { readonly filter: Filter; readonly onClose: (hasChanged: boolean) => void };

/** How many there are, for the threshold it was asked with. */
type Counted = { readonly threshold: number; readonly total: number | null; readonly problem: string | null };

const TYPING_PAUSE_MS = 400;

/** Says how many before anything is written, and writes only what still fits the filter of the list. */
export function AcceptAll({ filter, onClose }: Props): React.ReactElement {
  const [text, setText] = useState(() => String(Math.max(filter.min, rememberedThreshold())));
  const threshold = thresholdFrom(text);
  const counted = useCount(filter, threshold);
  const [problem, setProblem] = useState<string | null>(null);
  const [written, setWritten] = useState<number | null>(null);
  const [hasChanged, setChanged] = useState(false);
  const isStopped = useRef(false);
  const isHere = useIsHere();
  const toast = useToast();

  async function acceptAll(): Promise<void> {
    rememberThreshold(threshold);
    setText(String(threshold));
    setProblem(null);
    isStopped.current = false;
    setWritten(0);
    const report = await acceptInCalls(ask, conditionsAbove(filter, threshold), {
      onProgress: (accepted) => isHere.current && setWritten(accepted),
      // Leaving the page stops it: no more is written than its user saw.
      isStopped: () => isStopped.current || !isHere.current,
    });
    const { accepted, refused, dryRun } = report;
    if (accepted > 0 && !dryRun) await refreshAfterManyWrites();
    if (report.problem === null) {
      if (dryRun) toast.warn(say('suggestions.dryRun', { count: accepted }));
      else
        toast.done(say('suggestions.addedAll', { wasStopped: String(report.wasStopped), accepted, refused }));
      if (isHere.current) onClose(true);
    } else if (isHere.current) {
      setProblem(
        accepted > 0
          ? say('suggestions.addedThenFailed', { count: accepted, problem: report.problem })
          : report.problem,
      );
      setChanged(hasChanged || accepted > 0);
      setWritten(null);
    }
  }

  const isWriting = written !== null;
  const said = problem ?? counted?.problem ?? null;
  const total = counted?.total ?? null;
  return (
    <Modal
      show
      onHide={() => isWriting || onClose(hasChanged)}
      aria-label={say('suggestions.acceptAllTitle')}
      className="stash-sense"
    >
      <Form
        onSubmit={(event) => {
          event.preventDefault();
          if (!isWriting && total !== null && total > 0) void acceptAll();
        }}
      >
        <Modal.Header>{say('suggestions.addAllTitle')}</Modal.Header>
        <Modal.Body>
          <Form.Label className="stash-sense-field">
            {around(
              say('suggestions.everythingFrom', { field: SLOT }),
              <Form.Control
                type="number"
                min={1}
                max={99}
                className="text-input stash-sense-percent"
                value={text}
                disabled={isWriting}
                onChange={(event) => setText(event.target.value)}
                onBlur={() => setText(String(threshold))}
              />,
            )}
          </Form.Label>
          <div role="status" aria-live="polite">
            {said !== null && <p className="text-danger">{said}</p>}
            {said === null && (total === null ? <Counting /> : <Forecast total={total} />)}
            {isWriting && <p className="text-muted">{say('suggestions.addedSoFar', { count: written })}</p>}
          </div>
        </Modal.Body>
        <Modal.Footer>
          {isWriting ? (
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
          <Button variant="primary" type="submit" disabled={isWriting || total === null || total === 0}>
            {total === null ? say('page.add') : say('suggestions.addCount', { count: total })}
          </Button>
        </Modal.Footer>
      </Form>
    </Modal>
  );
}

/** Asked when typing has paused: each question is a process. Null: not known yet. */
function useCount(filter: Filter, threshold: number): Counted | null {
  const [counted, setCounted] = useState<Counted | null>(null);
  useEffect(() => {
    let isNewest = true;
    const timer = setTimeout(() => {
      ask('suggestions.list', { ...conditionsAbove(filter, threshold), limit: 1, offset: 0 }).then(
        ({ total }) => isNewest && setCounted({ threshold, total, problem: null }),
        (error: unknown) => isNewest && setCounted({ threshold, total: null, problem: messageOf(error) }),
      );
    }, TYPING_PAUSE_MS);
    return () => {
      isNewest = false;
      clearTimeout(timer);
    };
  }, [threshold, filter]);
  return counted?.threshold === threshold ? counted : null;
}

function Counting(): React.ReactElement {
  return (
    <p className="text-muted">
      <Spinner as="span" animation="border" size="sm" /> {say('suggestions.isCounting')}
    </p>
  );
}

function Forecast({ total }: { total: number }): React.ReactElement {
  if (total === 0) return <p>{say('suggestions.noneThatSure')}</p>;
  return <p>{say('suggestions.wouldBeAdded', { count: total })}</p>;
}

function conditionsAbove(filter: Filter, threshold: number): Conditions {
  // Without those that were taken off since: each of them is asked for on its own.
  return { ...conditionsOf(filter), state: 'open', minConfidence: threshold / 100 };
}
