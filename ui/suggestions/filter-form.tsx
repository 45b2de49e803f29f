import React, { useEffect, useState } from 'react';
import { Button, Form } from 'react-bootstrap';
import { wholePercent } from '../shared/words.ts';
import type { Filter } from './filter.ts';
import { say } from '../stash/intl.tsx';

type Props = { readonly filter: Filter; readonly onChange: (change: Partial<Filter>) => void };

/** Each question starts a Node process: text is asked for when typing has paused. */
const TYPING_PAUSE_MS = 500;

export function FilterForm({ filter, onChange }: Props): React.ReactElement {
  /** Typed and not yet asked for. */
  const [draft, setDraft] = useState<string | null>(null);

  useEffect(() => {
    if (draft === null || draft === filter.text) return undefined;
    const timer = setTimeout(() => {
      onChange({ text: draft });
      setDraft(null);
    }, TYPING_PAUSE_MS);
    return () => clearTimeout(timer);
  }, [draft, filter.text, onChange]);

  return (
    <Form
      className="stash-sense-filter"
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        onChange({ text: draft ?? filter.text });
        setDraft(null);
      }}
    >
      <Form.Control
        type="search"
        className="text-input stash-sense-filter-text"
        placeholder={say('suggestions.performerOrTitle')}
        aria-label={say('suggestions.performerOrTitle')}
        value={draft ?? filter.text}
        onChange={(event) => setDraft(event.target.value)}
      />
      <Choice
        label={say('suggestions.state')}
        value={filter.state}
        options={{
          open: say('suggestions.toDecide'),
          removed: say('suggestions.takenOff'),
          accepted: say('suggestions.accepted'),
          rejected: say('suggestions.refused'),
        }}
        onChoose={(state) => onChange({ state })}
      />
      <Choice
        label={say('suggestions.kind')}
        value={filter.kind ?? 'any'}
        options={{
          any: say('suggestions.everything'),
          scene: say('suggestions.scenes'),
          image: say('suggestions.images'),
          gallery: say('suggestions.galleries'),
          performer: say('suggestions.stashIds'),
        }}
        onChoose={(kind) => onChange({ kind: kind === 'any' ? null : kind })}
      />
      <Choice
        label={say('suggestions.who')}
        value={filter.ofPacks ? 'packs' : 'anybody'}
        options={{ anybody: say('suggestions.anybody'), packs: say('suggestions.ofPacks') }}
        onChoose={(who) => onChange({ ofPacks: who === 'packs' })}
      />
      <Choice
        label={say('suggestions.lowestConfidence')}
        value={String(filter.min)}
        options={confidences(filter.min)}
        onChoose={(min) => onChange({ min: Number(min) })}
      />
      <Choice
        label={say('suggestions.order')}
        value={filter.order}
        options={{ confidence: say('suggestions.surestFirst'), newest: say('suggestions.newestFirst') }}
        onChoose={(order) => onChange({ order })}
      />
      {filter.performerId !== null && (
        <Button variant="secondary" onClick={() => onChange({ performerId: null })}>
          {say('suggestions.onePerformerOnly')}
        </Button>
      )}
    </Form>
  );
}

function confidences(current: number): Record<string, string> {
  const offered = [...new Set([0, 50, 75, 90, 95, 98, current])].sort((a, b) => a - b);
  return Object.fromEntries(
    offered.map((least) => [
      String(least),
      least === 0
        ? say('suggestions.anyConfidence')
        : say('suggestions.atLeast', { confidence: wholePercent(least) }),
    ]),
  );
}

function Choice<Value extends string>({
  label,
  value,
  options,
  onChoose,
}: {
  label: string;
  value: Value;
  options: Readonly<Record<Value, string>>;
  onChoose: (value: Value) => void;
}): React.ReactElement {
  return (
    <Form.Control
      as="select"
      className="input-control stash-sense-choice"
      aria-label={label}
      value={value}
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
