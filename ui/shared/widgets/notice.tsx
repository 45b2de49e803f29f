import { faCircleExclamation, faTriangleExclamation } from '@fortawesome/free-solid-svg-icons';
import React from 'react';
import { Alert } from 'react-bootstrap';
import { Icon } from '../../stash/icon.tsx';
import { WithCommands } from './with-commands.tsx';
import { MinorButton } from './minor-button.tsx';

type Props = {
  readonly variant: 'danger' | 'warning' | 'info';
  /** What can be done about it. */
  readonly action?: { readonly label: string; readonly run: () => void };
};

export function Notice({ variant, action, children }: React.PropsWithChildren<Props>): React.ReactElement {
  return (
    <Alert variant={variant} className="stash-sense-notice">
      <Icon icon={variant === 'danger' ? faTriangleExclamation : faCircleExclamation} />
      <span className="stash-sense-notice-text">
        {typeof children === 'string' ? <WithCommands text={children} /> : children}
      </span>
      {action && <MinorButton onClick={action.run}>{action.label}</MinorButton>}
    </Alert>
  );
}
