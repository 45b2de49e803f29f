import { faCheck } from '@fortawesome/free-solid-svg-icons';
import React, { useState } from 'react';
import { Button, Form } from 'react-bootstrap';
import type { FacesView } from '../../core/contract/faces.ts';
import { thresholdFrom, rememberedThreshold, rememberThreshold } from '../shared/confidence-threshold.ts';
import { Icon } from '../stash/icon.tsx';
import { HeldChoice } from './held.tsx';
import { suggestionsAbove } from './person-state.ts';
import type { Held } from './use-held.ts';
import { say } from '../stash/intl.tsx';

type Props = {
  readonly view: FacesView;
  readonly isPending: boolean;
  readonly onAdd: (suggestionIds: readonly string[]) => void;
  readonly held: Held;
};

/** Accepts all suggestions from a confidence threshold, which is remembered. Not rendered when there is nothing to decide. */
export function AddAll({ view, isPending, onAdd, held }: Props): React.ReactElement | null {
  const [text, setText] = useState(() => String(rememberedThreshold()));
  const threshold = thresholdFrom(text);
  if (suggestionsAbove(view, 0).length < 2) return null;
  const ids = suggestionsAbove(view, threshold / 100);
  if (held.askedAt('all') !== null) return <HeldChoice held={held} place="all" />;
  return (
    <Form
      className="stash-sense-add-all"
      onSubmit={(event) => {
        event.preventDefault();
        rememberThreshold(threshold);
        setText(String(threshold));
        if (ids.length > 0) onAdd(ids);
      }}
    >
      <Button type="submit" variant="primary" size="sm" disabled={isPending || ids.length === 0}>
        <Icon icon={faCheck} /> {say('faces.addAllAbove', { count: ids.length })}
      </Button>
      <Form.Control
        type="number"
        size="sm"
        min={1}
        max={99}
        className="text-input stash-sense-percent"
        aria-label={say('faces.lowestConfidence')}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onBlur={() => setText(String(threshold))}
      />
      <span aria-hidden="true">%</span>
    </Form>
  );
}
