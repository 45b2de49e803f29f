import React, { useEffect, useLayoutEffect, useRef } from 'react';
import { enterEditForm, notePerformerField, type PerformerField } from '../stash/edit-form.ts';
import type { Patch } from '../stash/patch.tsx';

/** Draws nothing: it tells us which performers are chosen in Stash's form, and lets us choose one there. */
export const performerSelect: Patch<PerformerField> = {
  component: 'PerformerSelect',
  place: 'after',
  isSilent: true,
  draw: ({ values, onSelect }) => (values && onSelect ? <Field values={values} onSelect={onSelect} /> : null),
};

function Field({ values, onSelect }: PerformerField): React.ReactElement {
  const anchor = useRef<HTMLSpanElement>(null);
  // At once, so that two choices in a row do not both begin with the same values.
  useLayoutEffect(() => {
    if (anchor.current) notePerformerField(anchor.current, { values, onSelect });
  });
  useEffect(() => (anchor.current ? enterEditForm(anchor.current) : undefined), []);
  return <span ref={anchor} hidden />;
}
