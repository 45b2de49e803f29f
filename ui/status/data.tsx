import { faFolderOpen, faStop, faTrash } from '@fortawesome/free-solid-svg-icons';
import React, { useEffect, useRef, useState } from 'react';
import { Button, Spinner, Table } from 'react-bootstrap';
import type { RunView } from '../../core/contract/runs.ts';
import type { Status } from '../../core/contract/status.ts';
import { Notice } from '../shared/widgets/notice.tsx';
import { doing, isUnderWay } from '../shared/widgets/run-state.tsx';
import { bytes } from '../shared/words.ts';
import { WorkBar } from '../shared/widgets/work-bar.tsx';
import { useAnswer } from '../shared/hooks/use-answer.ts';
import { Icon } from '../stash/icon.tsx';
import { refreshSettings } from '../stash/library.ts';
import { ClearData } from './clear-data.tsx';
import { DATA_NAMES, type DataInfo } from './data-names.ts';
import { DATA_SECTION } from './check-fixes.ts';
import { MoveData } from './move-data.tsx';
import { Facts, Section } from './section.tsx';

type Props = {
  readonly status: Status;
  /** "Move data", while it waits or works, or was cut short. */
  readonly run: RunView | null;
  readonly isPending: boolean;
  readonly onMove: () => void;
  readonly onStop: () => void;
  readonly onChanged: () => void;
};

/** What is kept and where, and the ways to move it and to be rid of it. */
export function DataSection({
  status,
  run,
  isPending,
  onMove,
  onStop,
  onChanged,
}: Props): React.ReactElement {
  const { answer: info, problem, reload } = useAnswer('data.info', {});
  const [open, setOpen] = useState<'move' | 'clear' | null>(null);
  const [said, setSaid] = useState<string | null>(null);
  const { folder, databaseBytes, cropBytes } = status.data;
  const isMoving = run !== null && run.phase !== 'lost';

  useOnChange(`${folder} ${String(isMoving)}`, () => {
    // Stash's own settings page keeps what it once read, and would write the old folder back.
    void refreshSettings().catch(() => undefined);
    reload();
  });
  // Measuring costs too much to follow a run at work; what it made is there when it ends.
  const busy = status.runs.filter(isUnderWay).map(({ id }) => id);
  useOnChange(busy.length > 0 ? busy.join() : `${databaseBytes} ${cropBytes}`, reload);

  const close = (hasChanged: boolean, message: string | null = null): void => {
    setOpen(null);
    if (!hasChanged) return;
    setSaid(message);
    reload();
    onChanged();
  };

  return (
    <Section id={DATA_SECTION} title="Data">
      {said !== null && <Notice variant="info">{said}</Notice>}
      {problem !== null && (
        <Notice variant="danger" action={{ label: 'Try again', run: reload }}>
          {problem}
        </Notice>
      )}
      <Facts
        rows={[
          ['Folder', folder],
          ['Store', `${bytes(databaseBytes)} database, ${bytes(cropBytes)} face pictures`],
          ['Free on that disk', info?.freeBytes == null ? 'not known' : bytes(info.freeBytes)],
        ]}
      />
      {info === null ? (
        problem === null && <Spinner animation="border" size="sm" role="status" aria-label="Loading" />
      ) : (
        <Kept info={info} />
      )}
      {isMoving && (
        <>
          <WorkBar fraction={null} message={doing(run)} />
          <div className="stash-sense-actions">
            <Button
              variant="danger"
              size="sm"
              disabled={isPending || run.phase === 'stopping'}
              onClick={onStop}
            >
              <Icon icon={faStop} /> Stop
            </Button>
          </div>
        </>
      )}
      {!isMoving && info !== null && <Unfinished info={info} run={run} onGoOn={onMove} onGiveUp={onStop} />}
      {!isMoving && info !== null && (
        <div className="stash-sense-actions">
          <Button variant="secondary" onClick={() => setOpen('move')}>
            <Icon icon={faFolderOpen} /> Move…
          </Button>
          <Button variant="danger" onClick={() => setOpen('clear')}>
            <Icon icon={faTrash} /> Clear data…
          </Button>
        </div>
      )}
      {open === 'move' && info !== null && <MoveData info={info} onClose={close} />}
      {open === 'clear' && info !== null && <ClearData info={info} onClose={close} />}
    </Section>
  );
}

/** Not for the first state: that one is asked for as it is. */
function useOnChange(state: string, work: () => void): void {
  const before = useRef(state);
  useEffect(() => {
    if (before.current === state) return;
    before.current = state;
    work();
  });
}

/** A move that was cut short, before or after the data had gone. */
function Unfinished({
  info,
  run,
  onGoOn,
  onGiveUp,
}: {
  info: DataInfo;
  run: RunView | null;
  onGoOn: () => void;
  onGiveUp: () => void;
}): React.ReactElement | null {
  const { movingTo, leftBehind } = info;
  if (leftBehind !== null)
    return (
      <Notice variant="warning" action={{ label: 'Remove it', run: onGoOn }}>
        The data has moved here; the old folder {leftBehind} is still to be removed.
      </Notice>
    );
  if (movingTo === null && run === null) return null;
  return (
    <Notice variant="warning" action={{ label: 'Go on', run: onGoOn }}>
      A move {movingTo === null ? '' : `to ${movingTo} `}was begun and not ended. Nothing is lost: go on with
      it, or{' '}
      <Button variant="link" className="stash-sense-inline" onClick={onGiveUp}>
        give it up
      </Button>
      .
    </Notice>
  );
}

function Kept({ info }: { info: DataInfo }): React.ReactElement {
  return (
    <Table striped size="sm" className="stash-sense-kept">
      <thead>
        <tr>
          <th scope="col">Kept</th>
          <th scope="col" className="text-right">
            Entries
          </th>
          <th scope="col" className="text-right">
            Size
          </th>
        </tr>
      </thead>
      <tbody>
        {info.kept.map(({ what, count, bytes: size }) => (
          <tr key={what}>
            <td>{DATA_NAMES[what]}</td>
            <td className="text-right stash-sense-numbers">{count.toLocaleString('en-US')}</td>
            <td className="text-right stash-sense-numbers text-nowrap">{bytes(size)}</td>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}
