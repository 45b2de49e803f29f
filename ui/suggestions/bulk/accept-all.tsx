import React, { useEffect, useState } from 'react';
import { Button, Form, Modal, Spinner } from 'react-bootstrap';
import { messageOf } from '../../../core/message-of.ts';
import { thresholdFrom, rememberThreshold, rememberedThreshold } from '../../shared/confidence-threshold.ts';
import { useStoppable } from '../../shared/hooks/use-stoppable.ts';
import { StopOrClose } from '../../shared/widgets/stop-or-close.tsx';
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
  const work = useStoppable(onClose);
  const toast = useToast();

  function acceptAll(): void {
    rememberThreshold(threshold);
    setText(String(threshold));
    work.start(async (calls) => {
      const report = await acceptInCalls(ask, conditionsAbove(filter, threshold), calls);
      const { accepted, refused, dryRun, problem } = report;
      if (accepted > 0 && !dryRun) await refreshAfterManyWrites();
      if (problem !== null)
        return accepted > 0
          ? { problem: say('suggestions.addedThenFailed', { count: accepted, problem }), hasChanged: true }
          : { problem, hasChanged: false };
      if (dryRun) toast.warn(say('suggestions.dryRun', { count: accepted }));
      else
        toast.done(say('suggestions.addedAll', { wasStopped: String(report.wasStopped), accepted, refused }));
      return null;
    });
  }

  const isWriting = work.done !== null;
  const said = work.problem ?? counted?.problem ?? null;
  const total = counted?.total ?? null;
  return (
    <Modal show onHide={work.close} aria-label={say('suggestions.acceptAllTitle')} className="stash-sense">
      <Form
        onSubmit={(event) => {
          event.preventDefault();
          if (!isWriting && total !== null && total > 0) acceptAll();
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
            {work.done !== null && (
              <p className="text-muted">{say('suggestions.addedSoFar', { count: work.done })}</p>
            )}
          </div>
        </Modal.Body>
        <Modal.Footer>
          <StopOrClose work={work} />
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
      const conditions = { ...conditionsAbove(filter, threshold), withoutChoice: true };
      ask('suggestions.list', { ...conditions, limit: 1, offset: 0 }).then(
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
