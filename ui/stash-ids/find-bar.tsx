import { faMagnifyingGlass } from '@fortawesome/free-solid-svg-icons';
import React, { useState } from 'react';
import type { Ask } from '../../core/contract/operations.ts';
import type { RunView } from '../../core/contract/runs.ts';
import { useAct } from '../shared/hooks/use-act.ts';
import { useChange } from '../shared/hooks/use-change.ts';
import { useStatus } from '../shared/hooks/use-status.ts';
import { queuedWords, stopTask } from '../shared/tasks.ts';
import { LastFailure } from '../shared/widgets/last-failure.tsx';
import { MinorButton } from '../shared/widgets/minor-button.tsx';
import { Notice } from '../shared/widgets/notice.tsx';
import { RunProgress } from '../shared/widgets/run-progress.tsx';
import { isUnderWay } from '../shared/widgets/run-state.tsx';
import { ago } from '../shared/words.ts';
import { Icon } from '../stash/icon.tsx';
import { say } from '../stash/intl.tsx';
import { ask } from '../stash/operations.ts';

const TASK = 'link-stash-ids';

type Props = {
  /** Ids of those shown who were not looked up everywhere yet, and are not about to be. */
  readonly shown: readonly string[];
  /** The list, and of how many it is, whatever of it is shown; null: it is none. */
  readonly list: { readonly name: string; readonly size: number } | null;
  /** Endpoint: looked up there alone. */
  readonly box: string | null;
  /** Whether a load moves nothing under the hands of the user, at the moment it is asked. */
  readonly isUntouched: () => boolean;
  readonly onLoad: () => void;
};

/** Has performers looked up, and shows how far that is. What was found meanwhile is shown when the user asks for it. */
export function FindBar({ shown, list, box, isUntouched, onLoad }: Props): React.ReactElement {
  const { answer: status, isAwaited, pollOften } = useStatus();
  const [hasEnded, setEnded] = useState(false);
  const { isPending, act } = useAct(() => {
    pollOften();
    if (isUntouched()) onLoad();
  });
  const runs = status?.runs.filter(({ task }) => task === TASK) ?? [];
  const run = runs.find(isUnderWay) ?? null;
  const last = runs.find((one) => !isUnderWay(one));
  // Also a run that begins and ends between two looks at the status.
  const ended = runs.filter((one) => !isUnderWay(one)).map(({ id }) => id);
  useChange(status && ended.join(), () => {
    if (isUntouched()) onLoad();
    else setEnded(true);
  });

  const find = (which: Ask<'stashIds.find'>): void =>
    act(async () => {
      const asked = { ...which, ...(box !== null && { endpoint: box }) };
      return queuedWords(TASK, await ask('stashIds.find', asked));
    });
  const isBusy = isPending || isAwaited;
  const show = (
    <MinorButton
      onClick={() => {
        setEnded(false);
        onLoad();
      }}
    >
      {say('stashIds.showFound')}
    </MinorButton>
  );
  return (
    <div className="stash-sense-find">
      <div className="stash-sense-actions">
        {shown.length > 0 && (
          <MinorButton disabled={isBusy} onClick={() => find({ performerIds: [...shown] })}>
            <Icon icon={faMagnifyingGlass} /> {say('stashIds.findShown', { count: shown.length })}
          </MinorButton>
        )}
        {run === null && (
          <MinorButton
            disabled={isBusy}
            onClick={() => find(list === null ? {} : { performerList: list.name })}
          >
            <Icon icon={faMagnifyingGlass} />{' '}
            {say('stashIds.findAll', { isList: String(list !== null), count: list?.size ?? 0 })}
          </MinorButton>
        )}
        {run !== null && (
          <MinorButton disabled={isPending} onClick={() => act(() => stopTask(TASK))}>
            {say('page.stop')}
          </MinorButton>
        )}
        {run !== null && show}
        {run === null && hasEnded && (
          <span role="status">
            {say('stashIds.hasEnded')} {show}
          </span>
        )}
      </div>
      {run !== null && <RunProgress run={run} />}
      {run === null && last !== undefined && <LastLookUp run={last} />}
      <LastFailure failure={status?.lastFailure?.task === TASK ? status.lastFailure : null} />
    </div>
  );
}

/** How the last look-up ended, as the run says it: also one that has ended well may have left a stash-box out. */
function LastLookUp({ run }: { readonly run: RunView }): React.ReactElement {
  const { phase, state, endedAt, startedAt, message } = run;
  const hasFailed = phase === 'lost' || state === 'failed';
  const words = say('stashIds.lastLookUp', {
    hasFailed: String(hasFailed),
    time: ago(endedAt ?? startedAt),
    message,
  });
  return hasFailed ? (
    <Notice variant="warning">{words}</Notice>
  ) : (
    <div className="text-muted" role="status">
      {words}
    </div>
  );
}
