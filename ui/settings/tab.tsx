import React, { useState } from 'react';
import { Button, Form, Spinner } from 'react-bootstrap';
import type { Settings } from '../../core/settings.ts';
import { Notice } from '../shared/widgets/notice.tsx';
import { refreshSettings } from '../stash/library.ts';
import { ask } from '../stash/operations.ts';
import { useToast } from '../stash/toast.tsx';
import { Problem } from '../shared/widgets/problem.tsx';
import { useAnswer } from '../shared/hooks/use-answer.ts';

type Kind = 'text' | 'number' | 'switch';

/** Every setting, in the order a user meets them. The type makes sure that none is forgotten. */
const FIELDS: Readonly<Record<keyof Settings, { label: string; help: string; kind: Kind }>> = {
  scanScope: {
    label: 'Which scenes to scan',
    help: 'all, without performers, studio: NAME, or filter: NAME of a saved scene filter',
    kind: 'text',
  },
  scanImages: { label: 'Scan images too', help: '', kind: 'switch' },
  scanGalleries: { label: 'Scan galleries too', help: 'Each as a whole', kind: 'switch' },
  schedule: {
    label: 'Schedule',
    help: 'A cron expression such as 0 3 * * * (every night at three). Empty: never by itself',
    kind: 'text',
  },
  sliceMinutes: {
    label: 'Minutes per turn',
    help: "How long a scan works before it gives Stash's queue to other jobs",
    kind: 'number',
  },
  identifyTag: { label: 'Tag for "Identify scene"', help: 'Scenes with it are looked at', kind: 'text' },
  matchConfidence: {
    label: 'Lowest confidence of a match, percent',
    help: '0: the bar measured for the face pack',
    kind: 'number',
  },
  autoAcceptConfidence: {
    label: 'Write by itself from, percent',
    help: '0: never. Otherwise Scan library adds performers from this confidence on; every change can be undone',
    kind: 'number',
  },
  autoAcceptTag: { label: 'Tag on what was written by itself', help: 'Empty: none', kind: 'text' },
  dryRun: { label: 'Dry run', help: 'Say what would be written and write nothing', kind: 'switch' },
  cropsPerPerson: {
    label: 'Face pictures kept per person',
    help: 'Of each person in a file',
    kind: 'number',
  },
  threads: { label: 'CPU threads', help: '0: half the cores, at most four', kind: 'number' },
  dataFolder: {
    label: 'Data folder',
    help: "Empty: a folder stash-sense beside Stash's config.yml. To take along what is there, use Move on the Status tab",
    kind: 'text',
  },
  channel: {
    label: 'Channel',
    help: 'Where Set up fetches from: an address, or the whole path of a folder. Empty: where the plugin was installed from (its source)',
    kind: 'text',
  },
};

type Value = string | number | boolean;

/** Typed and not saved. */
export type SettingsDraft = Readonly<Record<string, Value>>;

type Props = { readonly draft: SettingsDraft; readonly onDraft: (draft: SettingsDraft) => void };

/** The draft is kept by whoever shows this, and so outlives a look at another tab. */
export function SettingsTab({ draft: changes, onDraft: setChanges }: Props): React.ReactElement {
  const { answer, problem, reload } = useAnswer('settings.get', {});
  const [problems, setProblems] = useState<readonly string[]>([]);
  const [isSaving, setSaving] = useState(false);
  const toast = useToast();

  async function save(): Promise<void> {
    setSaving(true);
    try {
      const answered = await ask('settings.set', { changes });
      setProblems(answered.problems);
      if (answered.problems.length === 0) {
        toast.done('Saved.');
        reload();
        setChanges({});
        await refreshSettings();
      }
    } catch (error) {
      toast.failed(error);
    }
    setSaving(false);
  }

  if (answer === null)
    return problem === null ? (
      <Spinner animation="border" role="status" aria-label="Loading" />
    ) : (
      <Problem message={problem} onRetry={reload} />
    );
  return (
    <Form
      className="stash-sense-settings"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      {problem !== null && <Problem message={problem} onRetry={reload} />}
      {[...answer.problems, ...problems].map((it) => (
        <Notice key={it} variant="warning">
          {it}
        </Notice>
      ))}
      {Object.entries(FIELDS).map(([name, field]) => (
        <Field
          key={name}
          {...field}
          value={changes[name] ?? (answer.settings[name] as Value | undefined) ?? emptyOf(field.kind)}
          onChange={(value) => setChanges({ ...changes, [name]: value })}
        />
      ))}
      <Button type="submit" disabled={isSaving || Object.keys(changes).length === 0}>
        Save
      </Button>
    </Form>
  );
}

function emptyOf(kind: Kind): Value {
  return kind === 'switch' ? false : kind === 'number' ? 0 : '';
}

function Field({
  label,
  help,
  kind,
  value,
  onChange,
}: {
  label: string;
  help: string;
  kind: Kind;
  value: Value;
  onChange: (value: Value) => void;
}): React.ReactElement {
  return (
    <label className="stash-sense-setting">
      <span>
        {label}
        {help !== '' && <small className="text-muted">{help}</small>}
      </span>
      {kind === 'switch' ? (
        <input
          type="checkbox"
          checked={value === true}
          onChange={(event) => onChange(event.target.checked)}
        />
      ) : (
        <Form.Control
          type={kind}
          className="text-input"
          value={String(value)}
          {...(kind === 'number' ? { min: 0 } : {})}
          onChange={(event) => onChange(kind === 'number' ? Number(event.target.value) : event.target.value)}
        />
      )}
    </label>
  );
}
