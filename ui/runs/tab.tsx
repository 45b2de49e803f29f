import { faPlay, faStop } from '@fortawesome/free-solid-svg-icons';
import React from 'react';
import { Button, Card, Table } from 'react-bootstrap';
import type { RunView } from '../../core/contract/runs.ts';
import type { Status } from '../../core/contract/status.ts';
import type { TaskMode } from '../../core/runs/tasks.ts';
import { saidTask } from '../../core/runs/task-words.ts';
import { NoAnswer } from '../shared/widgets/no-answer.tsx';
import { LastFailure } from '../shared/widgets/last-failure.tsx';
import { Notice } from '../shared/widgets/notice.tsx';
import { ago } from '../shared/words.ts';
import { Icon } from '../stash/icon.tsx';
import { Problem } from '../shared/widgets/problem.tsx';
import { type Startable, startTask, type Stoppable, stopTask, STARTABLE } from '../shared/tasks.ts';
import { RunProgress } from '../shared/widgets/run-progress.tsx';
import { canGoOn, isUnderWay, RunBadge } from '../shared/widgets/run-state.tsx';
import { useAct } from '../shared/hooks/use-act.ts';
import { Failures } from './failures.tsx';
import { RunWrites } from './run-writes.tsx';
import { useStatus } from '../shared/hooks/use-status.ts';
import { say } from '../stash/intl.tsx';
import { MinorButton } from '../shared/widgets/minor-button.tsx';

/** Running and ended runs, and failed items. */
export function RunsTab(): React.ReactElement {
  const { answer: status, problem, reload, pollOften } = useStatus();
  const { isPending, act } = useAct(pollOften);
  const stop = (task: string): void => act(() => stopTask(task as Stoppable));

  if (status === null) return <NoAnswer problem={problem} onRetry={reload} />;
  return (
    <>
      {problem !== null && <Problem message={problem} onRetry={reload} />}
      <LastFailure failure={status.lastFailure} />
      <div className="stash-sense-cards">
        {STARTABLE.map((mode) => (
          <TaskCard
            key={mode}
            mode={mode}
            run={newestOf(status, mode)}
            isPending={isPending}
            onStart={() => act(() => startTask(mode))}
            onStop={() => stop(mode)}
            onUndone={reload}
          />
        ))}
      </div>
      <LibraryCounts status={status} />
      <OtherRuns status={status} isPending={isPending} onStop={stop} />
      <EndedRuns
        status={status}
        isPending={isPending}
        onStart={(task) => act(() => startTask(task as Startable))}
        onUndone={reload}
      />
      <Failures onRetried={pollOften} />
    </>
  );
}

function newestOf({ runs }: Status, mode: string): RunView | null {
  // Newest first.
  return runs.find(({ task }) => task === mode) ?? null;
}

/** The others are started elsewhere: on a scene, or where the data are. */
function hasCard({ task }: RunView): boolean {
  return STARTABLE.some((mode) => mode === task);
}

function TaskCard({
  mode,
  run,
  isPending,
  onStart,
  onStop,
  onUndone,
}: {
  mode: TaskMode;
  run: RunView | null;
  isPending: boolean;
  onStart: () => void;
  onStop: () => void;
  onUndone: () => void;
}): React.ReactElement {
  const isActive = run !== null && isUnderWay(run);
  return (
    <Card className="stash-sense-task">
      <h5>{say(`task.name.${mode}`)}</h5>
      <p className="text-muted">{say(`task.about.${mode}`)}</p>
      {run !== null && (isActive ? <RunProgress run={run} /> : <Ended run={run} />)}
      {run !== null && <RunWrites run={run} onUndone={onUndone} />}
      <div className="stash-sense-actions">
        {isActive ? (
          <Button variant="danger" disabled={isPending || run.phase === 'stopping'} onClick={onStop}>
            <Icon icon={faStop} /> {say('page.stop')}
          </Button>
        ) : (
          <Button variant="primary" disabled={isPending} onClick={onStart}>
            <Icon icon={faPlay} /> {run !== null && canGoOn(run) ? say('runs.goOn') : say('runs.start')}
          </Button>
        )}
      </div>
    </Card>
  );
}

