import { faCircleCheck, faCircleExclamation } from '@fortawesome/free-solid-svg-icons';
import React from 'react';
import { Button, Spinner, Table } from 'react-bootstrap';
import type { Status } from '../../core/contract.ts';
import { Notice } from '../components/notice.tsx';
import { bytes } from '../components/words.ts';
import { Icon } from '../stash/icon.tsx';
import { pageVersion, versionProblem } from '../stash/version.ts';
import { useStatus } from './use-status.ts';

/** What works, what does not, and what to do about it. */
export function StatusTab(): React.ReactElement {
  const { answer: status, problem, isLoading, reload } = useStatus();
  if (status === null)
    return problem === null ? (
      <Spinner animation="border" role="status" aria-label="Loading" />
    ) : (
      <Notice variant="danger" action={{ label: 'Try again', run: reload }}>
        {problem}
      </Notice>
    );
  const versions = versionProblem(status.version);
  return (
    <div className="stash-sense-column">
      {versions !== null && (
        <Notice variant="warning" action={{ label: 'Reload', run: () => location.reload() }}>
          {versions}
        </Notice>
      )}
      {problem !== null && <Notice variant="danger">{problem}</Notice>}
      <ul className="stash-sense-checks list-unstyled">
        {status.checks.map(({ id, ok, message }) => (
          <li key={id} className={ok ? 'text-success' : 'text-warning'}>
            <Icon icon={ok ? faCircleCheck : faCircleExclamation} />
            <span className="stash-sense-check">
              <span className="sr-only">{ok ? 'Works: ' : 'Needs attention: '}</span>
              {message}
            </span>
          </li>
        ))}
      </ul>
      <Button variant="secondary" size="sm" disabled={isLoading} onClick={reload}>
        Check again
      </Button>
      <div className="table-responsive">
        <Table striped size="sm" className="stash-sense-facts">
          <tbody>
            {facts(status).map(([name, value]) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td>{value}</td>
              </tr>
            ))}
          </tbody>
        </Table>
      </div>
    </div>
  );
}

function facts(status: Status): readonly (readonly [string, string])[] {
  const { version, node, stash, engine, imageCodec, vectorIndex, pack, people, suggestions, data } = status;
  return [
    ['Stash Sense', version === pageVersion ? version : `${version} (this page: ${pageVersion})`],
    ['Stash', stash],
    ['Node', node],
    ['Recognition runs on', engine ?? 'not used yet'],
    ['Pictures are read by', imageCodec],
    ['Faces are searched by', vectorIndex],
    ['Face pack', pack === null ? 'none' : `${pack.id} (${pack.license})`],
    ['People', `${people.withReference} of ${people.performers} can be recognised`],
    ['Suggestions to decide', String(suggestions.open)],
    ['Files looked at', String(data.observations)],
    ['Data folder', data.folder],
    ['Space used', `${bytes(data.databaseBytes)} database, ${bytes(data.cropBytes)} face pictures`],
  ];
}
