import { faPlay, faStop } from '@fortawesome/free-solid-svg-icons';
import React from 'react';
import { Badge, Button, Card, Spinner } from 'react-bootstrap';
import type { Ask, RunView, Status } from '../../core/contract.ts';
import { Notice } from '../components/notice.tsx';
import { ago, count, duration } from '../components/words.ts';
import { WorkBar } from '../components/work-bar.tsx';
import { Icon } from '../stash/icon.tsx';
import { ask } from '../stash/operations.ts';
import { useToast } from '../stash/toast.tsx';
import { Problem } from './problem.tsx';
import { TASKS, taskName } from './task-names.ts';
import { Troubles } from './troubles.tsx';
import { useStatus } from './use-status.ts';

type Startable = Ask<'runs.start'>['task'];

/** What works now, what worked last, what went wrong. */
export function RunsTab(): React.ReactElement {
  const { answer: status, problem, reload, lookOften } = useStatus();
  const toast = useToast();

  async function act(work: () => Promise<string>): Promise<void> {
    try {
      toast.done(await work());
    } catch (error) {
      toast.failed(error);
    }
    lookOften();
  }
  const start = (task: Startable): void =>
    void act(async () => {
      const { joined } = await ask('runs.start', { task });
      return joined ? `${taskName(task)} is under way already.` : `${taskName(task)} is in Stash's queue.`;
    });
  const stop = (task: string): void =>
    void act(async () => {
      await ask('stop', { task: task as NonNullable<Ask<'stop'>['task']> });
      return `${taskName(task)} stops after what it has in hand.`;
    });

  if (status === null)
    return problem === null ? (
      <Spinner animation="border" role="status" aria-label="Loading" />
    ) : (
      <Problem message={problem} onAgain={reload} />
    );
  return (
    <>
      {problem !== null && <Problem message={problem} onAgain={reload} />}
      {status.lastFailure !== null && (
        <Notice variant="danger">
          {taskName(status.lastFailure.task)} could not begin ({ago(status.lastFailure.at)}):{' '}
          {status.lastFailure.message}
        </Notice>
      )}
      <div className="stash-sense-cards">
        {TASKS.map((task) => (
          <TaskCard
            key={task.mode}
            task={task}
            run={newestOf(status, task.mode)}
            onStart={() => start(task.mode)}
            onStop={() => stop(task.mode)}
          />
        ))}
      </div>
      <Scan status={status} />
      <OtherRuns status={status} onStop={stop} />
      <Troubles onRetried={lookOften} />
    </>
  );
}

function newestOf({ runs }: Status, mode: string): RunView | null {
  return runs.filter(({ task }) => task === mode).toSorted((a, b) => b.startedAt - a.startedAt)[0] ?? null;
}

function TaskCard({
  task,
  run,
  onStart,
  onStop,
}: {
  task: (typeof TASKS)[number];
  run: RunView | null;
  onStart: () => void;
  onStop: () => void;
}): React.ReactElement {
  const isActive = run !== null && ['working', 'waiting', 'stopping'].includes(run.phase);
  return (
    <Card className="stash-sense-task">
      <h5>{task.name}</h5>
      <p className="text-muted">{task.description}</p>
      {run !== null && (isActive ? <Active run={run} /> : <Ended run={run} />)}
      <div className="stash-sense-actions">
        {isActive ? (
          <Button variant="danger" disabled={run.phase === 'stopping'} onClick={onStop}>
            <Icon icon={faStop} /> Stop
          </Button>
        ) : (
          <Button variant="primary" onClick={onStart}>
            <Icon icon={faPlay} /> {run?.phase === 'lost' ? 'Start again' : 'Start'}
          </Button>
        )}
      </div>
    </Card>
  );
}

function Active({ run }: { run: RunView }): React.ReactElement {
  const { done, skipped, failed, total, itemsPerHour, secondsLeft, message, phase } = run;
  const finished = done + skipped + failed;
  const parts = [
    total > 0 && `${finished.toLocaleString('en-US')} of ${total.toLocaleString('en-US')}`,
    itemsPerHour !== null &&
      itemsPerHour > 0 &&
      `${Math.round(itemsPerHour).toLocaleString('en-US')} an hour`,
    secondsLeft !== null && `${duration(secondsLeft)} left`,
    failed > 0 && `${failed} failed`,
  ].filter((part) => part !== false);
  const said =
    phase === 'waiting'
      ? "Waiting for its turn in Stash's queue"
      : phase === 'stopping'
        ? 'Stopping…'
        : message;
  return (
    <>
      <WorkBar fraction={total > 1 ? finished / total : null} message={said} />
      <div className="stash-sense-numbers">{parts.join(' · ')}</div>
    </>
  );
}

function Ended({ run }: { run: RunView }): React.ReactElement {
  const { state, phase, done, skipped, failed, endedAt, startedAt, message } = run;
  if (phase === 'lost')
    return (
      <Notice variant="warning">
        It ended without a word: Stash was restarted while this ran, or the process was killed. What was done
        is kept: start it again to go on.
      </Notice>
    );
  return (
    <div className="stash-sense-ended">
      <Badge variant={state === 'failed' ? 'danger' : state === 'stopped' ? 'warning' : 'success'}>
        {state}
      </Badge>{' '}
      {ago(endedAt ?? startedAt)} · {count(done, 'item')} done
      {skipped > 0 && `, ${skipped} skipped`}
      {failed > 0 && `, ${failed} failed`}
      {message !== '' && <div className="text-muted">{message}</div>}
    </div>
  );
}

function Scan({ status }: { status: Status }): React.ReactElement {
  const { scan, schedule } = status;
  return (
    <p className="text-muted">
      Library: {count(scan.done, 'item')} looked at, {scan.pending.toLocaleString('en-US')} to go,{' '}
      {scan.skipped} skipped, {scan.failed} failed.{' '}
      {schedule.expression === ''
        ? 'Scans start only when you start them; the Settings tab can set a schedule.'
        : `Scheduled by "${schedule.expression}"${schedule.nextAt === null ? '' : `, next ${ago(schedule.nextAt)}`}, when somebody has Stash open.`}
    </p>
  );
}

/** Looks at single scenes: they come and go by themselves. */
function OtherRuns({
  status,
  onStop,
}: {
  status: Status;
  onStop: (task: string) => void;
}): React.ReactElement | null {
  const runs = status.runs.filter(
    ({ task, phase }) => !TASKS.some(({ mode }) => mode === task) && phase !== 'ended' && phase !== 'lost',
  );
  if (runs.length === 0) return null;
  return (
    <>
      <h5>Under way</h5>
      {runs.map((run) => (
        <Card key={run.id} className="stash-sense-task">
          <h6>{taskName(run.task)}</h6>
          <Active run={run} />
          <div className="stash-sense-actions">
            <Button
              variant="danger"
              size="sm"
              disabled={run.phase === 'stopping'}
              onClick={() => onStop(run.task)}
            >
              <Icon icon={faStop} /> Stop
            </Button>
          </div>
        </Card>
      ))}
    </>
  );
}
