import React from 'react';
import { patchable } from './plugin-api.tsx';

export type Performer = { readonly id: string; readonly name: string };

type Props = {
  readonly isMulti?: boolean;
  readonly values?: readonly Performer[];
  readonly onSelect?: (chosen: readonly Performer[]) => void;
};

/** Stash's field of performers (PerformerSelect.tsx), with the class names of react-select. What is chosen can be taken out. */
export const PerformerSelect = patchable<Props>('PerformerSelect', ({ values = [], onSelect }) => (
  <div className="performer-select">
    {values.map(({ id, name }) => (
      <span key={id} className="react-select__multi-value">
        <span className="react-select__multi-value__label">{name}</span>
        <button
          type="button"
          className="react-select__multi-value__remove"
          aria-label={`Remove ${name}`}
          onClick={() => onSelect?.(values.filter((chosen) => chosen.id !== id))}
        >
          ×
        </button>
      </span>
    ))}
  </div>
));
