import React, { useState } from 'react';
import { Button, Card, Form } from 'react-bootstrap';
import type { InstalledPackView } from '../../core/contract/reference-packs.ts';
import type { RunView } from '../../core/contract/runs.ts';
import type { Status } from '../../core/contract/status.ts';
import { isUnderWay } from '../shared/widgets/run-state.tsx';
import { useAct } from '../shared/hooks/use-act.ts';
import { useAnswer } from '../shared/hooks/use-answer.ts';
import { useChange } from '../shared/hooks/use-change.ts';
import { Notice } from '../shared/widgets/notice.tsx';
import { Problem } from '../shared/widgets/problem.tsx';
import { ago, bytes } from '../shared/words.ts';
import { ask } from '../stash/operations.ts';
import { say } from '../stash/intl.tsx';
import { BuildPack, TASK } from './build.tsx';
import { Doubtful } from './doubtful.tsx';
import { ExportReferences } from './export.tsx';
import { Learnt } from './learnt.tsx';
import { FETCH_TASK, PublishedPacks } from './published.tsx';
import { MinorButton } from '../shared/widgets/minor-button.tsx';

type Props = {
  readonly status: Status | null;
  readonly isAwaited: boolean;
  readonly onStarted: () => void;
  /** Other packs, or other versions, are installed. */
  readonly onChanged: () => void;
};

/** Which reference packs there are, and how others come here. */
export function ReferencePacksSection({
  status,
  isAwaited,
  onStarted,
  onChanged,
}: Props): React.ReactElement {
  const { answer, problem, reload } = useAnswer('referencePacks.list', {});
  const underWay = (task: string): RunView | null =>
    status?.runs.find((one) => one.task === task && isUnderWay(one)) ?? null;
  const [run, fetching] = [underWay(TASK), underWay(FETCH_TASK)];
  const { isPending, act } = useAct(reload);
  const packs = answer?.packs ?? [];
  const installed = packs.map(({ id, version }) => `${id} ${version}`).join();
  // Also a run that begins and ends between two looks at the status.
  const runs = status?.runs.filter(({ task }) => task === TASK || task === FETCH_TASK);
  useChange(runs?.map(({ id, phase }) => `${id} ${phase}`).join() ?? null, reload);
  useChange(answer && installed, onChanged);
  const install = (place: string): void =>
    act(async () => {
      const { name, people } = await ask('referencePacks.install', { place });
      return say('referencePacks.wasInstalled', { name, count: people });
    });
  return (
    <Card as="section" className="stash-sense-section" aria-label={say('referencePacks.title')}>
      <div className="stash-sense-heading">
        <h5>{say('referencePacks.title')}</h5>
      </div>
      <p className="text-muted">{say('referencePacks.about')}</p>
      {problem !== null && <Problem message={problem} onRetry={reload} />}
      {answer !== null && packs.length === 0 && <p>{say('referencePacks.none')}</p>}
      <ul className="list-unstyled stash-sense-artifacts">
        {packs.map((pack) => (
          <PackRow
            key={pack.id}
            pack={pack}
            isPending={isPending}
            onGoBack={() =>
              act(async () => {
                const { name, version } = await ask('referencePacks.goBack', { id: pack.id });
                return say('referencePacks.wentBack', { name, version });
              })
            }
            onRemove={() =>
              act(async () => {
                await ask('referencePacks.remove', { id: pack.id });
                return say('referencePacks.wasRemoved', { name: pack.name ?? pack.id });
              })
            }
          />
        ))}
      </ul>
      {answer?.offered.map(({ place, name, people }) => (
        <p key={place}>
          {say('referencePacks.offered', { name, count: people })}{' '}
          <MinorButton
            disabled={isPending}
            aria-label={say('referencePacks.installNamed', { name })}
            onClick={() => install(place)}
          >
            {say('referencePacks.install')}
          </MinorButton>
        </p>
      ))}
      <PublishedPacks
        compared={`${run !== null || fetching !== null} ${installed}`}
        run={fetching}
        isAwaited={isAwaited}
        onStarted={onStarted}
      />
      <Doubtful key={String(run === null)} />
      <BuildPack run={run} isAwaited={isAwaited} onStarted={onStarted} />
      <ExportReferences />
      <Install isPending={isPending} onInstall={install} />
    </Card>
  );
}

