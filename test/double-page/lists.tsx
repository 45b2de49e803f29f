/** Lists of Stash, as far as plugins may add to them: a search, ticks, and the entries of operations. */
import { useQuery, type DocumentNode } from '@apollo/client';
import type { IconDefinition } from '@fortawesome/free-solid-svg-icons';
import React, { useState } from 'react';
import { Button, Card } from 'react-bootstrap';
import { Link } from 'react-router-dom';
import { Icon, patchable } from './plugin-api.tsx';
import { FIND_IMAGES, FIND_PERFORMERS, FIND_SCENES } from './queries.ts';
import { titleOf } from './scene.tsx';

/** The part of Stash's `ListFilterModel` that operations are given. */
type ListFilter = { makeFindFilter: () => object; makeFilter: () => object };

type Operation = {
  text: string;
  icon?: IconDefinition;
  isDisplayed?: (result: object, filter: ListFilter, selectedIds: ReadonlySet<string>) => boolean;
  onClick: (result: object, filter: ListFilter, selectedIds: ReadonlySet<string>) => Promise<void>;
};

type Rows = readonly { readonly id: string; readonly name?: string; readonly title?: string }[];

type Kind = {
  readonly query: DocumentNode;
  readonly sort: string;
  readonly folder: string;
  /** The name of the conditions among the query's variables. */
  readonly conditions: string;
  readonly rows: (data: unknown) => Rows | undefined;
};

const PERFORMERS: Kind = {
  query: FIND_PERFORMERS,
  sort: 'name',
  folder: 'performers',
  conditions: 'performer_filter',
  rows: (data) => (data as { findPerformers: { performers: Rows } } | undefined)?.findPerformers.performers,
};
const IMAGES: Kind = {
  query: FIND_IMAGES,
  sort: 'path',
  folder: 'images',
  conditions: 'image_filter',
  rows: (data) => (data as { findImages: { images: Rows } } | undefined)?.findImages.images,
};

type ListProps = { extraOperations?: Operation[] };
const Performers = patchable<ListProps>('PerformerList', ({ extraOperations = [] }) => (
  <Listed kind={PERFORMERS} operations={extraOperations} />
));
const Images = patchable<ListProps>('ImageList', ({ extraOperations = [] }) => (
  <Listed kind={IMAGES} operations={extraOperations} />
));

export function PerformerList(): React.ReactElement {
  return <Performers />;
}

export function ImageList(): React.ReactElement {
  return <Images />;
}

function useTicks(): readonly [ReadonlySet<string>, (id: string) => void] {
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set());
  const toggle = (id: string): void => {
    const next = new Set(ticked);
    if (!next.delete(id)) next.add(id);
    setTicked(next);
  };
  return [ticked, toggle];
}

function Listed({
  kind: { query, sort, folder, conditions, rows },
  operations,
}: {
  kind: Kind;
  operations: readonly Operation[];
}): React.ReactElement {
  const [q, setQ] = useState('');
  const [selectedIds, toggle] = useTicks();
  const find = { q, page: 1, per_page: 40, sort, direction: 'ASC' };
  const result = useQuery<unknown>(query, { variables: { filter: find, [conditions]: {} } });
  const filter = { makeFindFilter: () => find, makeFilter: () => ({}) };
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
      {rows(result.data)?.map(({ id, name, title = '' }) => (
        <div key={id}>
          <input
            type="checkbox"
            aria-label={name ?? title}
            checked={selectedIds.has(id)}
            onChange={() => toggle(id)}
          />
          <Link to={`/${folder}/${id}`}>{name ?? title}</Link>
        </div>
      ))}
    </>
  );
}

type Scene = {
  id: string;
  title: string;
  files: { basename: string }[];
  paths: { screenshot: string };
  performers: { id: string; name: string }[];
};

/** Of scenes plugins are given the entries alone, and each card by itself. */
const SceneListOperations = patchable<{
  items: number;
  hasSelection: boolean;
  operations: { text: string; isDisplayed?: () => boolean; onClick: () => void }[];
}>('SceneListOperations', ({ operations }) => (
  <div className="scene-list-operations">
    {operations.map(({ text, isDisplayed, onClick }) =>
      isDisplayed?.() === false ? null : (
        <Button key={text} variant="secondary" onClick={onClick}>
          {text}
        </Button>
      ),
    )}
  </div>
));

const SceneCard = patchable<{
  scene: Scene;
  selected: boolean;
  onSelectedChanged: () => void;
}>('SceneCard', ({ scene, selected, onSelectedChanged }) => (
  <Card className="scene-card">
    <input
      type="checkbox"
      className="card-check"
      aria-label={titleOf(scene)}
      checked={selected}
      onChange={onSelectedChanged}
    />
    <Link to={`/scenes/${scene.id}`}>
      <img className="scene-card-image" src={scene.paths.screenshot} alt="" />
      <h5>{titleOf(scene)}</h5>
    </Link>
    <p className="text-muted">{scene.performers.map(({ name }) => name).join(', ')}</p>
  </Card>
));

export function SceneList(): React.ReactElement {
  const [ticked, toggle] = useTicks();
  const { data } = useQuery<{ findScenes: { scenes: Scene[] } }>(FIND_SCENES, {
    variables: { filter: { q: '', page: 1, per_page: 60, sort: 'id', direction: 'ASC' }, scene_filter: {} },
  });
  const scenes = data?.findScenes.scenes ?? [];
  return (
    <>
      <SceneListOperations
        items={scenes.length}
        hasSelection={ticked.size > 0}
        operations={[{ text: 'Identify…', isDisplayed: () => ticked.size > 0, onClick: () => undefined }]}
      />
      <div className="row justify-content-center">
        {scenes.map((scene) => (
          <SceneCard
            key={scene.id}
            scene={scene}
            selected={ticked.has(scene.id)}
            onSelectedChanged={() => toggle(scene.id)}
          />
        ))}
      </div>
    </>
  );
}
