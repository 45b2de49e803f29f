import React from 'react';
import { Button, type ButtonProps } from 'react-bootstrap';

type Props = React.PropsWithChildren<ButtonProps & { className?: string }>;

/** A small grey button: one of the things that can be done, and not what the place is for. */
export function MinorButton(props: Props): React.ReactElement {
  return <Button variant="secondary" size="sm" {...props} />;
}
