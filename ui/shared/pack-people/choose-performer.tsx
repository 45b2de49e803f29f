import { faUserCheck } from '@fortawesome/free-solid-svg-icons';
import React, { useState } from 'react';
import type { PackPersonChoices } from '../../../core/suggestions/kinds/pack-person-seen.ts';
import { Icon } from '../../stash/icon.tsx';
import { say } from '../../stash/intl.tsx';
import { findPerformers, type FoundPerformer } from '../../stash/library.ts';
import { useLookUp } from '../hooks/use-look-up.ts';
import { PerformerField, PerformerLabel } from '../performer-look-up.tsx';
import { StashIdTick } from './stash-id-tick.tsx';
import { MinorButton } from '../widgets/minor-button.tsx';

/** What was said of somebody of a pack, and under which name they were added. */
export type PackAnswer = {
  readonly choices: Omit<PackPersonChoices, 'personId'>;
  readonly performerId: string | null;
  readonly name: string;
};

type Props = {
  readonly name: string;
  readonly isPending: boolean;
  readonly tabIndex?: number;
  readonly onChoose: (answer: PackAnswer) => void;
};

/** "Add as…": the performer of the user who it is, found by name, who can get the stash ID. */
export function AddAs({ name, isPending, tabIndex = 0, onChoose }: Props): React.ReactElement {
  const [isOpen, setOpen] = useState(false);
  if (!isOpen)
    return (
      <MinorButton
        disabled={isPending}
        aria-label={say('packPeople.addAsNamed', { name })}
        tabIndex={tabIndex}
        onClick={() => setOpen(true)}
      >
        <Icon icon={faUserCheck} /> {say('packPeople.addAs')}
      </MinorButton>
    );
  return (
    <ChoosePerformer name={name} isPending={isPending} onChoose={onChoose} onCancel={() => setOpen(false)} />
  );
}

function ChoosePerformer({
  name,
  isPending,
  onChoose,
  onCancel,
}: Omit<Props, 'tabIndex'> & { onCancel: () => void }): React.ReactElement {
  const [text, setText] = useState('');
  const [addStashId, setAddStashId] = useState(true);
  const { found, problem } = useLookUp(text.trim(), findPerformers);
  const choose = ({ id, name: chosen }: FoundPerformer): void =>
    onChoose({ choices: { performerId: id, addStashId }, performerId: id, name: chosen });
  return (
    <div className="stash-sense-choose" role="group" aria-label={say('packPeople.addAsNamed', { name })}>
      <PerformerField text={text} onChange={setText} onCancel={onCancel} />
      {problem !== null && <p className="text-danger">{problem}</p>}
      {found?.length === 0 && <p className="text-muted">{say('people.noPerformerOfName')}</p>}
      {found !== null && found.length > 0 && (
        <ul className="list-unstyled">
          {found.map((performer) => (
            <li key={performer.id}>
              <MinorButton disabled={isPending} onClick={() => choose(performer)}>
                <PerformerLabel
                  name={performer.name}
                  disambiguation={performer.disambiguation}
                  picture={performer.image_path}
                />
              </MinorButton>
            </li>
          ))}
        </ul>
      )}
      <StashIdTick isTicked={addStashId} onChange={setAddStashId} />
      <MinorButton onClick={onCancel}>{say('page.cancel')}</MinorButton>
    </div>
  );
}
