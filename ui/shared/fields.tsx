/** The fields that several forms have. */
import React from 'react';
import { Form } from 'react-bootstrap';

export function Choice<Value extends string>({
  label,
  value,
  options,
  isDisabled = false,
  onChoose,
}: {
  label: string;
  value: Value;
  options: Readonly<Record<Value, string>>;
  isDisabled?: boolean;
  onChoose: (value: Value) => void;
}): React.ReactElement {
  return (
    <Form.Control
      as="select"
      className="input-control stash-sense-choice"
      aria-label={label}
      value={value}
      disabled={isDisabled}
      onChange={(event) => onChoose(event.target.value as Value)}
    >
      {Object.entries<string>(options).map(([name, words]) => (
        <option key={name} value={name}>
          {words}
        </option>
      ))}
    </Form.Control>
  );
}

export function Switch({
  label,
  help,
  isOn,
  isDisabled = false,
  onChange,
}: {
  readonly label: string;
  /** Below the label; empty: nothing. */
  readonly help: string;
  readonly isOn: boolean;
  readonly isDisabled?: boolean;
  readonly onChange: (isOn: boolean) => void;
}): React.ReactElement {
  return (
    <label className="stash-sense-setting">
      <FieldName label={label} help={help} />
      <input
        type="checkbox"
        checked={isOn}
        disabled={isDisabled}
        onChange={(event) => onChange(event.target.checked)}
      />
    </label>
  );
}

/** The label of a setting, and below it what it does. */
export function FieldName({
  label,
  help,
}: {
  readonly label: string;
  readonly help: string;
}): React.ReactElement {
  return (
    <span>
      {label}
      {help !== '' && <small className="text-muted">{help}</small>}
    </span>
  );
}
