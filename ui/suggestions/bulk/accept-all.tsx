import React, { useEffect, useState } from 'react';
import { Button, Form, Modal, Spinner } from 'react-bootstrap';
import type { Output } from '../../../core/contract/operations.ts';
import { messageOf } from '../../../core/message-of.ts';
import { thresholdFrom, rememberThreshold, rememberedThreshold } from '../../shared/confidence-threshold.ts';
import { useStoppable } from '../../shared/hooks/use-stoppable.ts';
import { StopOrClose } from '../../shared/widgets/stop-or-close.tsx';
import { refreshAfterManyWrites } from '../../stash/library.ts';
import { ask } from '../../stash/operations.ts';
import { useToast } from '../../stash/toast.tsx';
import { acceptInCalls, type Conditions } from './accept-in-calls.ts';
import { actOf, rendererOf } from '../kinds/index.ts';
import { say, SLOT, around } from '../../stash/intl.tsx';

/** Of the list; the state and the threshold are added. */
type Wanted = Omit<Conditions, 'state' | 'minConfidence'>;

type Props = {
  readonly conditions: Wanted;
  /** The lowest confidence that the list shows, in percent. */
  readonly least: number;
  readonly onClose: (hasChanged: boolean) => void;
};

/** How many there are, for the threshold it was asked with. */
type Counted = {
  readonly threshold: number;
  readonly found: Output<'suggestions.list'> | null;
  readonly problem: string | null;
};

const TYPING_PAUSE_MS = 400;

/** Says how many before anything is written, and writes only what still fits the filter of the list. */
export function AcceptAll({ conditions, least, onClose }: Props): React.ReactElement {
  const [text, setText] = useState(() => String(Math.max(least, rememberedThreshold())));
  const threshold = thresholdFrom(text);
  const counted = useCount(conditionsAbove(conditions, threshold), threshold);
  const work = useStoppable(onClose);
  const toast = useToast();

  const total = counted?.found?.total ?? 0;
  const byKind = counted?.found?.byKind ?? [];
  const act = actOf(byKind.filter((one) => one.total > 0));

  function acceptAll(): void {
    rememberThreshold(threshold);
    setText(String(threshold));
    work.start(async (calls) => {
      const report = await acceptInCalls(ask, conditionsAbove(conditions, threshold), calls);
      const { accepted, refused, dryRun, problem } = report;
      if (accepted > 0 && !dryRun) await refreshAfterManyWrites();
      if (problem !== null)
        return accepted > 0
          ? {
              problem: say('suggestions.acceptedThenFailed', { act, count: accepted, problem }),
              hasChanged: true,
            }
          : { problem, hasChanged: false };
      if (dryRun) toast.warn(say('suggestions.dryRun', { act, count: accepted }));
      else
        toast.done(
          say('suggestions.acceptedAll', { wasStopped: String(report.wasStopped), act, accepted, refused }),
        );
      return null;
    });
  }

  const isWriting = work.done !== null;
  const said = work.problem ?? counted?.problem ?? null;
  return (
    <Modal show onHide={work.close} aria-label={say('suggestions.acceptAllTitle')} className="stash-sense">
      <Form
        onSubmit={(event) => {
          event.preventDefault();
          if (!isWriting && total > 0) acceptAll();
        }}
      >
        <Modal.Header>{say('suggestions.acceptAllTitle')}</Modal.Header>
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
            {said === null && (counted === null ? <Counting /> : <Forecast total={total} byKind={byKind} />)}
            {work.done !== null && (
              <p className="text-muted">{say('suggestions.acceptedSoFar', { act, count: work.done })}</p>
            )}
          </div>
        </Modal.Body>
        <Modal.Footer>
          <StopOrClose work={work} />
          <Button variant="primary" type="submit" disabled={isWriting || total === 0}>
            {say('suggestions.acceptCount', { act, count: total })}
          </Button>
        </Modal.Footer>
      </Form>
    </Modal>
  );
}

/** Asked when typing has paused: each question is a process. Null: not known yet. */
function useCount(conditions: Conditions, threshold: number): Counted | null {
  const [counted, setCounted] = useState<Counted | null>(null);
  const asked = JSON.stringify({ ...conditions, withoutChoice: true });
  useEffect(() => {
    let isNewest = true;
    const timer = setTimeout(() => {
      ask('suggestions.list', {
        ...(JSON.parse(asked) as Conditions),
        limit: 1,
        offset: 0,
        pictures: 0,
      }).then(
        (found) => isNewest && setCounted({ threshold, found, problem: null }),
        (error: unknown) => isNewest && setCounted({ threshold, found: null, problem: messageOf(error) }),
      );
    }, TYPING_PAUSE_MS);
    return () => {
      isNewest = false;
      clearTimeout(timer);
    };
  }, [threshold, asked]);
  return counted?.threshold === threshold ? counted : null;
}

function Counting(): React.ReactElement {
  return (
    <p className="text-muted">
      <Spinner as="span" animation="border" size="sm" /> {say('suggestions.isCounting')}
    </p>
  );
}

function Forecast({
  total,
  byKind,
}: {
  total: number;
  byKind: NonNullable<Output<'suggestions.list'>['byKind']>;
}): React.ReactElement {
  const accepted = { add: 0, link: 0, correct: 0, settle: 0, accept: 0 };
  const leftOut = { people: 0, faces: 0, stashIds: 0, others: 0 };
  for (const one of byKind) {
    const { act, counted } = rendererOf(one);
    accepted[act] += one.total;
    leftOut[counted] += one.oneByOne;
  }
  return (
    <>
      <p>
        {total === 0
          ? say('suggestions.noneThatSure')
          : say('suggestions.wouldBe', { add: accepted.add, link: accepted.link, correct: accepted.correct })}
      </p>
      <p className="text-muted">{say('suggestions.oneByOne', { ...leftOut })}</p>
    </>
  );
}

function conditionsAbove(conditions: Wanted, threshold: number): Conditions {
  // Without those that were taken off since: each of them is asked for on its own.
  return { ...conditions, state: 'open', minConfidence: threshold / 100 };
}
