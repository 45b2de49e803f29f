import React from 'react';
import { Badge, Button } from 'react-bootstrap';
import type { PackView } from '../../core/contract/packs.ts';
import { bytes } from '../shared/words.ts';
import { say } from '../stash/intl.tsx';
import { Section } from './section.tsx';

type Props = {
  readonly packs: readonly PackView[];
  readonly isPending: boolean;
  readonly onChoose: (pack: string) => void;
};

/** By which models faces are recognised, and the change to others. */
export function PacksSection({ packs, isPending, onChoose }: Props): React.ReactElement {
  const isChanging = packs.some(({ state }) => state === 'wanted');
  return (
    <Section title={say('packs.title')}>
      <ul className="list-unstyled stash-sense-artifacts">
        {packs.map((pack) => (
          <PackRow
            key={pack.id}
            pack={pack}
            isDisabled={isPending || (pack.problem !== null && pack.state !== 'used')}
            // Whoever chooses the one in use meanwhile keeps it.
            isTicked={pack.state === (isChanging ? 'wanted' : 'used')}
            onChoose={() => onChoose(pack.id)}
          />
        ))}
      </ul>
      {isChanging && (
        <div className="stash-sense-actions">
          {packs
            .filter(({ state }) => state === 'used')
            .map(({ id }) => (
              <Button key={id} variant="secondary" disabled={isPending} onClick={() => onChoose(id)}>
                {say('packs.keep', { pack: id })}
              </Button>
            ))}
        </div>
      )}
    </Section>
  );
}

function PackRow({
  pack: { id, license, about, addedBytes, problem, state, left },
  isTicked,
  isDisabled,
  onChoose,
}: {
  pack: PackView;
  isTicked: boolean;
  isDisabled: boolean;
  onChoose: () => void;
}): React.ReactElement {
  return (
    <li>
      <label className="stash-sense-option">
        <input
          type="radio"
          name="stash-sense-pack"
          checked={isTicked}
          disabled={isDisabled}
          onChange={onChoose}
        />
        <span className="stash-sense-option-text">
          <span>
            <strong>{id}</strong>{' '}
            {state === 'used' && <Badge variant="success">{say('packs.isInUse')}</Badge>}
            {state === 'wanted' && (
              <Badge variant="secondary">{say('packs.isPrepared', { count: left })}</Badge>
            )}
          </span>
          <small className="text-muted">
            {addedBytes === 0
              ? say('packs.licence', { licence: license })
              : say('packs.facts', { size: bytes(addedBytes), licence: license })}
          </small>
          {about !== null && <small>{say(about)}</small>}
          {problem !== null && <small className="text-warning">{say(problem)}</small>}
        </span>
      </label>
    </li>
  );
}
