import { faDownload, faStop } from '@fortawesome/free-solid-svg-icons';
import React, { useState } from 'react';
import { Badge, Button } from 'react-bootstrap';
import { Link } from 'react-router-dom';
import type { RunView } from '../../core/contract/runs.ts';
import type { AccelerationView } from '../../core/contract/setup.ts';
import { doing } from '../shared/widgets/run-state.tsx';
import { ago, bytes } from '../shared/words.ts';
import { WorkBar } from '../shared/widgets/work-bar.tsx';
import { Icon } from '../stash/icon.tsx';
import { PAGE } from '../stash/navigation.ts';
import { FETCH_SECTION } from './check-fixes.ts';
import { Section } from './section.tsx';
import { say, SLOT, around } from '../stash/intl.tsx';

type ArtifactView = AccelerationView['artifacts'][number];
type Props = {
  readonly acceleration: AccelerationView;
  /** "Set up", while it waits or works. */
  readonly run: RunView | null;
  readonly isPending: boolean;
  readonly onConsent: (artifacts: readonly string[]) => void;
  readonly onStop: () => void;
};

/** Programs whose purpose is said more exactly than by their kind. */
const DESCRIBED = ['onnxruntime-node', 'sharp', 'usearch'] as const;

/** What could be had, how large it is and what it is good for. Nothing comes before it was chosen here. */
export function FetchSection({ acceleration, run, isPending, onConsent, onStop }: Props): React.ReactElement {
  const { channel, artifacts, consent } = acceleration;
  const missing = artifacts.filter((artifact) => !artifact.installed);
  const [chosen, setChosen] = useState<ReadonlySet<string> | null>(null);
  const ticked = chosen ?? usualChoice(artifacts, consent);
  const wanted = missing.filter((artifact) => ticked.has(artifact.id));
  const size = wanted.reduce((sum, artifact) => sum + artifact.sizeBytes, 0);

  const toggle = (id: string): void => {
    const next = new Set(ticked);
    if (!next.delete(id)) next.add(id);
    setChosen(next);
  };
  const agree = (): void =>
    onConsent([
      ...wanted.map(({ id }) => id),
      ...artifacts
        .filter((artifact) => artifact.installed && consent?.artifacts.includes(artifact.id) === true)
        .map(({ id }) => id),
    ]);

  return (
    <Section id={FETCH_SECTION} title={say('setup.fasterTitle')}>
      {artifacts.length === 0 ? (
        <p className="text-muted">{say('setup.nothingToFetch')}</p>
      ) : (
        <>
          <FetchedFrom channel={channel} />
          <ul className="list-unstyled stash-sense-artifacts">
            {artifacts.map((artifact) => (
              <ArtifactRow
                key={artifact.id}
                artifact={artifact}
                isTicked={ticked.has(artifact.id)}
                isAgreed={consent?.artifacts.includes(artifact.id) === true}
                isDisabled={run !== null || channel === null}
                onToggle={() => toggle(artifact.id)}
              />
            ))}
          </ul>
        </>
      )}
      {run !== null && <SettingUp run={run} isPending={isPending} onStop={onStop} />}
      {run === null && artifacts.length > 0 && (
        <div className="stash-sense-actions">
          {missing.length > 0 && (
            <Button
              variant="primary"
              disabled={isPending || wanted.length === 0 || channel === null}
              onClick={agree}
            >
              <Icon icon={faDownload} />{' '}
              {wanted.length === 0 ? say('setup.fetch') : say('setup.fetchSize', { size: bytes(size) })}
            </Button>
          )}
          {consent !== null && consent.artifacts.length > 0 && (
            <>
              <Button variant="secondary" disabled={isPending} onClick={() => onConsent([])}>
                {say('setup.withdrawConsent')}
              </Button>
              <span className="text-muted">
                {say('setup.agreed', { count: consent.artifacts.length, time: ago(consent.at) })}
              </span>
            </>
          )}
        </div>
      )}
    </Section>
  );
}

function FetchedFrom({ channel }: { channel: string | null }): React.ReactElement {
  if (channel === null)
    return (
      <p className="text-warning">
        {around(
          say('setup.noChannel', { link: SLOT }),
          <Link to={`${PAGE}?tab=settings`}>{say('setup.channelSetting')}</Link>,
        )}
      </p>
    );
  return (
    <p className="text-muted">
      {around(say('setup.whereFrom', { channel: SLOT }), <strong>{channel}</strong>)}
    </p>
  );
}

function ArtifactRow({
  artifact,
  isTicked,
  isAgreed,
  isDisabled,
  onToggle,
}: {
  artifact: ArtifactView;
  isTicked: boolean;
  isAgreed: boolean;
  isDisabled: boolean;
  onToggle: () => void;
}): React.ReactElement {
  const { kind, provides, version, sizeBytes, licence, installed, gain } = artifact;
  return (
    <li>
      <label className="stash-sense-option">
        <input
          type="checkbox"
          checked={installed || isTicked}
          disabled={installed || isDisabled}
          onChange={onToggle}
        />
        <span className="stash-sense-option-text">
          <span>
            <strong>
              {kind === 'cuda'
                ? say('setup.cudaPart', { name: provides, version })
                : say('setup.part', { name: provides, version })}
            </strong>{' '}
            {installed ? (
              <Badge variant="success">{say('setup.fetched')}</Badge>
            ) : (
              isAgreed && <Badge variant="secondary">{say('setup.agreedNotHere')}</Badge>
            )}
          </span>
          <small className="text-muted">
            {say('setup.partFacts', { purpose: purposeOf(artifact), size: bytes(sizeBytes), licence })}
          </small>
          {gain !== null && <small>{say(gain)}</small>}
        </span>
      </label>
    </li>
  );
}

function purposeOf({ kind, provides }: ArtifactView): string {
  const described = kind === 'runtime' ? DESCRIBED.find((name) => name === provides) : undefined;
  return described === undefined ? say(`setup.kind.${kind}`) : say(`setup.purpose.${described}`);
}

function SettingUp({
  run,
  isPending,
  onStop,
}: {
  run: RunView;
  isPending: boolean;
  onStop: () => void;
}): React.ReactElement {
  const { done, total, phase } = run;
  return (
    <>
      <WorkBar fraction={total > 1 ? done / total : null} message={doing(run) || say('setup.isSettingUp')} />
      <div className="stash-sense-actions">
        <Button variant="danger" size="sm" disabled={isPending || phase === 'stopping'} onClick={onStop}>
          <Icon icon={faStop} /> {say('page.stop')}
        </Button>
      </div>
    </>
  );
}

/** What was agreed to, if it is still what this version has; else everything but what only some graphics cards, or a pack nobody has chosen, can use. */
function usualChoice(
  artifacts: readonly ArtifactView[],
  consent: AccelerationView['consent'],
): ReadonlySet<string> {
  const missing = artifacts.filter((artifact) => !artifact.installed);
  const agreed = artifacts.map(({ id }) => id).filter((id) => consent?.artifacts.includes(id) === true);
  return new Set(
    missing
      .filter(({ id, kind, isOptional = false }) =>
        agreed.length > 0 ? agreed.includes(id) : kind !== 'cuda' && kind !== 'node' && !isOptional,
      )
      .map(({ id }) => id),
  );
}
