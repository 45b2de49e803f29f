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
import { dataName, type DataInfo } from './data-names.ts';
import { DATA_SECTION } from './check-fixes.ts';
import { FormerFolder } from './former-folder.tsx';
import { MoveData } from './move-data.tsx';
import { Facts, Section } from './section.tsx';
import { say, SLOT, around } from '../stash/intl.tsx';

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
    <Section id={DATA_SECTION} title={say('data.title')}>
      {status.data.former !== null && <FormerFolder former={status.data.former} onChanged={onChanged} />}
      {said !== null && <Notice variant="info">{said}</Notice>}
      {problem !== null && (
        <Notice variant="danger" action={{ label: say('page.tryAgain'), run: reload }}>
          {problem}
        </Notice>
      )}
      <Facts
        rows={[
          [say('data.folder'), folder],
          [
            say('data.store'),
            say('data.storeSizes', { database: bytes(databaseBytes), crops: bytes(cropBytes) }),
          ],
          [say('data.free'), freeSpace(info, problem)],
        ]}
      />
      {info === null ? (
        problem === null && (
          <Spinner animation="border" size="sm" role="status" aria-label={say('page.loading')} />
        )
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
              <Icon icon={faStop} /> {say('page.stop')}
            </Button>
          </div>
        </>
      )}
      {!isMoving && info !== null && <Unfinished info={info} run={run} onGoOn={onMove} onGiveUp={onStop} />}
      {!isMoving && info !== null && (
        <div className="stash-sense-actions">
          <Button variant="secondary" onClick={() => setOpen('move')}>
            <Icon icon={faFolderOpen} /> {say('move.open')}
          </Button>
          <Button variant="danger" onClick={() => setOpen('clear')}>
            <Icon icon={faTrash} /> {say('data.openClear')}
          </Button>
        </div>
      )}
      {open === 'move' && info !== null && <MoveData info={info} onClose={close} />}
      {open === 'clear' && info !== null && <ClearData info={info} onClose={close} />}
    </Section>
  );
}

/** Until it was measured, nothing can be said of it. */
function freeSpace(info: DataInfo | null, problem: string | null): string {
  if (info === null && problem === null) return say('data.isMeasured');
  return info?.freeBytes == null ? say('data.notKnown') : bytes(info.freeBytes);
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
      <Notice variant="warning" action={{ label: say('move.removeOld'), run: onGoOn }}>
        {say('move.oldFolderLeft', { folder: leftBehind })}
      </Notice>
    );
  if (movingTo === null && run === null) return null;
  return (
    <Notice variant="warning" action={{ label: say('move.goOn'), run: onGoOn }}>
      {around(
        movingTo === null
          ? say('move.notEnded', { button: SLOT })
          : say('move.notEndedTo', { folder: movingTo, button: SLOT }),
        <Button variant="link" className="stash-sense-inline" onClick={onGiveUp}>
          {say('move.giveUp')}
        </Button>,
      )}
    </Notice>
  );
}

function Kept({ info }: { info: DataInfo }): React.ReactElement {
  return (
    <Table striped size="sm" className="stash-sense-kept">
      <thead>
        <tr>
          <th scope="col">{say('data.kept')}</th>
          <th scope="col" className="text-right">
            {say('data.entries')}
          </th>
          <th scope="col" className="text-right">
            {say('data.size')}
          </th>
        </tr>
      </thead>
      <tbody>
        {info.kept.map(({ what, count, bytes: size }) => (
          <tr key={what}>
            <td>{dataName(what)}</td>
            <td className="text-right stash-sense-numbers">{say('page.number', { value: count })}</td>
            <td className="text-right stash-sense-numbers text-nowrap">{bytes(size)}</td>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}
