import { faPlay } from '@fortawesome/free-solid-svg-icons';
import React, { useEffect, useRef } from 'react';
import { Button } from 'react-bootstrap';
import type { Output } from '../../core/contract/operations.ts';
import { NoAnswer } from '../shared/widgets/no-answer.tsx';
import { Icon } from '../stash/icon.tsx';
import { RunProgress } from '../shared/widgets/run-progress.tsx';
import { isUnderWay } from '../shared/widgets/run-state.tsx';
import { useStatus } from '../shared/hooks/use-status.ts';
import { startTask } from '../shared/tasks.ts';
import { useAct } from '../shared/hooks/use-act.ts';
import { PerformerSearch } from './performer-search.tsx';
import { Problem } from '../shared/widgets/problem.tsx';
import { ago, pictureCount } from '../shared/words.ts';
import { usePages } from '../shared/hooks/use-pages.ts';
import { say, SLOT, around } from '../stash/intl.tsx';
import { ReferencePacksSection } from '../reference-packs/section.tsx';
import { HiddenPeople } from './hidden-people.tsx';
import { LookAlikes } from './look-alikes.tsx';
import { WithoutReference } from './without-reference.tsx';

/** The performers with and without references, and the references of a performer. */
export function PeopleTab(): React.ReactElement {
  const { answer, problem, reload, place } = usePages('people.info');
  const { answer: status, isAwaited, pollOften } = useStatus();
  const { isPending, act } = useAct(pollOften);
  const run = status?.runs.find(({ task }) => task === 'people') ?? null;
  const isUpdating = run !== null && isUnderWay(run);
  useReloadAfter(isUpdating, reload);

  if (answer === null) return <NoAnswer problem={problem} onRetry={reload} />;
  return (
    <div className="stash-sense-column">
      {problem !== null && <Problem message={problem} onRetry={reload} />}
      <div className="stash-sense-heading">
        <Counts info={answer} />
        <Button
          variant="primary"
          size="sm"
          disabled={isPending || isUpdating}
          onClick={() => act(() => startTask('people'))}
        >
          <Icon icon={faPlay} /> {say('people.update')}
        </Button>
      </div>
      {run !== null && isUpdating && <RunProgress run={run} />}
      <PerformerSearch onChanged={reload} />
      <ReferencePacksSection status={status} isAwaited={isAwaited} onStarted={pollOften} onChanged={reload} />
      {answer.hidden !== undefined && <HiddenPeople count={answer.hidden} onChanged={reload} />}
      <LookAlikes key={String(isUpdating)} />
      <WithoutReference list={answer.without} place={place} onChanged={reload} />
    </div>
  );
}

/** Reloads when a run ends. */
function useReloadAfter(isUnderWayNow: boolean, reload: () => void): void {
  const wasUnderWay = useRef(false);
  useEffect(() => {
    if (wasUnderWay.current && !isUnderWayNow) reload();
    wasUnderWay.current = isUnderWayNow;
  }, [isUnderWayNow, reload]);
}

type Info = Output<'people.info'>;

function Counts({
  info: { performers, withReference, references, packs },
}: {
  info: Info;
}): React.ReactElement {
  const used = Object.entries(references)
    .filter(([, many]) => many > 0)
    .map(([state, many]) => pictureCount(many, state));
  return (
    <div>
      {around(
        say('people.canBeRecognised', { number: SLOT }),
        <strong>{say('people.countOfPerformers', { count: withReference, total: performers })}</strong>,
      )}
      {used.length > 0 && (
        <div className="text-muted">{say('people.pictures', { counts: used.join(', ') })}</div>
      )}
      <LoadedPacks packs={packs} />
    </div>
  );
}

/** Whom the reference packs add to the performers, each pack with its age and what its vectors were made by. */
function LoadedPacks({ packs }: Pick<Info, 'packs'>): React.ReactElement | null {
  const loaded = packs.filter(({ problem }) => problem === null);
  if (packs.length === 0) return null;
  return (
    <div className="text-muted">
      {loaded.length > 0 && say('people.ofPacks', { packs: loaded.map(describe).join('; ') })}{' '}
      {loaded.length < packs.length && say('people.packsNotUsed', { count: packs.length - loaded.length })}
    </div>
  );
}

function describe({ id, name, people, builtAt, embedders }: Info['packs'][number]): string {
  return say('people.packFacts', {
    name: name ?? id,
    people,
    time: builtAt === null ? '' : ago(Date.parse(builtAt)),
    embedders: embedders.join(' + '),
  });
}
