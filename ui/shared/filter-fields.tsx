/** The parts of the filter above a list. */
import React, { useEffect, useState } from 'react';
import { Form } from 'react-bootstrap';
import { say } from '../stash/intl.tsx';
import { wholePercent } from './words.ts';

/** Each question starts a Node process: text is asked for when typing has paused. */
const TYPING_PAUSE_MS = 500;

type FilterProps = React.PropsWithChildren<{
  /** Of the field for text. */
  readonly label: string;
  readonly text: string;
  readonly onText: (text: string) => void;
}>;

/** A field for text with the other parts behind it. */
export function FilterFields({ label, text, onText, children }: FilterProps): React.ReactElement {
  /** Typed and not yet asked for. */
  const [draft, setDraft] = useState<string | null>(null);

  useEffect(() => {
    if (draft === null || draft === text) return undefined;
    const timer = setTimeout(() => {
      onText(draft);
      setDraft(null);
    }, TYPING_PAUSE_MS);
    return () => clearTimeout(timer);
  }, [draft, text, onText]);

  return (
    <Form
      className="stash-sense-filter"
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        onText(draft ?? text);
        setDraft(null);
      }}
    >
      <Form.Control
        type="search"
        className="text-input stash-sense-filter-text"
        placeholder={label}
        aria-label={label}
        value={draft ?? text}
        onChange={(event) => setDraft(event.target.value)}
      />
      {children}
    </Form>
  );
}

/** By percent what the lowest confidence can be. @param current percent; offered too */
export function confidences(current: number): Record<string, string> {
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
