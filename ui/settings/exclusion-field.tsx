import { faTimes } from '@fortawesome/free-solid-svg-icons';
import React, { useState } from 'react';
import { Form } from 'react-bootstrap';
import { entriesOf, entryOf, meaningOf, toExclusionText } from '../../core/exclusions/entries.ts';
import { shownName } from '../../core/people/shown-name.ts';
import { useLookUp } from '../shared/hooks/use-look-up.ts';
import { Notice } from '../shared/widgets/notice.tsx';
import { Icon } from '../stash/icon.tsx';
import { say } from '../stash/intl.tsx';
import { findFolders, findPerformers, findTags } from '../stash/library.ts';
import { MinorButton } from '../shared/widgets/minor-button.tsx';

export type ExclusionSetting = 'excludedTags' | 'excludedPerformers' | 'excludedFolders';

/** `entry` is what the setting holds, `label` what the user reads. */
type Choice = { readonly entry: string; readonly label: string };

const MAX_CHOICES = 12;

const LOOK_UP: Readonly<Record<ExclusionSetting, (text: string) => Promise<readonly Choice[]>>> = {
  excludedTags: async (text) =>
    (await findTags(text)).map((tag) => ({ entry: entryOf(tag), label: tag.name })),
  excludedPerformers: async (text) =>
    (await findPerformers(text)).map(({ id, name, disambiguation }) => ({
      entry: entryOf({ id, name }),
      label: shownName({ name, disambiguation }),
    })),
  excludedFolders: async (text) =>
    [...new Set([text, ...(await findFolders(text))])].map((folder) => ({ entry: folder, label: folder })),
};

/** Why nothing is offered. Of folders what was typed is offered itself. */
function noOffer(name: ExclusionSetting, found: readonly Choice[]): string {
  if (found.length > 0) return say('settings.isExcludedAlready');
  return say(name === 'excludedTags' ? 'settings.noTagOfName' : 'people.noPerformerOfName');
}

/** Entries with a cross each, and a field in which further ones are looked up in Stash. */
export function ExclusionField({
  name,
  value,
  onChange,
}: {
  name: ExclusionSetting;
  value: string;
  onChange: (value: string) => void;
}): React.ReactElement {
  const [text, setText] = useState('');
  const entries = entriesOf(value);
  const { found, problem } = useLookUp(text.trim(), LOOK_UP[name]);
  const offered = found?.filter(({ entry }) => !entries.includes(entry)) ?? [];
  const add = ({ entry }: Choice): void => {
    onChange(toExclusionText([...entries, entry]));
    setText('');
  };
  const label = say(`settings.label.${name}`);

  return (
    <div className="stash-sense-setting stash-sense-exclusions" role="group" aria-label={label}>
      <span>
        {label}
        <small className="text-muted">{say(`settings.help.${name}`)}</small>
      </span>
      {entries.length > 0 && (
        <ul className="stash-sense-entries list-unstyled">
          {entries.map((entry) => (
            <li key={entry}>
              <MinorButton
                aria-label={say('settings.takeOut', { name: nameInEntry(name, entry) })}
                onClick={() => onChange(toExclusionText(entries.filter((other) => other !== entry)))}
              >
                {nameInEntry(name, entry)} <Icon icon={faTimes} />
              </MinorButton>
            </li>
          ))}
        </ul>
      )}
      <Form.Control
        type="search"
        className="text-input"
        autoComplete="off"
        aria-label={say('settings.addTo', { name: label })}
        placeholder={say(name === 'excludedFolders' ? 'settings.typeFolder' : 'settings.typeName')}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter') return;
          // It would save the form.
          event.preventDefault();
          // While a word is being composed, Enter belongs to the input method.
          if (offered[0] !== undefined && !event.nativeEvent.isComposing) add(offered[0]);
        }}
      />
      {problem !== null && <Notice variant="danger">{problem}</Notice>}
      {found !== null && offered.length === 0 && (
        <small className="text-muted" role="status">
          {noOffer(name, found)}
        </small>
      )}
      {offered.length > 0 && (
        <ul className="stash-sense-found list-unstyled">
          {offered.slice(0, MAX_CHOICES).map((choice) => (
            <li key={choice.entry}>
              <MinorButton onClick={() => add(choice)}>{choice.label}</MinorButton>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** Without the id that follows a name. */
export function nameInEntry(name: ExclusionSetting, entry: string): string {
  return name === 'excludedFolders' ? entry : (meaningOf(entry).names[0] ?? entry);
}
