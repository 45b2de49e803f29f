import { faRotateLeft } from '@fortawesome/free-solid-svg-icons';
import React, { useState } from 'react';
import { Badge, Table } from 'react-bootstrap';
import { Link } from 'react-router-dom';
import type { Change } from '../../core/changes/change.ts';
import { addedIds } from '../../core/changes/values.ts';
import { lineOf } from '../../core/changes/words.ts';
import type { BatchCounts } from '../../core/changes/batch.ts';
import type { Output } from '../../core/contract/operations.ts';
import { Notice } from '../shared/widgets/notice.tsx';
import { Pager } from '../shared/widgets/pager.tsx';
import { useAct } from '../shared/hooks/use-act.ts';
import { ago, entityName } from '../shared/words.ts';
import { Icon } from '../stash/icon.tsx';
import { isMedia, refreshAfterWrite } from '../stash/library.ts';
import { facesAddress } from '../stash/navigation.ts';
import { ask } from '../stash/operations.ts';
import { useToast } from '../stash/toast.tsx';
import { UndoBatch } from '../shared/widgets/undo-batch.tsx';
import { NoAnswer } from '../shared/widgets/no-answer.tsx';
import { usePages } from '../shared/hooks/use-pages.ts';
import { useQuery } from '../shared/hooks/use-query.ts';
import { say } from '../stash/intl.tsx';
import { MinorButton } from '../shared/widgets/minor-button.tsx';

export type Entry = Output<'journal.list'>['items'][number];

/** The journal of writes to Stash, with the buttons to undo them. `?batch=` shows one batch alone. */
export function HistoryTab(): React.ReactElement {
  const { values, change } = useQuery();
  const only = values.get('batch');
  // Another list begins at its first page.
  return <Journal key={only} batchId={only} onShowAll={() => change({ batch: null }, 'push')} />;
}

function Journal({
  batchId,
  onShowAll,
}: {
  batchId: string | null;
  onShowAll: () => void;
}): React.ReactElement {
  const { answer, problem, reload, place } = usePages('journal.list', batchId === null ? {} : { batchId });
  const [toUndo, setToUndo] = useState<string | null>(null);
  const { isPending, act } = useAct(reload);
  const toast = useToast();

  const undo = (entry: Entry): void =>
    act(async () => {
      const { undone, refused } = await ask('journal.undo', { ids: [entry.id] });
      await refreshAfterWrite(
        isMedia(entry.entity) ? [entry.entity] : [],
        addedIds(entry.changes, 'performers'),
        entry.changes.some(isOfMore) ? [entry.entity] : [],
      );
      const [first] = refused;
      if (!first) return say('history.changesUndone', { count: undone.length });
      const counts = { undone: undone.length, refused: refused.length };
      toast.warn(say('undo.someDone', { ...counts, reason: first.reason }));
      return null;
    });

  if (answer === null) return <NoAnswer problem={problem} onRetry={reload} />;
  return (
    <div className="stash-sense-column">
      {problem !== null && <Notice variant="danger">{problem}</Notice>}
      {batchId !== null && (
        <p className="text-muted">
          {answer.total > 0 && say('history.onlyBatch')}{' '}
          <MinorButton onClick={onShowAll}>{say('history.showAll')}</MinorButton>
        </p>
      )}
      {answer.total === 0 && (
        <p className="stash-sense-empty text-muted">
          {say(batchId === null ? 'history.nothingWritten' : 'history.unknownBatch')}
        </p>
      )}
      {groupByBatch(answer.items).map((entries) => (
        <Batch
          key={entries[0]?.id}
          entries={entries}
          gone={answer.gone}
          counts={answer.batches.find((batch) => batch.batchId === entries[0]?.batchId) ?? null}
          isPending={isPending}
          onUndo={undo}
          onUndoAll={setToUndo}
        />
      ))}
      {toUndo !== null && (
        <UndoBatch
          batchId={toUndo}
          onClose={(hasChanged) => {
            setToUndo(null);
            if (hasChanged) reload();
          }}
        />
      )}
      <Pager {...place} shown={answer.items.length} total={answer.total} />
    </div>
  );
}