function PackRow({
  pack,
  isPending,
  onGoBack,
  onRemove,
}: {
  pack: InstalledPackView;
  isPending: boolean;
  onGoBack: () => void;
  onRemove: () => void;
}): React.ReactElement {
  const [isAsking, setAsking] = useState(false);
  const [isOpen, setOpen] = useState(false);
  const name = pack.name ?? pack.id;
  return (
    <li>
      <div className="stash-sense-heading">
        <span>
          <strong>{name}</strong>
        </span>
        <span className="stash-sense-actions">
          <MinorButton
            aria-expanded={isOpen}
            aria-label={say('referencePacks.picturesOf', { name })}
            onClick={() => setOpen(!isOpen)}
          >
            {say('referencePacks.pictures')}
          </MinorButton>
          {pack.before !== null && (
            <MinorButton
              disabled={isPending}
              aria-label={say('referencePacks.goBackNamed', { name, version: pack.before.version })}
              onClick={onGoBack}
            >
              {say('referencePacks.goBack', { version: pack.before.version })}
            </MinorButton>
          )}
          {!isAsking && (
            <MinorButton
              disabled={isPending}
              aria-label={say('referencePacks.removeNamed', { name })}
              onClick={() => setAsking(true)}
            >
              {say('referencePacks.remove')}
            </MinorButton>
          )}
        </span>
      </div>
      <div className="stash-sense-pack-facts">
        <small className="text-muted">{factsOf(pack)}</small>
        {pack.licenseNote !== '' && <small>{pack.licenseNote}</small>}
      </div>
      {pack.problem !== null && <Notice variant="warning">{say(pack.problem)}</Notice>}
      {isOpen && <Learnt packId={pack.id} />}
      {isAsking && (
        <div className="stash-sense-held" role="group" aria-label={say('referencePacks.askRemove', { name })}>
          <div>{say('referencePacks.askRemove', { name })}</div>
          <div className="stash-sense-actions">
            <Button
              variant="danger"
              size="sm"
              disabled={isPending}
              autoFocus
              onClick={() => {
                setAsking(false);
                onRemove();
              }}
            >
              {say('referencePacks.remove')}
            </Button>
            <MinorButton onClick={() => setAsking(false)}>{say('page.cancel')}</MinorButton>
          </div>
        </div>
      )}
    </li>
  );
}

function factsOf(pack: InstalledPackView): string {
  const { people, sources, builtAt, facePack, embedders, bytes: size, version } = pack;
  return [
    say('referencePacks.people', { count: people }),
    ...(sources.length === 0 ? [] : [say('referencePacks.from', { sources: sources.join(', ') })]),
    ...(pack.isBuiltHere ? [] : [say('referencePacks.isOfOther')]),
    ...(builtAt === null ? [] : [say('referencePacks.built', { time: ago(Date.parse(builtAt)) })]),
    ...(version === null ? [] : [say('referencePacks.version', { version })]),
    ...(facePack === null ? [] : [say('referencePacks.facePack', { pack: facePack })]),
    // That of the face pack has its name.
    ...(embedders.length < 2 ? [] : [say('referencePacks.embedders', { embedders: embedders.join(' + ') })]),
    bytes(size),
  ].join(', ');
}

function Install({
  isPending,
  onInstall,
}: {
  isPending: boolean;
  onInstall: (place: string) => void;
}): React.ReactElement {
  const [place, setPlace] = useState('');
  return (
    <Form
      className="stash-sense-filter"
      onSubmit={(event) => {
        event.preventDefault();
        if (place.trim() !== '') onInstall(place.trim());
      }}
    >
      <Form.Control
        className="text-input stash-sense-filter-text"
        placeholder={say('referencePacks.place')}
        aria-label={say('referencePacks.place')}
        value={place}
        onChange={(event) => setPlace(event.target.value)}
      />
      <Button type="submit" variant="secondary" disabled={isPending || place.trim() === ''}>
        {say('referencePacks.install')}
      </Button>
    </Form>
  );
}
