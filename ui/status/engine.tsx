import { faCircleCheck, faCircleExclamation, faPlay } from '@fortawesome/free-solid-svg-icons';
import React from 'react';
import { Badge, Table } from 'react-bootstrap';
import type { AccelerationView } from '../../core/contract/setup.ts';
import type { Status } from '../../core/contract/status.ts';
import { message, type Message, type MessageValue } from '../../core/messages/message.ts';
import { Notice } from '../shared/widgets/notice.tsx';
import { ago } from '../shared/words.ts';
import { Icon } from '../stash/icon.tsx';
import { Facts, Section } from './section.tsx';
import { say } from '../stash/intl.tsx';
import { MinorButton } from '../shared/widgets/minor-button.tsx';

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
      title={say('status.engine')}
      aside={
        <MinorButton disabled={isBusy} onClick={onSetUp}>
          <Icon icon={faPlay} /> {choice === null ? say('setup.setUp') : say('setup.setUpAgain')}
        </MinorButton>
      }
    >
      {problems.map((problem) => (
        <Notice key={say(problem)} variant="warning">
          {say(problem)}
        </Notice>
      ))}
      <Facts
        rows={[
          [say('status.machine'), machine],
          [
            say('status.recognitionRunsOn'),
            engine === null
              ? say('status.notUsedYet')
              : explained(engine, engine.startsWith('wasm') ? 'wasm' : 'native'),
          ],
          [say('status.picturesReadBy'), imageCodec ?? say('status.notUsedYet')],
          [
            say('status.facesSearchedBy'),
            vectorIndex === null ? say('status.notUsedYet') : explained(vectorIndex, 'search'),
          ],
          [
            say('status.facePack'),
            pack === null
              ? say('status.none')
              : explained(message('status.packAndLicence', { pack: pack.id, licence: pack.license }), 'pack'),
          ],
        ]}
      />
      {choice === null ? (
        <p className="text-muted">{say('status.notTriedYet')}</p>
      ) : (
        <Choice choice={choice} />
      )}
    </Section>
  );
}

/** What a name of ours stands for. */
function explained(name: MessageValue, what: 'native' | 'pack' | 'search' | 'wasm'): string {
  const meaning = message(`status.meaning.${what}`);
  return say('status.means', { name, meaning });
}

function Choice({ choice }: { choice: NonNullable<AccelerationView['choice']> }): React.ReactElement {
  const { at, engines, modules } = choice;
  const isUsed = (trial: (typeof engines)[number]): boolean =>
    trial.engine === choice.engine && trial.provider === choice.provider;
  return (
    <>
      {engines.length > 0 && (
        <div className="table-responsive">
          <Table striped size="sm" className="stash-sense-trials">
            <caption className="text-muted">{say('status.tried', { time: ago(at) })}</caption>
            <thead>
              <tr>
                <th scope="col">{say('status.engine')}</th>
                <th scope="col" className="text-right">
                  {say('status.framesPerSecond')}
                </th>
                <th scope="col">{say('status.result')}</th>
              </tr>
            </thead>
            <tbody>
              {engines.map((trial) => (
                <tr key={`${trial.engine} ${trial.provider}`}>
                  <th scope="row">
                    {trial.engine === trial.provider ? trial.engine : `${trial.engine} ${trial.provider}`}{' '}
                    {isUsed(trial) && <Badge variant="success">{say('status.inUse')}</Badge>}
                  </th>
                  <td className="text-right stash-sense-numbers">
                    {trial.framesPerSecond == null
                      ? '–'
                      : say('status.rate', { rate: trial.framesPerSecond })}
                  </td>
                  <td className={trial.ok ? '' : 'text-warning'}>{say(trial.message)}</td>
                </tr>
              ))}
            </tbody>
          </Table>
        </div>
      )}
      <ul className="stash-sense-checks list-unstyled">
        {modules.map(({ name, ok, message: said }) => (
          <li key={name} className={ok ? 'text-success' : isAbsent(said) ? 'text-muted' : 'text-warning'}>
            <Icon icon={ok ? faCircleCheck : faCircleExclamation} />
            <span className="stash-sense-check">
              <span className="sr-only">{ok ? say('status.works') : say('status.notUsed')} </span>
              {say(said)}
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}

/** Nothing is wrong with what was never fetched. */
function isAbsent({ id }: Message): boolean {
  return id === 'setup.trial.moduleMissing';
}
