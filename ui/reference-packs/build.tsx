import React, { useEffect, useState } from 'react';
import { Button, Form } from 'react-bootstrap';
import type { Ask } from '../../core/contract/operations.ts';
import type { RunView } from '../../core/contract/runs.ts';
import { useAct } from '../shared/hooks/use-act.ts';
import { useAnswer } from '../shared/hooks/use-answer.ts';
import { queuedWords, stopTask } from '../shared/tasks.ts';
import { Notice } from '../shared/widgets/notice.tsx';
import { RunProgress } from '../shared/widgets/run-progress.tsx';
import { ask } from '../stash/operations.ts';
import { say } from '../stash/intl.tsx';
import { MinorButton } from '../shared/widgets/minor-button.tsx';

export const TASK = 'build-reference-pack';
type Scope = NonNullable<Ask<'referencePacks.build'>['scope']>;

type Props = {
  /** The one under way that measures or builds a pack. */
  readonly run: RunView | null;
  /** One that was started may not have begun. */
  readonly isAwaited: boolean;
  readonly onStarted: () => void;
};

/** A pack that is built here: of whom, from which stash-box, what it takes, and only then the start. */
export function BuildPack({ run, isAwaited, onStarted }: Props): React.ReactElement | null {
  const { answer, problem } = useAnswer('referencePacks.boxes', {});
  const [turn, setTurn] = useState(0);
  const { isPending, act } = useAct(() => {
    setTurn((before) => before + 1);
    onStarted();
  });
  const [endpoint, setEndpoint] = useState<string | null>(null);
  const [scope, setScope] = useState<Scope>('mine');
  const [text, setText] = useState('');
  const [keepCrops, setKeepCrops] = useState(false);
  const boxes = answer?.boxes.filter(({ hasKey }) => hasKey) ?? [];
  const box = boxes.find((one) => one.endpoint === endpoint) ?? boxes[0];
  const [wasStarted, setStarted] = useState(false);
  // Its run is seen, or has had time to be.
  if (wasStarted && (run !== null || !isAwaited)) setStarted(false);
  const start = (asked: () => Promise<{ joined: boolean }>): void =>
    act(async () => {
      const words = queuedWords(TASK, await asked());
      onStarted();
      setStarted(true);
      return words;
    });
  const isRunning = run !== null || wasStarted;

  if (problem !== null) return <Notice variant="danger">{problem}</Notice>;
  if (answer === null) return null;
  if (box === undefined) return <p className="text-muted">{say('referencePacks.noBox')}</p>;
  const ids = idsIn(text);
  const which = {
    scope,
    endpoint: box.endpoint,
    ...(scope === 'ids' && { ids: [...ids] }),
  };
  return (
    <section className="mb-3" aria-label={say('referencePacks.build')}>
      <h6>{say('referencePacks.build')}</h6>
      <Form className="stash-sense-filter" onSubmit={(event) => event.preventDefault()}>
        <Form.Control
          as="select"
          className="input-control stash-sense-choice"
          aria-label={say('referencePacks.box')}
          value={box.endpoint}
          onChange={(event) => setEndpoint(event.target.value)}
        >
          {boxes.map((one) => (
            <option key={one.endpoint} value={one.endpoint}>
              {one.name}
            </option>
          ))}
        </Form.Control>
        <Form.Control
          as="select"
          className="input-control stash-sense-choice"
          aria-label={say('referencePacks.whom')}
          value={scope}
          onChange={(event) => setScope(event.target.value as Scope)}
        >
          <option value="mine">{say('referencePacks.scope', { scope: 'mine' })}</option>
          <option value="without-picture">{say('referencePacks.scope', { scope: 'withoutPicture' })}</option>
          <option value="box">{say('referencePacks.scope', { scope: 'box' })}</option>
          <option value="ids">{say('referencePacks.scope', { scope: 'ids' })}</option>
        </Form.Control>
        <Button
          variant="secondary"
          disabled={isPending || isRunning || (scope === 'ids' && ids.length === 0)}
          onClick={() => start(() => ask('referencePacks.measure', which))}
        >
          {say('referencePacks.measure')}
        </Button>
      </Form>
      {scope === 'ids' && (
        <Form.Control
          as="textarea"
          className="text-input"
          rows={3}
          placeholder={say('referencePacks.idsHint')}
          aria-label={say('referencePacks.idsHint')}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      )}
      <Estimate
        key={`${box.endpoint} ${scope} ${isRunning} ${turn}`}
        which={{ scope, endpoint: box.endpoint }}
        isDisabled={isPending || isRunning || (scope === 'ids' && ids.length === 0)}
        keepCrops={keepCrops}
        onKeepCrops={setKeepCrops}
        onBuild={() => start(() => ask('referencePacks.build', { ...which, keepCrops }))}
      />
      {run !== null && (
        <>
          <RunProgress run={run} />
          <MinorButton disabled={isPending} onClick={() => act(() => stopTask(TASK))}>
            {say('page.stop')}
          </MinorButton>
        </>
      )}
    </section>
  );
}

/** Ids of performers in what was pasted: bare, or in addresses of their pages. */
function idsIn(text: string): readonly string[] {
  return [...new Set(text.toLowerCase().match(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g))];
}

const ASK_AGAIN_MS = 3000;

function Estimate({
  which,
  isDisabled,
  keepCrops,
  onKeepCrops,
  onBuild,
}: {
  which: Ask<'referencePacks.estimate'>;
  isDisabled: boolean;
  keepCrops: boolean;
  onKeepCrops: (keep: boolean) => void;
  onBuild: () => void;
}): React.ReactElement | null {
  const { answer, problem, reload } = useAnswer('referencePacks.estimate', which);
  useEffect(() => {
    if (answer?.isMeasuring !== true) return undefined;
    const timer = setTimeout(reload, ASK_AGAIN_MS);
    return () => clearTimeout(timer);
  }, [answer, reload]);
  if (problem !== null) return <Notice variant="danger">{problem}</Notice>;
  if (answer === null) return null;
  if (answer.isMeasuring) return <p role="status">{say('referencePacks.isMeasuring')}</p>;
  const failed = answer.problem !== null && <Notice variant="warning">{say(answer.problem)}</Notice>;
  if (answer.estimate === null)
    return (
      <>
        {failed}
        <p className="text-muted">{say('referencePacks.measureFirst')}</p>
      </>
    );
  return (
    <div className="stash-sense-choose">
      {failed}
      <p>{say(answer.estimate.text)}</p>
      <label>
        <input type="checkbox" checked={keepCrops} onChange={(event) => onKeepCrops(event.target.checked)} />{' '}
        {say('referencePacks.keepCrops')}
      </label>
      <Button variant="primary" disabled={isDisabled} onClick={onBuild}>
        {say('referencePacks.buildNow')}
      </Button>
    </div>
  );
}
