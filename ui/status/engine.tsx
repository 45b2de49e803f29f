import { faCircleCheck, faCircleExclamation, faPlay } from '@fortawesome/free-solid-svg-icons';
import React from 'react';
import { Badge, Button, Table } from 'react-bootstrap';
import type { AccelerationView } from '../../core/contract/setup.ts';
import type { Status } from '../../core/contract/status.ts';
import { Notice } from '../shared/widgets/notice.tsx';
import { ago } from '../shared/words.ts';
import { Icon } from '../stash/icon.tsx';
import { Facts, Section } from './section.tsx';

type Props = {
  readonly status: Status;
  /** "Set up" is under way. */
  readonly isBusy: boolean;
  readonly onSetUp: () => void;
};

/** What it runs on here, and what was tried. */
export function EngineSection({ status, isBusy, onSetUp }: Props): React.ReactElement {
  const { engine, imageCodec, vectorIndex, pack, acceleration } = status;
  const { choice, machine, problems } = acceleration;
  return (
    <Section
      title="Engine"
      aside={
        <Button variant="secondary" size="sm" disabled={isBusy} onClick={onSetUp}>
          <Icon icon={faPlay} /> {choice === null ? 'Set up' : 'Set up again'}
        </Button>
      }
    >
      {problems.map((it) => (
        <Notice key={it} variant="warning">
          {it}
        </Notice>
      ))}
      <Facts
        rows={[
          ['Machine', machine],
          ['Recognition runs on', engine ?? 'not used yet'],
          ['Pictures are read by', imageCodec],
          ['Faces are searched by', vectorIndex],
          ['Face pack', pack === null ? 'none' : `${pack.id} (${pack.license})`],
        ]}
      />
      {choice === null ? (
        <p className="text-muted">
          What is fastest on this machine was not tried yet: Set up does it, and uses what is there until
          then.
        </p>
      ) : (
        <Choice choice={choice} />
      )}
    </Section>
  );
}

function Choice({ choice }: { choice: NonNullable<AccelerationView['choice']> }): React.ReactElement {
  const { at, engines, modules } = choice;
  const isUsed = (it: (typeof engines)[number]): boolean =>
    it.engine === choice.engine && it.provider === choice.provider;
  return (
    <>
      {engines.length > 0 && (
        <div className="table-responsive">
          <Table striped size="sm" className="stash-sense-trials">
            <caption className="text-muted">
              Tried {ago(at)}, pictures with one face, one after another
            </caption>
            <thead>
              <tr>
                <th scope="col">Engine</th>
                <th scope="col" className="text-right">
                  Frames a second
                </th>
                <th scope="col">Result</th>
              </tr>
            </thead>
            <tbody>
              {engines.map((it) => (
                <tr key={`${it.engine} ${it.provider}`}>
                  <th scope="row">
                    {it.engine === it.provider ? it.engine : `${it.engine} ${it.provider}`}{' '}
                    {isUsed(it) && <Badge variant="success">in use</Badge>}
                  </th>
                  <td className="text-right stash-sense-numbers">{it.framesPerSecond?.toFixed(1) ?? '–'}</td>
                  <td className={it.ok ? '' : 'text-warning'}>{it.message}</td>
                </tr>
              ))}
            </tbody>
          </Table>
        </div>
      )}
      <ul className="stash-sense-checks list-unstyled">
        {modules.map(({ name, ok, message }) => (
          <li key={name} className={ok ? 'text-success' : isAbsent(message) ? 'text-muted' : 'text-warning'}>
            <Icon icon={ok ? faCircleCheck : faCircleExclamation} />
            <span className="stash-sense-check">
              <span className="sr-only">{ok ? 'Works: ' : 'Not used: '}</span>
              {message.startsWith(name) ? message : `${name} ${message}`}
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}

/** Nothing is wrong with what was never fetched. */
function isAbsent(message: string): boolean {
  return message.includes('is not installed');
}