/** Changes of performers and tags are named by the summary of their entry. */
function isOfMore(change: Change): boolean {
  return change.op === 'create' || lineOf(change) !== null;
}

/** Groups neighbouring entries of one batch, in their order. */
export function groupByBatch(entries: readonly Entry[]): Entry[][] {
  const batches: Entry[][] = [];
  for (const entry of entries) {
    const last = batches.at(-1);
    if (last?.[0]?.batchId === entry.batchId) last.push(entry);
    else batches.push([entry]);
  }
  return batches;
}

type BatchProps = {
  /** Those on this page. */
  readonly entries: readonly Entry[];
  /** Of the whole batch. */
  readonly counts: BatchCounts | null;
  /** Ids of those that cannot be undone any more: Stash has them otherwise. */
  readonly gone: readonly string[];
  readonly isPending: boolean;
  readonly onUndo: (entry: Entry) => void;
  readonly onUndoAll: (batchId: string) => void;
};

function Batch({ entries, counts, gone, isPending, onUndo, onUndoAll }: BatchProps): React.ReactElement {
  const [first] = entries;
  return (
    <section className="stash-sense-batch">
      {first && counts !== null && counts.total > 1 && (
        <div className="stash-sense-heading">
          <h6>
            {say('history.changesTogether', { count: counts.total, time: ago(first.at) })}
            {counts.undone > 0 && (
              <span className="text-muted"> · {say('history.partlyUndone', { count: counts.undone })}</span>
            )}
          </h6>
          {counts.written > 1 && (
            <MinorButton disabled={isPending} onClick={() => onUndoAll(first.batchId)}>
              <Icon icon={faRotateLeft} /> {say('history.undoAll')}
            </MinorButton>
          )}
        </div>
      )}
      <div className="table-responsive">
        <Table striped size="sm" className="stash-sense-journal stash-sense-stacked">
          <tbody>
            {entries.map((entry) => (
              <Row
                key={entry.id}
                entry={entry}
                isGone={gone.includes(entry.id)}
                isPending={isPending}
                onUndo={onUndo}
              />
            ))}
          </tbody>
        </Table>
      </div>
    </section>
  );
}

function Row({
  entry,
  isGone,
  isPending,
  onUndo,
}: Pick<BatchProps, 'isPending' | 'onUndo'> & { entry: Entry; isGone: boolean }): React.ReactElement {
  const { state, entity, entityTitle, changes, by, at, undoneAt } = entry;
  const summary = say(entry.summary);
  const lines = changes.map(lineOf).filter((line) => line !== null);
  return (
    <tr>
      <td>
        {summary} ·{' '}
        <Link to={facesAddress(entity)}>{entityTitle === '' ? entityName(entity) : entityTitle}</Link>
        {lines.map((line, n) => (
          <div key={n}>{say(line)}</div>
        ))}
        <div className="text-muted">
          {by === 'scan'
            ? say('history.byScan', { time: ago(at) })
            : say('history.byUser', { time: ago(at) })}
        </div>
      </td>
      <td className="stash-sense-journal-undo">
        {state === 'written' && isGone && <Badge variant="warning">{say('history.isGone')}</Badge>}
        {state === 'written' && !isGone && (
          <MinorButton
            disabled={isPending}
            aria-label={say('page.undoNamed', { name: summary })}
            onClick={() => onUndo(entry)}
          >
            <Icon icon={faRotateLeft} /> {say('page.undo')}
          </MinorButton>
        )}
        {state === 'undone' && (
          <Badge variant="secondary">
            {undoneAt === null ? say('history.undone') : say('history.undoneAt', { time: ago(undoneAt) })}
          </Badge>
        )}
        {state === 'planned' && <Badge variant="warning">{say('history.isBeingWritten')}</Badge>}
        {state === 'void' && <Badge variant="secondary">{say('history.notWritten')}</Badge>}
      </td>
    </tr>
  );
}
