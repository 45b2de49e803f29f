/** The list of performers, as far as plugins may add to it: a search, ticks, and the buttons of operations. */
import { useQuery } from '@apollo/client';
import type { IconDefinition } from '@fortawesome/free-solid-svg-icons';
import React, { useState } from 'react';
import { Button } from 'react-bootstrap';
import { Link } from 'react-router-dom';
import { Icon, patchable } from './plugin-api.tsx';
import { FIND_PERFORMERS } from './queries.ts';

type Performers = { readonly findPerformers: { performers: { id: string; name: string }[] } };

/** The part of Stash's `ListFilterModel` that operations are given. */
type ListFilter = { makeFindFilter: () => object; makeFilter: () => object };

type Operation = {
  text: string;
  icon?: IconDefinition;
  isDisplayed?: (result: object, filter: ListFilter, selectedIds: ReadonlySet<string>) => boolean;
  onClick: (result: object, filter: ListFilter, selectedIds: ReadonlySet<string>) => Promise<void>;
};

const List = patchable<{ extraOperations?: Operation[] }>('PerformerList', ({ extraOperations = [] }) => (
  <Listed operations={extraOperations} />
));

export function PerformerList(): React.ReactElement {
  return <List />;
}

function Listed({ operations }: { operations: readonly Operation[] }): React.ReactElement {
  const [q, setQ] = useState('');
  const [selectedIds, setSelectedIds] = useState<ReadonlySet<string>>(new Set());
  const find = { q, page: 1, per_page: 40, sort: 'name', direction: 'ASC' };
  const result = useQuery<Performers>(FIND_PERFORMERS, { variables: { filter: find, performer_filter: {} } });
  const filter = { makeFindFilter: () => find, makeFilter: () => ({}) };
  const toggle = (id: string): void => {
    const next = new Set(selectedIds);
    if (!next.delete(id)) next.add(id);
    setSelectedIds(next);
  };
  return (
    <>
      <input placeholder="Search…" value={q} onChange={(event) => setQ(event.target.value)} />
      {operations.map((operation) => {
        const { text, icon, isDisplayed } = operation;
        return isDisplayed?.(result, filter, selectedIds) === false ? null : (
          <Button
            key={text}
            variant="secondary"
            aria-describedby={icon && text}
            onClick={() => void operation.onClick(result, filter, selectedIds)}
          >
            {icon ? <Icon icon={icon} /> : text}
          </Button>
        );
      })}
      {result.data?.findPerformers.performers.map(({ id, name }) => (
        <div key={id}>
          <input
            type="checkbox"
            aria-label={name}
            checked={selectedIds.has(id)}
            onChange={() => toggle(id)}
          />
          <Link to={`/performers/${id}`}>{name}</Link>
        </div>
      ))}
    </>
  );
}
