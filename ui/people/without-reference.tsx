import React, { useState } from 'react';
import { Table } from 'react-bootstrap';
import { Link } from 'react-router-dom';
import type { Output } from '../../core/contract/operations.ts';
import { Pager, type Place } from '../shared/widgets/pager.tsx';
import { say } from '../stash/intl.tsx';
import { References } from './references.tsx';
import { MinorButton } from '../shared/widgets/minor-button.tsx';

type Props = {
  readonly list: Output<'people.info'>['without'];
  readonly place: Place;
  /** A picture was set aside or is used again. */
  readonly onChanged: () => void;
};

/** Who cannot be recognised, and why; each row opens the pictures that were read. */
export function WithoutReference({ list, place, onChanged }: Props): React.ReactElement | null {
  const [opened, setOpened] = useState<string | null>(null);
  if (list.total === 0) return null;
  return (
    <section>
      <h5>{say('people.cannotBeRecognised', { count: list.total })}</h5>
      <p className="text-muted">{say('people.givePicture')}</p>
      <div className="table-responsive">
        <Table striped size="sm" className="stash-sense-stacked">
          <tbody>
            {list.items.map(({ performerId: id, name, reason }) => (
              <React.Fragment key={id}>
                <tr>
                  <td>
                    <Link to={`/performers/${id}`}>{name}</Link>
                  </td>
                  <td>{say(reason)}</td>
                  <td className="stash-sense-row-end">
                    <MinorButton
                      aria-expanded={id === opened}
                      aria-label={say('people.picturesOf', { name })}
                      onClick={() => setOpened(id === opened ? null : id)}
                    >
                      {say('people.showPictures')}
                    </MinorButton>
                  </td>
                </tr>
                {id === opened && (
                  <tr>
                    <td colSpan={3}>
                      <References performer={{ id, name }} onChanged={onChanged} />
                    </td>
                  </tr>
                )}
              </React.Fragment>
            ))}
          </tbody>
        </Table>
      </div>
      <Pager {...place} shown={list.items.length} total={list.total} />
    </section>
  );
}
