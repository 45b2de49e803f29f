import React from 'react';
import { Button, Modal } from 'react-bootstrap';
import { entriesOf } from '../../core/exclusions/entries.ts';
import { say } from '../stash/intl.tsx';
import { nameInEntry, type ExclusionSetting } from './exclusion-field.tsx';

type Added = { readonly setting: ExclusionSetting; readonly entries: readonly string[] };
type Values = Readonly<Record<string, string | number | boolean>>;

const EXCLUSIONS: readonly ExclusionSetting[] = ['excludedTags', 'excludedPerformers', 'excludedFolders'];

/** The entries in `changes` that are not saved yet. What is taken out erases nothing. */
export function addedExclusions(changes: Values, saved: Values): readonly Added[] {
  return EXCLUSIONS.map((setting) => {
    const before = entriesOf(String(saved[setting] ?? ''));
    const after = entriesOf(String(changes[setting] ?? ''));
    return { setting, entries: after.filter((entry) => !before.includes(entry)) };
  }).filter(({ entries }) => entries.length > 0);
}

/** Says what is erased before an exclusion is saved: once saved, the next run would erase it too. */
export function AskToExclude({
  added,
  onYes,
  onNo,
}: {
  added: readonly Added[];
  onYes: () => void;
  onNo: () => void;
}): React.ReactElement {
  const title = say('settings.excludeAndErase');
  return (
    <Modal show onHide={onNo} aria-label={title} className="stash-sense">
      <Modal.Header>{title}</Modal.Header>
      <Modal.Body>
        {added.map(({ setting, entries }) => (
          <p key={setting}>
            {say(`settings.exclude.${setting}`, {
              names: entries.map((entry) => nameInEntry(setting, entry)).join(', '),
              count: entries.length,
            })}
          </p>
        ))}
      </Modal.Body>
      <Modal.Footer>
        <Button variant="secondary" onClick={onNo}>
          {say('page.cancel')}
        </Button>
        <Button variant="danger" onClick={onYes}>
          {title}
        </Button>
      </Modal.Footer>
    </Modal>
  );
}
