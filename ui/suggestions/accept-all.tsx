import React, { useEffect, useState } from 'react';
import { Button, Form, Modal, Spinner } from 'react-bootstrap';
import { messageOf } from '../../core/errors.ts';
import { rememberBar, rememberedBar } from '../components/bar.ts';
import { count } from '../components/words.ts';
import { ask } from '../stash/operations.ts';
import { useToast } from '../stash/toast.tsx';
import { conditionsOf, type Filter } from './filter.ts';

type Props = { readonly filter: Filter; readonly onClose: (hasChanged: boolean) => void };

/** What a dry run of the first call said, and how many there are in all. */
type Forecast = {
  readonly total: number;
  readonly checked: number;
  readonly added: number;
  readonly refused: readonly string[];
};

/** For the bar it was asked with. */
type Seen = { readonly bar: number; readonly forecast: Forecast | null; readonly problem: string | null };

/** Says how many before anything is written, and writes only what still fits the filter of the list. */
export function AcceptAll({ filter, onClose }: Props): React.ReactElement {
  const [bar, setBar] = useState(() => Math.max(filter.min, rememberedBar()));
  const [seen, setSeen] = useState<Seen | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [written, setWritten] = useState<number | null>(null);
  const toast = useToast();
  const forecast = seen?.bar === bar ? seen.forecast : null;
  const unseen = seen?.bar === bar ? seen.problem : null;

  useEffect(() => {
    let isNewest = true;
    const timer = setTimeout(() => {
      foresee(conditionsAbove(filter, bar)).then(
        (foreseen) => isNewest && setSeen({ bar, forecast: foreseen, problem: null }),
        (error: unknown) => isNewest && setSeen({ bar, forecast: null, problem: messageOf(error) }),
      );
    }, 400);
    return () => {
      isNewest = false;
      clearTimeout(timer);
    };
  }, [bar, filter]);

  async function acceptAll(): Promise<void> {
    rememberBar(bar);
    setProblem(null);
    try {
      const { accepted, refused, dryRun } = await acceptInCalls(conditionsAbove(filter, bar), setWritten);
      if (dryRun) toast.warn(`Dry run: ${count(accepted, 'performer')} would be added. Nothing was written.`);
      else
        toast.done(
          `Added ${count(accepted, 'performer')}${refused > 0 ? `, ${refused} could not be added` : ''}. The History tab undoes it.`,
        );
      onClose(true);
    } catch (error) {
      setProblem(messageOf(error));
      setWritten(null);
    }
  }

  const isWriting = written !== null;
  return (
    <Modal show onHide={() => isWriting || onClose(false)} aria-label="Accept all above a confidence">
      <Modal.Header>Add all above a confidence</Modal.Header>
      <Modal.Body>
        <Form.Label className="stash-sense-bar">
          Everything in this list from
          <Form.Control
            type="number"
            min={1}
            max={99}
            className="text-input stash-sense-percent"
            value={bar}
            disabled={isWriting}
            onChange={(event) => setBar(Math.min(99, Math.max(1, Math.round(Number(event.target.value)))))}
          />
          % confidence on
        </Form.Label>
        <div role="status" aria-live="polite">
          {(problem ?? unseen) !== null && <p className="text-danger">{problem ?? unseen}</p>}
          {(problem ?? unseen) === null &&
            (forecast === null ? <Counting /> : <Forecasted forecast={forecast} />)}
          {isWriting && <p className="text-muted">{count(written, 'performer')} added so far…</p>}
        </div>
      </Modal.Body>
      <Modal.Footer>
        <Button variant="secondary" disabled={isWriting} onClick={() => onClose(false)}>
          Cancel
        </Button>
        <Button
          variant="primary"
          disabled={isWriting || forecast === null || forecast.added === 0}
          onClick={() => void acceptAll()}
        >
          {forecast === null ? 'Add' : `Add ${forecast.total - forecast.refused.length}`}
        </Button>
      </Modal.Footer>
    </Modal>
  );
}

function Counting(): React.ReactElement {
  return (
    <p className="text-muted">
      <Spinner as="span" animation="border" size="sm" /> Counting…
    </p>
  );
}

function Forecasted({ forecast }: { forecast: Forecast }): React.ReactElement {
  const { total, checked, refused } = forecast;
  if (total === 0) return <p>No suggestion is that sure.</p>;
  const [first] = refused;
  return (
    <>
      <p>
        {count(total - refused.length, 'performer')} would be added to scenes, images and galleries. Every
        single one can be undone in the History tab.
      </p>
      {first !== undefined && (
        <p className="text-warning">
          {refused.length} could not be added: {first}
        </p>
      )}
      {checked < total && <p className="text-muted">The first {checked} have been checked in advance.</p>}
    </>
  );
}

type Conditions = ReturnType<typeof conditionsOf> & { minConfidence: number };

function conditionsAbove(filter: Filter, bar: number): Conditions {
  return { ...conditionsOf({ ...filter, state: 'open' }), minConfidence: bar / 100 };
}

async function foresee(all: Conditions): Promise<Forecast> {
  const [{ total }, { accepted, refused }] = await Promise.all([
    ask('suggestions.list', { ...all, limit: 1, offset: 0 }),
    ask('suggestions.accept', { all, dryRun: true }),
  ]);
  return {
    total,
    checked: accepted.length + refused.length,
    added: accepted.length,
    refused: refused.map(({ reason }) => reason),
  };
}

/** A call accepts at most 500: it is asked again until nothing more can be added. */
async function acceptInCalls(
  all: Conditions,
  onProgress: (accepted: number) => void,
): Promise<{ accepted: number; refused: number; dryRun: boolean }> {
  let accepted = 0;
  onProgress(0);
  for (;;) {
    const call = await ask('suggestions.accept', { all });
    accepted += call.accepted.length;
    onProgress(accepted);
    // In a dry run the next call would say the same again, and what was refused stays in the list.
    if (call.dryRun || call.accepted.length === 0)
      return { accepted, refused: call.refused.length, dryRun: call.dryRun };
  }
}
