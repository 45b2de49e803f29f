import { faMagnifyingGlass, faRotateRight } from '@fortawesome/free-solid-svg-icons';
import React, { useEffect, useRef, useState } from 'react';
import { Button, Spinner } from 'react-bootstrap';
import { Link } from 'react-router-dom';
import type { FacesView } from '../../core/contract/faces.ts';
import { Notice } from '../shared/widgets/notice.tsx';
import { useSeen } from '../shared/hooks/use-seen.ts';
import { ago } from '../shared/words.ts';
import { WorkBar } from '../shared/widgets/work-bar.tsx';
import { Icon } from '../stash/icon.tsx';
import type { EntityRef } from '../stash/library.ts';
import { PAGE } from '../stash/navigation.ts';
import { Problem } from '../shared/widgets/problem.tsx';
import { startTask } from '../shared/tasks.ts';
import { useAct } from '../shared/hooks/use-act.ts';
import { versionProblem } from '../stash/version.ts';
import { AddAll } from './add-all.tsx';
import { identifyRequests } from './identify-requests.ts';
import { FrameBar, type Pointed } from './frame/frame-bar.tsx';
import { useHiddenHere } from './naming/hidden-here.tsx';
import { SeenElsewhere } from './naming/seen-elsewhere.tsx';
import { useNaming } from './naming/use-naming.ts';
import { PersonCard, type PersonCardProps } from './person-card.tsx';
import { performersElsewhere } from './person-state.ts';
import { useDecisions } from './use-decisions.ts';
import { useFaces, useReloadWhenChanged, type Faces, type OnEntity } from './use-faces.ts';
import { usePackDecisions } from './pack/use-pack-decisions.ts';
import { useHeld } from './use-held.ts';
import { useOrder } from './use-order.ts';
import { say, SLOT, around } from '../stash/intl.tsx';

type Props = {
  readonly entity: EntityRef;
  /** Those Stash's page shows on the entity; absent where it does not tell. */
  readonly performers?: OnEntity;
};

/** The persons of an entity with the buttons to decide about them. Needs a React `key` per entity. */
export function FacesPanel({ entity, performers }: Props): React.ReactElement {
  const root = useRef<HTMLDivElement>(null);
  const faces = useFaces(entity, useSeen(root));
  const { view, problem, model } = faces;
  const { decisions, held } = useHeld(faces, useDecisions(entity, faces));
  const packDecisions = usePackDecisions(entity, faces);
  const naming = useNaming(entity, faces);
  const pending = [decisions, packDecisions, naming].some((one) => one.pending.size > 0);
  useReloadWhenChanged(faces, performers, pending);
  const versions = versionProblem();
  const { kind, id } = entity;
  const [pointed, setPointed] = useState<Pointed>({ at: null, keys: [] });
  useEffect(() => identifyRequests.listen({ kind, id }, () => void model.identify(false)), [kind, id, model]);
  return (
    <div className="stash-sense stash-sense-faces" ref={root}>
      {versions !== null && (
        <Notice variant="warning" action={{ label: say('page.reload'), run: () => location.reload() }}>
          {versions}
        </Notice>
      )}
      {problem !== null && <Problem message={problem} onRetry={() => void model.reload()} />}
      {view === null && problem === null && (
        <div className="stash-sense-empty text-muted" role="status">
          <Spinner as="span" animation="border" size="sm" /> {say('page.isLoading')}
        </div>
      )}
      {view !== null && (
        <>
          <Head entity={entity} faces={faces} view={view} />
          {kind === 'scene' && <FrameBar sceneId={id} model={model} onFound={setPointed} />}
          <SeenElsewhere naming={naming} />
          {view.persons.length > 0 && !faces.isWorking && (
            <AddAll
              view={{ ...view, persons: view.persons.filter((person) => held.awaitedOf(person) === null) }}
              isPending={decisions.pending.size > 0}
              onAdd={decisions.addAll}
              held={held}
            />
          )}
          <Persons
            key={view.observedAt}
            entity={entity}
            persons={view.persons}
            first={pointed.at === view.observedAt ? pointed.keys : []}
            unseen={view.unseen ?? []}
            naming={naming}
            decisions={decisions}
            packDecisions={packDecisions}
            held={held}
          />
        </>
      )}
    </div>
  );
}

function Persons({
  entity,
  persons,
  first,
  unseen,
  ...shared
}: Omit<PersonCardProps, 'person' | 'elsewhere' | 'unseen'> &
  Pick<FacesView, 'persons'> & {
    first: readonly number[];
    unseen: NonNullable<FacesView['unseen']>;
  }): React.ReactElement {
  const { shown, isOnly, line } = useHiddenHere(persons);
  return (
    <>
      {useOrder(shown, first).map((person) => (
        <PersonCard
          key={person.key}
          entity={entity}
          person={person}
          elsewhere={performersElsewhere(persons, person)}
          unseen={{ performers: unseen, isOnly }}
          {...shared}
        />
      ))}
      {line}
    </>
  );
}

