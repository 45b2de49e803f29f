import React from 'react';
import { Spinner } from 'react-bootstrap';
import type { Ask } from '../../core/contract/operations.ts';
import type { RunView } from '../../core/contract/runs.ts';
import type { Status } from '../../core/contract/status.ts';
import { Notice } from '../shared/widgets/notice.tsx';
import { ask } from '../stash/operations.ts';
import { pageVersion, versionProblem } from '../stash/version.ts';
import { Checks } from './checks.tsx';
import { DataSection } from './data.tsx';
import { CopyDiagnostics } from './diagnostics.tsx';
import { EngineSection } from './engine.tsx';
import { FetchSection } from './fetch.tsx';
import { LastRuns } from './last-runs.tsx';
import { PacksSection } from './packs.tsx';
import { Facts, Section } from './section.tsx';
import { Problem } from '../shared/widgets/problem.tsx';
import { isUnderWay } from '../shared/widgets/run-state.tsx';
import { queuedWords, startTask, stopTask } from '../shared/tasks.ts';
import { useAct } from '../shared/hooks/use-act.ts';
import { useStatus } from '../shared/hooks/use-status.ts';
import { say } from '../stash/intl.tsx';
import { MinorButton } from '../shared/widgets/minor-button.tsx';

type Startable = Ask<'runs.start'>['task'];

/** What works, what does not, and what to do about it; what it runs on, what it keeps, and the ways to change both. */
export function StatusTab(): React.ReactElement {
  const { answer: status, problem, isLoading, reload, pollOften } = useStatus();
  const { isPending, act } = useAct(pollOften);
  const start = (task: Startable): void => act(() => startTask(task));
  const stop = (task: 'set-up' | 'move-data'): void => act(() => stopTask(task));
  const choosePack = (pack: string): void =>
    act(async () => queuedWords('people', await ask('packs.choose', { pack })));
  const consent = (artifacts: readonly string[]): void =>
    act(async () => {
      const started = await ask('setup.consent', { artifacts: [...artifacts] });
      return artifacts.length === 0 ? say('setup.consentWithdrawn') : queuedWords('set-up', started);
    });

  if (status === null)
    return problem === null ? (
      <Spinner animation="border" role="status" aria-label={say('page.loading')} />
    ) : (
      <div className="stash-sense-column">
        <Problem message={problem} onRetry={reload} />
        <CopyDiagnostics />
      </div>
    );
  const versions = versionProblem(status.version);
  const setUp = activeRun(status, 'set-up');
  const move = activeRun(status, 'move-data') ?? cutShort(status, 'move-data');
  return (
    <div className="stash-sense-column stash-sense-status">
      {versions !== null && (
        <Notice variant="warning" action={{ label: say('page.reload'), run: () => location.reload() }}>
          {versions}
        </Notice>
      )}
      {problem !== null && <Problem message={problem} onRetry={reload} />}
      <Section
        title={summaryOf(status)}
        aside={
          <span className="stash-sense-actions">
            <MinorButton disabled={isLoading} onClick={reload}>
              {say('status.checkAgain')}
            </MinorButton>
            <CopyDiagnostics />
          </span>
        }
      >
        <Checks status={status} isPending={isPending} onStart={start} />
        <Facts rows={facts(status)} />
      </Section>
      <EngineSection status={status} isBusy={isPending || setUp !== null} onSetUp={() => start('set-up')} />
      <PacksSection packs={status.packs} isPending={isPending} onChoose={choosePack} />
      <FetchSection
        acceleration={status.acceleration}
        run={setUp}
        isPending={isPending}
        onConsent={consent}
        onStop={() => stop('set-up')}
      />
      <LastRuns status={status} />
      <DataSection
        status={status}
        run={move}
        isPending={isPending}
        onMove={() => start('move-data')}
        onStop={() => stop('move-data')}
        onChanged={pollOften}
      />
    </div>
  );
}

function activeRun({ runs }: Status, task: string): RunView | null {
  return runs.find((run) => run.task === task && isUnderWay(run)) ?? null;
}

function cutShort({ runs }: Status, task: string): RunView | null {
  const newest = runs.find((run) => run.task === task);
  return newest?.phase === 'lost' ? newest : null;
}

function summaryOf({ checks }: Status): string {
  const wrong = checks.filter(({ ok }) => !ok).length;
  return say('status.summary', { wrong });
}

function facts(status: Status): readonly (readonly [string, string])[] {
  const { version, node, stash, people, suggestions, data } = status;
  return [
    [
      say('page.name'),
      version === pageVersion ? version : say('status.versionOfPage', { version, pageVersion }),
    ],
    [say('status.stash'), stash === '' ? say('status.notReached') : stash],
    [say('status.node'), node],
    [
      say('status.people'),
      say('status.canBeRecognised', { count: people.withReference, total: people.performers }),
    ],
    [
      say('status.suggestionsToDecide'),
      say('page.number', { value: suggestions.open + (suggestions.removed ?? 0) }),
    ],
    ...(suggestions.removed
      ? [[say('suggestions.takenOff'), say('page.number', { value: suggestions.removed })] as const]
      : []),
    [say('status.filesScanned'), say('page.number', { value: data.observations })],
  ];
}
