/** The parts of a look-up of a performer in Stash that opens on a card. */
import React from 'react';
import { Form } from 'react-bootstrap';
import { say } from '../stash/intl.tsx';
import { Face } from './widgets/face.tsx';

type FieldProps = {
  readonly text: string;
  /** Characters that can be typed; absent: any number. */
  readonly maxLength?: number;
  readonly onChange: (text: string) => void;
  readonly onCancel: () => void;
};

/** Has the focus when it is drawn; Escape cancels. */
export function PerformerField({ text, maxLength, onChange, onCancel }: FieldProps): React.ReactElement {
  return (
    <Form.Control
      type="search"
      size="sm"
      className="text-input"
      autoFocus
      placeholder={say('people.lookUp')}
      aria-label={say('people.lookUp')}
      value={text}
      maxLength={maxLength}
      onChange={(event) => onChange(event.target.value)}
      onKeyDown={(event: React.KeyboardEvent) => {
        if (event.key === 'Escape') onCancel();
      }}
    />
  );
}

type LabelProps = {
  readonly name: string;
  readonly disambiguation: string | null | undefined;
  /** Address of the picture. */
  readonly picture: string | null;
};

/** Of one who can be chosen. */
export function PerformerLabel({ name, disambiguation, picture }: LabelProps): React.ReactElement {
  return (
    <>
      <Face url={picture} label="" size="small" /> {name}
      {disambiguation && <span className="text-muted"> ({disambiguation})</span>}
    </>
  );
}
