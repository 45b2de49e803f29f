import { faRotateLeft, faTimes } from '@fortawesome/free-solid-svg-icons';
import React from 'react';
import { Icon } from '../../stash/icon.tsx';
import { say } from '../../stash/intl.tsx';
import { MinorButton } from './minor-button.tsx';

type Props = {
  readonly name: string;
  readonly isPending: boolean;
  readonly tabIndex?: number;
  readonly onClick: () => void;
};

/** "No" to somebody who was recognised: a cross, or with its words. */
export function NotThisPerson({
  name,
  isPending,
  tabIndex,
  onClick,
  withWords = false,
}: Props & { readonly withWords?: boolean }): React.ReactElement {
  return (
    <MinorButton
      disabled={isPending}
      title={withWords ? undefined : say('faces.notThisPerson')}
      aria-label={say('faces.notThisPersonNamed', { name })}
      tabIndex={tabIndex}
      onClick={onClick}
    >
      <Icon icon={faTimes} />
      {withWords && <> {say('faces.notThisPerson')}</>}
    </MinorButton>
  );
}

/** Takes back what `named` says for screen readers, such as a "no". */
export function UndoDecision({
  named,
  isPending,
  onClick,
}: Omit<Props, 'name'> & { readonly named: string }): React.ReactElement {
  return (
    <MinorButton disabled={isPending} aria-label={named} onClick={onClick}>
      <Icon icon={faRotateLeft} /> {say('page.undo')}
    </MinorButton>
  );
}
