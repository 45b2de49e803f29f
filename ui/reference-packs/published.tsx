import React, { useEffect, useRef, useState } from 'react';
import type { ChannelView, PublishedPackView } from '../../core/contract/reference-packs/channel.ts';
import type { RunView } from '../../core/contract/runs.ts';
import { useAct } from '../shared/hooks/use-act.ts';
import { useAnswer } from '../shared/hooks/use-answer.ts';
import { useChange } from '../shared/hooks/use-change.ts';
import { queuedWords, stopTask } from '../shared/tasks.ts';
import { MinorButton } from '../shared/widgets/minor-button.tsx';
import { NoAnswer } from '../shared/widgets/no-answer.tsx';
import { Notice } from '../shared/widgets/notice.tsx';
import { RunProgress } from '../shared/widgets/run-progress.tsx';
import { ago, bytes } from '../shared/words.ts';
import { say } from '../stash/intl.tsx';
import { ask } from '../stash/operations.ts';
import { useToast } from '../stash/toast.tsx';

export const FETCH_TASK = 'fetch-reference-packs';

type Props = {
  /** The one under way that fetches packs. */
  readonly run: RunView | null;
  /** One that was started may not have begun. */
  readonly isAwaited: boolean;
  readonly onStarted: () => void;
  /** Another one when what is published is to be compared anew: what was said before is shown meanwhile. */
  readonly compared: string;
};

/** Packs that others publish. The publisher is asked when the button is pressed. */
export function PublishedPacks({ run, isAwaited, onStarted, compared }: Props): React.ReactElement {
  const { answer, problem, reload } = useAnswer('packChannel.view', {});
  const { isPending, act } = useAct(reload);
  const [wasStarted, setStarted] = useState(false);
  // Its run is seen, or has had time to be.
  if (wasStarted && (run !== null || !isAwaited)) setStarted(false);
  useChange(compared, reload);
  useNews(answer);
  if (answer === null)
    return (
      <section className="mb-3" aria-label={say('referencePacks.channel.title')}>
        <h6>{say('referencePacks.channel.title')}</h6>
        <NoAnswer problem={problem} onRetry={reload} />
      </section>
    );
  const { address, checkedAt, packs } = answer;
  const about =
    address === null
      ? say('referencePacks.channel.noAddress')
      : say('referencePacks.channel.about', { address });
  const asked =
    checkedAt === null
      ? say('referencePacks.channel.never')
      : say('referencePacks.channel.checked', { time: ago(checkedAt) });
  return (
    <section className="mb-3" aria-label={say('referencePacks.channel.title')}>
      <div className="stash-sense-heading">
        <h6>{say('referencePacks.channel.title')}</h6>
        <MinorButton
          disabled={isPending || address === null}
          onClick={() =>
            act(async () => {
              await ask('packChannel.check', {});
              return null;
            })
          }
        >
          {say('referencePacks.channel.check')}
        </MinorButton>
      </div>
      {problem !== null && <Notice variant="danger">{problem}</Notice>}
      {/* Where the setting is refused, why is said alone: an address is named, and nobody was asked. */}
      {(address !== null || answer.problem === null) && (
        <p className="text-muted">{address === null ? about : `${about} ${asked}`}</p>
      )}
      {answer.problem !== null && <Notice variant="warning">{say(answer.problem)}</Notice>}
      {address !== null && checkedAt !== null && answer.problem === null && packs.length === 0 && (
        <p>{say('referencePacks.channel.nobody')}</p>
      )}
      <ul className="list-unstyled stash-sense-artifacts">
        {packs.map((pack) => (
          <PublishedRow
            key={pack.id}
            pack={pack}
            isDisabled={isPending || wasStarted || run !== null}
            onFetch={() =>
              act(async () => {
                const started = await ask('packChannel.fetch', { id: pack.id });
                onStarted();
                setStarted(true);
                return queuedWords(FETCH_TASK, started);
              })
            }
          />
        ))}
      </ul>
      {run !== null && (
        <>
          <RunProgress run={run} />
          <MinorButton disabled={isPending} onClick={() => act(() => stopTask(FETCH_TASK))}>
            {say('page.stop')}
          </MinorButton>
        </>
      )}
    </section>
  );
}

function PublishedRow({
  pack,
  isDisabled,
  onFetch,
}: {
  pack: PublishedPackView;
  isDisabled: boolean;
  onFetch: () => void;
}): React.ReactElement {
  const { name, state, version, people, builtAt, licenseNote, news, problem } = pack;
  return (
    <li>
      <div className="stash-sense-heading">
        <strong>{name}</strong>
        {state === 'current' ? (
          <small className="text-muted">{say('referencePacks.channel.current')}</small>
        ) : (
          problem === null && (
            <MinorButton
              disabled={isDisabled}
              aria-label={say('referencePacks.channel.fetchNamed', { state, name })}
              onClick={onFetch}
            >
              {say('referencePacks.channel.fetch', { state, size: bytes(pack.bytes) })}
            </MinorButton>
          )
        )}
      </div>
      <div className="stash-sense-pack-facts">
        <small className="text-muted">
          {[
            say('referencePacks.people', { count: people }),
            say('referencePacks.built', { time: ago(Date.parse(builtAt)) }),
            say('referencePacks.version', { version }),
            ...(news === null ? [] : [say(news)]),
          ].join(', ')}
        </small>
        {licenseNote !== '' && <small>{licenseNote}</small>}
      </div>
      {problem !== null && <Notice variant="warning">{say(problem)}</Notice>}
    </li>
  );
}

/** What is new is said once, in a toast. */
function useNews(answer: ChannelView | null): void {
  const toast = useToast();
  const said = useRef(false);
  useEffect(() => {
    if (answer === null) return;
    const [hasNews, wasSaid] = [answer.untold.length > 0, said.current];
    // Until an answer no longer holds them they are the same.
    said.current = hasNews;
    if (!hasNews || wasSaid) return;
    for (const news of answer.untold) toast.done(say(news));
    ask('packChannel.told', {}).catch((error: unknown) => toast.failed(error));
  }, [answer, toast]);
}
