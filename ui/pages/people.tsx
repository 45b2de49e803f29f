import { faPlay } from '@fortawesome/free-solid-svg-icons';
import React, { useState } from 'react';
import { Button, Spinner, Table } from 'react-bootstrap';
import { Link } from 'react-router-dom';
import type { Output } from '../../core/contract.ts';
import { Pager } from '../components/pager.tsx';
import { Icon } from '../stash/icon.tsx';
import { startTask } from '../components/tasks.ts';
import { useAct } from '../components/use-act.ts';
import { PerformerSearch } from './performer-search.tsx';
import { Problem } from '../components/problem.tsx';
import { useAnswer } from '../components/use-answer.ts';

const SIZE = 50;

/** Who can be recognised, who cannot and why, and which pictures a performer is known by. */
export function PeopleTab(): React.ReactElement {
  const [offset, setOffset] = useState(0);
  const { answer, problem, reload } = useAnswer('people.info', { limit: SIZE, offset });
  const { isPending, act } = useAct(reload);

  if (answer === null)
    return problem === null ? (
      <Spinner animation="border" role="status" aria-label="Loading" />
    ) : (
      <Problem message={problem} onAgain={reload} />
    );
  return (
    <div className="stash-sense-column">
      <div className="stash-sense-heading">
        <Counts info={answer} />
        <Button
          variant="primary"
          size="sm"
          disabled={isPending}
          onClick={() => act(() => startTask('people'))}
        >
          <Icon icon={faPlay} /> Update people
        </Button>
      </div>
      <PerformerSearch />
      <Without info={answer} offset={offset} onGo={setOffset} />
    </div>
  );
}

type Info = Output<'people.info'>;

/** By where they came from, or by what came of them. */
const PICTURES: Readonly<Record<string, string>> = {
  profile: 'profile pictures',
  image: 'tagged images',
  confirmed: 'faces you confirmed',
  used: 'used',
  'no-face': 'without a face',
  'several-faces': 'with several faces',
  drawing: 'drawn',
  outlier: 'that look like somebody else',
  unreadable: 'unreadable',
  withdrawn: 'taken back',
};

function Counts({ info: { performers, withReference, references } }: { info: Info }): React.ReactElement {
  const used = Object.entries(references)
    .filter(([, many]) => many > 0)
    .map(([source, many]) => `${many.toLocaleString('en-US')} ${PICTURES[source] ?? source}`);
  return (
    <div>
      <strong>
        {withReference.toLocaleString('en-US')} of {performers.toLocaleString('en-US')} performers
      </strong>{' '}
      can be recognised.
      {used.length > 0 && <div className="text-muted">Pictures: {used.join(', ')}</div>}
    </div>
  );
}

function Without({
  info: { without },
  offset,
  onGo,
}: {
  info: Info;
  offset: number;
  onGo: (offset: number) => void;
}): React.ReactElement | null {
  if (without.total === 0) return null;
  return (
    <section>
      <h5>Cannot be recognised ({without.total.toLocaleString('en-US')})</h5>
      <p className="text-muted">
        Give them a picture that shows one clear face, or add them to scenes where Stash Sense has seen an
        unknown person.
      </p>
      <div className="table-responsive">
        <Table striped size="sm">
          <tbody>
            {without.items.map(({ performerId, name, reason }) => (
              <tr key={performerId}>
                <td>
                  <Link to={`/performers/${performerId}`}>{name}</Link>
                </td>
                <td>{reason}</td>
              </tr>
            ))}
          </tbody>
        </Table>
      </div>
      <Pager offset={offset} shown={without.items.length} total={without.total} size={SIZE} onGo={onGo} />
    </section>
  );
}