type HeadProps = { readonly entity: EntityRef; readonly faces: Faces; readonly view: FacesView };

/** Result of the last identification, progress of a running one, and the button to start one. */
function Head({ entity, faces, view }: HeadProps): React.ReactElement {
  const { kind } = entity;
  const hasLooked = view.observedAt !== null;
  return (
    <>
      {view.lastFailure !== null && !faces.isWorking && (
        <Notice variant="danger">
          {say('faces.lastSearchFailed', {
            time: ago(view.lastFailure.at),
            problem: view.lastFailure.message,
            hasLooked: String(hasLooked),
          })}
        </Notice>
      )}
      {view.problem !== null && !faces.isWorking && <Notice variant="warning">{say(view.problem)}</Notice>}
      {view.isOutdated === true && !faces.isWorking && (
        <Outdated kind={kind} onStarted={() => void faces.model.reload()} />
      )}
      {view.state === 'excluded' ? (
        <p className="text-muted">
          {around(
            say('faces.isExcluded', { link: SLOT }),
            <Link to={`${PAGE}?tab=settings`}>{say('page.tab.settings')}</Link>,
          )}
        </p>
      ) : faces.isWorking ? (
        <WorkBar
          fraction={view.progress?.fraction ?? null}
          message={view.progress === null ? begunWords(view, kind) : say(view.progress.message)}
        />
      ) : (
        <div className={hasLooked ? 'stash-sense-head' : 'stash-sense-empty'}>
          <div className="text-muted">
            {hasLooked ? <Summary view={view} kind={kind} /> : <Invitation view={view} kind={kind} />}
          </div>
          <Button
            variant={hasLooked ? 'secondary' : 'primary'}
            {...(hasLooked ? { size: 'sm' as const } : {})}
            onClick={() => void faces.model.identify(hasLooked)}
          >
            <Icon icon={hasLooked ? faRotateRight : faMagnifyingGlass} />{' '}
            {hasLooked ? say('faces.searchAgain') : say('faces.identify')}
          </Button>
        </div>
      )}
    </>
  );
}

/** A scene may have to wait in Stash's queue; images and galleries are identified by the operation itself. */
function begunWords({ state }: FacesView, kind: EntityRef['kind']): string {
  return state === 'working' || kind !== 'scene'
    ? say('faces.isSearching', { kind })
    : say('faces.waitsToBegin');
}

/** Notice that a task must rematch, since the gallery is too large for an operation. */
function Outdated({
  kind,
  onStarted,
}: {
  kind: EntityRef['kind'];
  onStarted: () => void;
}): React.ReactElement {
  const { act } = useAct(onStarted);
  return (
    <Notice
      variant="info"
      action={{ label: say('people.update'), run: () => act(() => startTask('people')) }}
    >
      {say('faces.isOutdated', { kind })}
    </Notice>
  );
}

function Summary({ view, kind }: { view: FacesView; kind: EntityRef['kind'] }): React.ReactElement {
  const { persons, frameCount, observedAt } = view;
  const found = foundWords({ kind, frameCount, personCount: persons.length });
  return (
    <>{observedAt === null ? found : say('page.joinedByDot', { first: found, second: ago(observedAt) })}</>
  );
}

function foundWords({
  kind,
  frameCount,
  personCount,
}: {
  kind: EntityRef['kind'];
  frameCount: number;
  personCount: number;
}): string {
  if (frameCount === 0) return say('faces.hasNoPicture', { kind });
  if (kind === 'scene') return say('faces.personsInFrames', { personCount, frameCount });
  return say('faces.persons', { personCount });
}

/** Not rendered when a notice already shows the problem. */
function Invitation({ view, kind }: { view: FacesView; kind: EntityRef['kind'] }): React.ReactElement | null {
  if (view.problem !== null)
    return view.peopleCount === 0 ? (
      <p>
        <Link to={`${PAGE}?tab=people`}>{say('people.update')}</Link>
      </p>
    ) : null;
  if (view.lastFailure !== null) return null;
  if (view.peopleCount === 0)
    return (
      <p>
        {around(
          say('faces.nobodyYet', { link: SLOT }),
          <Link to={`${PAGE}?tab=people`}>{say('people.update')}</Link>,
        )}
      </p>
    );
  return (
    <p>
      {around(
        say('faces.notSearchedYet', { kind, link: SLOT }),
        <Link to={`${PAGE}?tab=people`}>{say('faces.countOfPerformers', { count: view.peopleCount })}</Link>,
      )}
    </p>
  );
}
