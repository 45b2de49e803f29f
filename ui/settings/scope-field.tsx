import React from 'react';
import { Form } from 'react-bootstrap';
import { writeScanScope } from '../../core/scan-scope.ts';
import { Choice, FieldName } from '../shared/fields.tsx';
import { say } from '../stash/intl.tsx';
import { scopeOf } from './scope.ts';

type Props = {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
};

/** Which scenes are scanned: one of four, of which two need a name. */
export function ScopeField({ label, value, onChange }: Props): React.ReactElement {
  const { which, name } = scopeOf(value);
  return (
    <div className="stash-sense-setting">
      <FieldName label={label} help="" />
      <div>
        <Choice
          label={label}
          value={which}
          options={{
            all: say('settings.scope.all'),
            withoutPerformers: say('settings.scope.withoutPerformers'),
            studio: say('settings.scope.studio'),
            filter: say('settings.scope.filter'),
          }}
          onChoose={(chosen) => onChange(writeScanScope({ which: chosen, name }))}
        />
        {(which === 'studio' || which === 'filter') && (
          <Form.Control
            type="text"
            className="text-input"
            aria-label={say('settings.scope.name')}
            placeholder={say('settings.scope.name')}
            value={name}
            onChange={(event) => onChange(writeScanScope({ which, name: event.target.value }))}
          />
        )}
      </div>
    </div>
  );
}
