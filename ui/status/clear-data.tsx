import React, { useState } from 'react';
import { Button, Form, Modal, Spinner } from 'react-bootstrap';
import type { DataKind } from '../../core/contract/data.ts';
import { messageOf } from '../../core/message-of.ts';
import { bytes } from '../shared/words.ts';
import { ask } from '../stash/operations.ts';
import { useToast } from '../stash/toast.tsx';
import { dataName, type DataInfo } from './data-names.ts';
import { say } from '../stash/intl.tsx';

type Props = { readonly info: DataInfo; readonly onClose: (hasErased: boolean, message?: string) => void };

/** Erases only kinds that were ticked, after the confirmation word was typed. */
export function ClearData({ info, onClose }: Props): React.ReactElement {
  const [ticked, setTicked] = useState<ReadonlySet<DataKind>>(
    () => new Set<DataKind>(['faces', 'people', 'decisions']),
  );
  const [word, setWord] = useState('');
  const [isClearing, setClearing] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const toast = useToast();
  const wanted = info.kept.filter(({ what }) => ticked.has(what));
  const confirmation = say('data.confirmationWord');
  const isMeant = word.trim().toLowerCase() === confirmation && wanted.length > 0;

  const toggle = (what: DataKind): void => {
    const next = new Set(ticked);
    if (!next.delete(what)) next.add(what);
    setTicked(next);
  };

  async function clear(): Promise<void> {
    setClearing(true);
    setProblem(null);
    try {
      const { message } = await ask('data.clear', { what: wanted.map(({ what }) => what) });
      toast.done(say(message));
      onClose(true, say(message));
    } catch (error) {
      setProblem(messageOf(error));
      setClearing(false);
    }
  }

  return (
    <Modal
      show
      onHide={() => isClearing || onClose(false)}
      aria-label={say('data.clearTitle')}
      className="stash-sense"
    >
      <Form
        onSubmit={(event) => {
          event.preventDefault();
          if (isMeant && !isClearing) void clear();
        }}
      >
        <Modal.Header>{say('data.clearTitle')}</Modal.Header>
        <Modal.Body>
          <p>{say('data.whatIsErased')}</p>
          {info.kept.map(({ what, bytes: size }) => (
            <label key={what} className="stash-sense-option">
              <input
                type="checkbox"
                checked={ticked.has(what)}
                disabled={isClearing}
                onChange={() => toggle(what)}
              />
              <span className="stash-sense-option-text">
                <span>
                  {dataName(what)} <span className="text-muted">({bytes(size)})</span>
                </span>
                <small className={what === 'journal' && ticked.has(what) ? 'text-warning' : 'text-muted'}>
                  {say(`data.consequence.${what}`)}
                </small>
              </span>
            </label>
          ))}
          <Form.Label className="stash-sense-field">
            {say('data.writeToConfirm', { word: confirmation })}
            <Form.Control
              className="text-input stash-sense-word"
              value={word}
              autoComplete="off"
              spellCheck={false}
              disabled={isClearing}
              onChange={(event) => setWord(event.target.value)}
            />
          </Form.Label>
          {problem !== null && (
            <p role="alert" className="text-danger">
              {problem}
            </p>
          )}
        </Modal.Body>
        <Modal.Footer>
          <Button variant="secondary" disabled={isClearing} onClick={() => onClose(false)}>
            {say('page.cancel')}
          </Button>
          <Button variant="danger" type="submit" disabled={!isMeant || isClearing}>
            {isClearing && <Spinner as="span" animation="border" size="sm" />} {say('data.clear')}
          </Button>
        </Modal.Footer>
      </Form>
    </Modal>
  );
}
