import React, { useState } from 'react';
import { Button, Form, Modal, Spinner } from 'react-bootstrap';
import { messageOf } from '../../core/message-of.ts';
import { saidTask } from '../../core/runs/task-words.ts';
import { bytes } from '../shared/words.ts';
import { ask } from '../stash/operations.ts';
import { useToast } from '../stash/toast.tsx';
import type { DataInfo } from './data-names.ts';
import { say, SLOT, around } from '../stash/intl.tsx';

type Props = { readonly info: DataInfo; readonly onClose: (hasStarted: boolean) => void };

/** Asks for the new folder; whether it can be used is checked before the dialog closes. */
export function MoveData({ info, onClose }: Props): React.ReactElement {
  const [folder, setFolder] = useState('');
  const [isAsking, setAsking] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const toast = useToast();
  const size = info.kept.reduce((sum, kind) => sum + kind.bytes, 0);

  async function move(): Promise<void> {
    setAsking(true);
    setProblem(null);
    try {
      const { joined } = await ask('data.move', { folder: folder.trim() });
      toast.done(
        joined ? say('runs.underWayAlready', { task: saidTask('move-data') }) : say('move.isQueued'),
      );
      onClose(true);
    } catch (error) {
      setProblem(messageOf(error));
      setAsking(false);
    }
  }

  return (
    <Modal
      show
      onHide={() => isAsking || onClose(false)}
      aria-label={say('move.title')}
      className="stash-sense"
    >
      <Form
        onSubmit={(event) => {
          event.preventDefault();
          if (folder.trim() !== '' && !isAsking) void move();
        }}
      >
        <Modal.Header>{say('move.title')}</Modal.Header>
        <Modal.Body>
          <p>
            {around(
              say('move.whatHappens', { size: bytes(size), folder: SLOT }),
              <strong>{info.folder}</strong>,
            )}
          </p>
          <Form.Group>
            <Form.Label htmlFor="stash-sense-new-folder">{say('move.newFolder')}</Form.Label>
            <Form.Control
              id="stash-sense-new-folder"
              className="text-input"
              placeholder="/data/stash-sense"
              value={folder}
              autoFocus
              autoComplete="off"
              spellCheck={false}
              disabled={isAsking}
              onChange={(event) => setFolder(event.target.value)}
            />
          </Form.Group>
          {problem !== null && (
            <p role="alert" className="text-danger">
              {problem}
            </p>
          )}
        </Modal.Body>
        <Modal.Footer>
          <Button variant="secondary" disabled={isAsking} onClick={() => onClose(false)}>
            {say('page.cancel')}
          </Button>
          <Button variant="primary" type="submit" disabled={folder.trim() === '' || isAsking}>
            {isAsking && <Spinner as="span" animation="border" size="sm" />} {say('move.move')}
          </Button>
        </Modal.Footer>
      </Form>
    </Modal>
  );
}
