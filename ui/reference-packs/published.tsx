import React, { useEffect, useRef } from 'react';
import type { ChannelView, PublishedPackView } from '../../core/contract/reference-packs/channel.ts';
import type { RunView } from '../../core/contract/runs.ts';
import { useAct } from '../shared/hooks/use-act.ts';
import { useAnswer } from '../shared/hooks/use-answer.ts';
import { queuedWords, stopTask } from '../shared/tasks.ts';
import { MinorButton } from '../shared/widgets/minor-button.tsx';
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
  readonly onStarted: () => void;
};

/** Packs that others publish. The publisher is asked when the button is pressed. */
export function PublishedPacks({ run, onStarted }: Props): React.ReactElement | null {
  const { answer, problem, reload } = useAnswer('packChannel.view', {});
  const { isPending, act } = useAct(reload);
  useNews(answer);
  if (answer === null) return problem === null ? null : <Notice variant="danger">{problem}</Notice>;
  const { address, checkedAt, packs } = answer;
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
      <p className="text-muted">
        {address === null
          ? say('referencePacks.channel.noAddress')
          : say('referencePacks.channel.about', { address })}{' '}
        {checkedAt === null
          ? say('referencePacks.channel.never')
          : say('referencePacks.channel.checked', { time: ago(checkedAt) })}
      </p>
      {answer.problem !== null && <Notice variant="warning">{say(answer.problem)}</Notice>}
      {checkedAt !== null && answer.problem === null && packs.length === 0 && (
        <p>{say('referencePacks.channel.nobody')}</p>
      )}
      <ul className="list-unstyled stash-sense-artifacts">
        {packs.map((pack) => (
          <PublishedRow
            key={pack.id}
            pack={pack}
            isDisabled={isPending || run !== null}
            onFetch={() =>
              act(async () => {
                const started = await ask('packChannel.fetch', { id: pack.id });
                onStarted();
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
    if (answer === null || answer.untold.length === 0 || said.current) return;
    said.current = true;
    for (const news of answer.untold) toast.done(say(news));
    ask('packChannel.told', {}).catch((error: unknown) => toast.failed(error));
  }, [answer, toast]);
}