function Ended({ run }: { run: RunView }): React.ReactElement {
  const { phase, done, skipped, failed, endedAt, startedAt } = run;
  const message = say(run.message);
  return (
    <div className="stash-sense-ended">
      <RunBadge run={run} />{' '}
      {say('runs.endedWith', { time: ago(endedAt ?? startedAt), done, skipped, failed })}
      {phase === 'lost' ? (
        <Notice variant="warning">{message}</Notice>
      ) : (
        message !== '' && <div className="text-muted">{message}</div>
      )}
    </div>
  );
}

function LibraryCounts({ status }: { status: Status }): React.ReactElement {
  const { scan, identify, schedule } = status;
  const { done, pending, skipped, failed } = scan;
  return (
    <p className="text-muted">
      {say('runs.libraryCounts', { done, pending, skipped, failed, identify: identify.failed })}{' '}
      {scheduleWords(schedule.find(({ task }) => task === 'scan'))}
    </p>
  );
}

function scheduleWords(ofScan: Status['schedule'][number] | undefined): string {
  if (ofScan === undefined) return say('runs.notScheduled');
  const { expression, nextAt } = ofScan;
  if (nextAt === null) return say('runs.isScheduled', { expression });
  return say('runs.isScheduledNext', { expression, time: ago(nextAt) });
}

/** "Identify scene" and "Move data", while they are under way: they are started elsewhere and have no card. */
function OtherRuns({
  status,
  isPending,
  onStop,
}: {
  status: Status;
  isPending: boolean;
  onStop: (task: string) => void;
}): React.ReactElement | null {
  const runs = status.runs.filter((run) => !hasCard(run) && isUnderWay(run));
  if (runs.length === 0) return null;
  return (
    <>
      <h5>{say('runs.underWay')}</h5>
      {runs.map((run) => (
        <Card key={run.id} className="stash-sense-task">
          <h6>{say(saidTask(run.task))}</h6>
          <RunProgress run={run} />
          <div className="stash-sense-actions">
            <Button
              variant="danger"
              size="sm"
              disabled={isPending || run.phase === 'stopping'}
              onClick={() => onStop(run.task)}
            >
              <Icon icon={faStop} /> {say('page.stop')}
            </Button>
          </div>
        </Card>
      ))}
    </>
  );
}

/** How the last runs ended, also of tasks that have no card. */
function EndedRuns({
  status,
  isPending,
  onStart,
  onUndone,
}: {
  status: Status;
  isPending: boolean;
  onStart: (task: string) => void;
  onUndone: () => void;
}): React.ReactElement | null {
  const runs = status.runs.filter((run) => !isUnderWay(run));
  const offersToGoOn = (run: RunView): boolean =>
    canGoOn(run) && !hasCard(run) && newestOf(status, run.task) === run;
  if (runs.length === 0) return null;
  return (
    <section>
      <h5>{say('runs.recentRuns')}</h5>
      <div className="table-responsive">
        <Table striped size="sm" className="stash-sense-runs stash-sense-stacked">
          <thead>
            <tr>
              <th>{say('runs.task')}</th>
              <th>{say('runs.howItEnded')}</th>
              <th>{say('runs.when')}</th>
            </tr>
          </thead>
          <tbody>
            {runs.map((run) => (
              <tr key={run.id}>
                <td className="text-nowrap">{say(saidTask(run.task))}</td>
                <td>
                  <RunBadge run={run} /> {say(run.message)}
                  {offersToGoOn(run) && (
                    <MinorButton className="ml-2" disabled={isPending} onClick={() => onStart(run.task)}>
                      <Icon icon={faPlay} /> {say('runs.goOn')}
                    </MinorButton>
                  )}
                  <RunWrites run={run} onUndone={onUndone} />
                </td>
                <td className="text-nowrap text-muted">{ago(run.endedAt ?? run.startedAt)}</td>
              </tr>
            ))}
          </tbody>
        </Table>
      </div>
    </section>
  );
}
