import { faTimes, faUserCheck, faMagnifyingGlass } from '@fortawesome/free-solid-svg-icons';
import React, { useState } from 'react';
import type { FacesView, PersonView } from '../../../core/contract/faces.ts';
import type { NameTakenView } from '../../../core/contract/suggestions.ts';
import { useLookUp } from '../../shared/hooks/use-look-up.ts';
import { NameTaken } from '../../shared/pack-people/name-taken.tsx';
import { PerformerField, PerformerLabel } from '../../shared/performer-look-up.tsx';
import { UndoDecision } from '../../shared/widgets/decision-buttons.tsx';
import { Face } from '../../shared/widgets/face.tsx';
import { MinorButton } from '../../shared/widgets/minor-button.tsx';
import { Icon } from '../../stash/icon.tsx';
import { say } from '../../stash/intl.tsx';
import { findPerformers } from '../../stash/library.ts';
import type { Naming, Who } from './use-naming.ts';

type Props = {
  readonly person: PersonView;
  readonly naming: Naming;
  /** Performers of the entity whose face was not seen. */
  readonly unseen: NonNullable<FacesView['unseen']>;
};

/** "Who is it?": one of the performers of Stash, found by name, or a new one; or nobody of interest, and the way back. */
export function WhoIsIt(props: Props): React.ReactElement {
  const [isOpen, setOpen] = useState(false);
  if (isOpen) return <ChooseWho {...props} onClose={() => setOpen(false)} />;
  return (
    <div className="stash-sense-actions">
      <MinorButton onClick={() => setOpen(true)}>
        <Icon icon={faMagnifyingGlass} /> {say('naming.whoIsIt')}
      </MinorButton>
      <Nobody {...props} />
    </div>
  );
}

function Nobody({ person, naming }: Props): React.ReactElement | null {
  const { decision, hiddenId } = person;
  const isPending = naming.pending.has(person.key);
  if (hiddenId !== undefined)
    return (
      <UndoDecision
        named={say('naming.undoNobody')}
        isPending={isPending}
        onClick={() => naming.unhide(person, hiddenId)}
      />
    );
  if (decision === 'match') return null;
  return (
    <MinorButton disabled={isPending} title={say('naming.nobodyHint')} onClick={() => naming.hide(person)}>
      <Icon icon={faTimes} /> {say('naming.nobody')}
    </MinorButton>
  );
}

type Shown = {
  readonly id: string;
  readonly name: string;
  readonly disambiguation?: string | null;
  readonly aliases?: readonly string[];
  readonly picture: string | null;
};

function ChooseWho({ person, naming, unseen, onClose }: Props & { onClose: () => void }): React.ReactElement {
  const [text, setText] = useState('');
  const [taken, setTaken] = useState<NameTakenView | null>(null);
  const typed = text.trim();
  const { found, problem } = useLookUp(typed, findPerformers);
  const isPending = naming.pending.has(person.key);
  const choose = (who: Who, name: string, hasNoPicture: boolean): void =>
    void naming.name(person, who, { name, hasNoPicture }).then(setTaken);
  const shown: readonly Shown[] =
    typed === ''
      ? unseen.map(({ performerId, name, picture }) => ({ id: performerId, name, picture }))
      : (found ?? []).map((one) => ({
          id: one.id,
          name: one.name,
          disambiguation: one.disambiguation,
          aliases: one.alias_list,
          picture: one.image_path,
        }));
  if (taken !== null)
    return (
      <>
        <NameTaken
          taken={taken}
          isPending={isPending}
          isOfBox={false}
          onChoose={({ choices: { performerId, disambiguation }, name }) => {
            if (performerId !== undefined) choose({ performerId }, name, false);
            else choose({ name: taken.name, disambiguation: disambiguation ?? '' }, name, false);
          }}
        />
        <MinorButton onClick={() => setTaken(null)}>{say('page.cancel')}</MinorButton>
      </>
    );
  return (
    <div className="stash-sense-choose" role="group" aria-label={say('naming.whoIsIt')}>
      <PerformerField text={text} maxLength={200} onChange={setText} onCancel={onClose} />
      {problem !== null && <p className="text-danger">{problem}</p>}
      {typed === '' && shown.length > 0 && <div className="text-muted">{say('naming.unseen')}</div>}
      {found?.length === 0 && <p className="text-muted">{say('people.noPerformerOfName')}</p>}
      {shown.length > 0 && (
        <ul className="list-unstyled">
          {shown.map(({ id, name, disambiguation, aliases = [], picture }) => (
            <li key={id}>
              <MinorButton
                disabled={isPending}
                onClick={() => choose({ performerId: id }, name, hasNone(picture))}
              >
                <PerformerLabel name={name} disambiguation={disambiguation} picture={picture} />
                {aliases.length > 0 && (
                  <span className="text-muted">
                    {' '}
                    {say('naming.alsoCalled', { names: aliases.join(', ') })}
                  </span>
                )}
              </MinorButton>
            </li>
          ))}
        </ul>
      )}
      <div className="stash-sense-actions">
        {typed !== '' && (
          <MinorButton disabled={isPending} onClick={() => choose({ name: typed }, typed, false)}>
            <Icon icon={faUserCheck} /> {say('naming.createNamed', { name: typed })}
          </MinorButton>
        )}
        <MinorButton onClick={onClose}>{say('page.cancel')}</MinorButton>
      </div>
    </div>
  );
}

/** Stash answers an address for everybody, and says in it that it shows its own stand-in. */
function hasNone(picture: string | null): boolean {
  return picture === null || /[?&]default=true/.test(picture);
}

/** Somebody is on the entity, and exactly one face is nobody's: asked, and never assumed. */
export function IsItThem({ person, naming, unseen }: Props): React.ReactElement | null {
  const [only, ...others] = unseen;
  if (only === undefined || others.length > 0) return null;
  const { performerId, name, picture } = only;
  const isPending = naming.pending.has(person.key);
  return (
    <div className="stash-sense-choose" role="group" aria-label={say('naming.isIt', { name })}>
      <div>
        <Face url={picture} label="" size="small" /> {say('naming.isIt', { name })}
      </div>
      <div className="stash-sense-actions">
        <MinorButton
          variant="primary"
          disabled={isPending}
          aria-label={say('packPeople.isThemNamed', { name })}
          onClick={() => void naming.name(person, { performerId }, { name, hasNoPicture: hasNone(picture) })}
        >
          {say('naming.yes')}
        </MinorButton>
        <MinorButton
          disabled={isPending}
          aria-label={say('faces.notThisPersonNamed', { name })}
          onClick={() => naming.deny(person, only)}
        >
          {say('faces.notThisPerson')}
        </MinorButton>
      </div>
    </div>
  );
}
