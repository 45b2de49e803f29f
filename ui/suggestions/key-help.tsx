import React from 'react';
import { Button, Modal, Table } from 'react-bootstrap';
import { say } from '../stash/intl.tsx';

const KEYS = [
  ['a', 'suggestions.key.acceptChosen'],
  ['1, 2, …', null],
  ['r', 'suggestions.key.rejectChosen'],
  ['u', 'suggestions.key.undoLast'],
  ['x', 'suggestions.key.selectCurrent'],
  ['n, p', 'suggestions.key.turnPage'],
  ['Esc', 'suggestions.key.clearSelection'],
  ['?', 'suggestions.key.showKeys'],
] as const;

/** @param go the keys that go on, and what they do @param choose what the numbers do */
export function KeyHelp({
  go = ['← → ↑ ↓, j, k', say('suggestions.key.goFromCard')],
  choose = say('suggestions.key.choose'),
  onClose,
}: {
  go?: readonly [string, string];
  choose?: string;
  onClose: () => void;
}): React.ReactElement {
  return (
    <Modal show onHide={onClose} aria-label={say('suggestions.keys')} className="stash-sense">
      <Modal.Header>{say('suggestions.keys')}</Modal.Header>
      <Modal.Body>
        <Table size="sm" className="mb-0">
          <tbody>
            {[go, ...KEYS.map(([keys, meaning]) => [keys, meaning === null ? choose : say(meaning)])].map(
              ([keys, meaning]) => (
                <tr key={keys}>
                  <td>
                    <kbd>{keys}</kbd>
                  </td>
                  <td>{meaning}</td>
                </tr>
              ),
            )}
          </tbody>
        </Table>
      </Modal.Body>
      <Modal.Footer>
        <Button variant="secondary" onClick={onClose}>
          {say('page.close')}
        </Button>
      </Modal.Footer>
    </Modal>
  );
}
