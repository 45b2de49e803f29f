import { faRotateRight } from '@fortawesome/free-solid-svg-icons';
import React from 'react';
import { Badge, Table } from 'react-bootstrap';
import { Link } from 'react-router-dom';
import type { Output } from '../../core/contract/operations.ts';
import { Notice } from '../shared/widgets/notice.tsx';
import { Pager } from '../shared/widgets/pager.tsx';
import { ago, entityName } from '../shared/words.ts';
import { Icon } from '../stash/icon.tsx';
import { pageOf } from '../stash/navigation.ts';
import { ask } from '../stash/operations.ts';
import { useAct } from '../shared/hooks/use-act.ts';
import { usePages } from '../shared/hooks/use-pages.ts';
import { say } from '../stash/intl.tsx';
import { MinorButton } from '../shared/widgets/minor-button.tsx';

/** What failed or was skipped, each with its reason. */
export function Failures({ onRetried }: { onRetried: () => void }): React.ReactElement {
  const { answer, problem, reload, place } = usePages('runs.failures');
  const { isPending, act } = useAct(() => {
    reload();
    onRetried();
  });
  const retry = (): void =>
    act(async () => {
      const { count: retried } = await ask('runs.retry', {});
      return say('runs.willBeRetried', { count: retried });
    });

  return (
    <section className="stash-sense-failures">
      <div className="stash-sense-heading">
        <h5>{say('runs.failedAndSkipped')}</h5>
        {answer !== null && answer.items.some(({ state }) => state === 'failed') && (
          <MinorButton disabled={isPending} onClick={retry}>
            <Icon icon={faRotateRight} /> {say('runs.retryAllFailed')}
          </MinorButton>
        )}
      </div>
      {problem !== null && <Notice variant="danger">{problem}</Notice>}
      {answer !== null && answer.total === 0 && <p className="text-muted">{say('runs.noFailures')}</p>}
      {answer !== null && answer.items.length > 0 && (
        <>
          <div className="table-responsive">
            <Table striped size="sm" className="stash-sense-stacked">
              <thead>
                <tr>
                  <th>{say('runs.what')}</th>
                  <th>{say('runs.why')}</th>
                  <th>{say('runs.when')}</th>
                </tr>
              </thead>
              <tbody>
                {answer.items.map((item) => (
                  <FailureRow key={`${item.kind}:${item.id}`} item={item} />
                ))}
              </tbody>
            </Table>
          </div>
          <Pager {...place} shown={answer.items.length} total={answer.total} />
        </>
      )}
    </section>
  );
}

function FailureRow({ item }: { item: Output<'runs.failures'>['items'][number] }): React.ReactElement {
  const { kind, id, title, state, error, attempts, at } = item;
  const name = title === '' ? entityName(item) : title;
  const isFailed = state === 'failed';
  const isEntity = kind === 'scene' || kind === 'image' || kind === 'gallery';
  return (
    <tr>
      <td>{isEntity ? <Link to={pageOf({ kind, id })}>{name}</Link> : name}</td>
      <td>
        <Badge variant={isFailed ? 'danger' : 'secondary'}>
          {isFailed ? say('runs.itemState.failed') : say('runs.itemState.skipped')}
        </Badge>{' '}
        {say(error)}
        {attempts > 1 && <span className="text-muted"> {say('runs.attempts', { count: attempts })}</span>}
      </td>
      <td className="text-nowrap text-muted">{ago(at)}</td>
    </tr>
  );
}
