import React from 'react';
import { Button, Modal, Table } from 'react-bootstrap';

const KEYS: readonly (readonly [string, string])[] = [
  ['← → ↑ ↓, j, k', 'Go from card to card'],
  ['a', 'Add the selected ones, or the current one'],
  ['r', 'Not this person: the selected ones, or the current one'],
  ['u', 'Undo the last decision on this page'],
  ['x', 'Select the current one'],
  ['n, p', 'Next or previous page'],
  ['Esc', 'Clear the selection'],
  ['?', 'Show these keys'],
];

export function KeyHelp({ onClose }: { onClose: () => void }): React.ReactElement {
  return (
    <Modal show onHide={onClose} aria-label="Keys" className="stash-sense">
      <Modal.Header>Keys</Modal.Header>
      <Modal.Body>
        <Table size="sm" className="mb-0">
          <tbody>
            {KEYS.map(([keys, meaning]) => (
              <tr key={keys}>
                <td>
                  <kbd>{keys}</kbd>
                </td>
                <td>{meaning}</td>
              </tr>
            ))}
          </tbody>
        </Table>
      </Modal.Body>
      <Modal.Footer>
        <Button variant="secondary" onClick={onClose}>
          Close
        </Button>
      </Modal.Footer>
    </Modal>
  );
}
