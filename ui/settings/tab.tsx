import React, { useState } from 'react';
import { Button, Form } from 'react-bootstrap';
import type { Settings } from '../../core/settings.ts';
import { NoAnswer } from '../shared/widgets/no-answer.tsx';
import { Notice } from '../shared/widgets/notice.tsx';
import { refreshSettings } from '../stash/library.ts';
import { ask } from '../stash/operations.ts';
import { useToast } from '../stash/toast.tsx';
import { Problem } from '../shared/widgets/problem.tsx';
import { FieldName, Switch } from '../shared/fields.tsx';
import { useAnswer } from '../shared/hooks/use-answer.ts';
import { message, type Message } from '../../core/messages/message.ts';
import { Fingerprints } from './fingerprints.tsx';
import { HealthAnalyzers } from './health-analyzers.tsx';
import { say } from '../stash/intl.tsx';
import { addedExclusions, AskToExclude } from './ask-to-exclude.tsx';
import { ScopeField } from './scope-field.tsx';
import { ExclusionField, type ExclusionSetting } from './exclusion-field.tsx';

type Kind = 'text' | 'number' | 'switch' | 'exclusions' | 'scope';

/** That of *Scan library* stands with those of other tasks on a tab of its own. */
type Shown = Exclude<keyof Settings, 'schedule'>;

/** Every setting in display order; the type requires all of them. */
const FIELDS: Readonly<Record<Shown, Kind>> = {
  scanScope: 'scope',
  scanImages: 'switch',
  scanGalleries: 'switch',
  excludedTags: 'exclusions',
  excludedPerformers: 'exclusions',
  excludedFolders: 'exclusions',
  sliceMinutes: 'number',
  identifyTag: 'text',
  matchConfidence: 'number',
  autoAcceptConfidence: 'number',
  autoAcceptTag: 'text',
  dryRun: 'switch',
  cropsPerPerson: 'number',
  threads: 'number',
  dataFolder: 'text',
  channel: 'text',
  packChannel: 'text',
};
const SETTINGS = Object.keys(FIELDS) as Shown[];

type Value = string | number | boolean;

/** Changes that are not saved yet. */
export type SettingsDraft = Readonly<Record<string, Value>>;

type Props = { readonly draft: SettingsDraft; readonly onDraft: (draft: SettingsDraft) => void };

/** The page holds the draft, so that it survives a change of tabs. */
export function SettingsTab({ draft: changes, onDraft: setChanges }: Props): React.ReactElement {
  const { answer, problem, reload } = useAnswer('settings.get', {});
  const [problems, setProblems] = useState<readonly Message[]>([]);
  const [isSaving, setSaving] = useState(false);
  const [isAsking, setAsking] = useState(false);
  const toast = useToast();

  async function save(): Promise<void> {
    setAsking(false);
    setSaving(true);
    try {
      const answered = await ask('settings.set', { changes });
      setProblems(answered.problems);
      const left = Object.entries(changes).filter(([name]) => !answered.saved.includes(name));
      setChanges(Object.fromEntries(left));
      const names = left.map(([name]) => say(`settings.label.${name as keyof Settings}`)).join(', ');
      if (left.length === 0) toast.done(say('settings.saved'));
      else if (answered.saved.length > 0) toast.warn(say('settings.savedExcept', { names }));
      if (answered.saved.length > 0) {
        reload();
        await refreshSettings();
        if (answered.saved.some((name) => isExclusion(name))) {
          const { message: said } = await ask('exclusions.apply', {});
          if (said !== null) toast.done(say(said));
        }
        // A wrong address would be noticed only where packs are looked for.
        if (answered.saved.includes('packChannel') && changes['packChannel'] !== '')
          setProblems([...answered.problems, ...(await whyNoPacks())]);
      }
    } catch (error) {
      toast.failed(error);
    }
    setSaving(false);
  }

  if (answer === null) return <NoAnswer problem={problem} onRetry={reload} />;
  const added = addedExclusions(changes, answer.settings as SettingsDraft);
  return (
    <>
      <Form
        className="stash-sense-settings"
        onSubmit={(event) => {
          event.preventDefault();
          if (added.length > 0) setAsking(true);
          else void save();
        }}
      >
        {problem !== null && <Problem message={problem} onRetry={reload} />}
        <Problems of={answer.problems} />
        {SETTINGS.map((name) =>
          isExclusion(name) ? (
            <ExclusionField
              key={name}
              name={name}
              value={String(changes[name] ?? (answer.settings[name] as Value | undefined) ?? '')}
              onChange={(value) => setChanges({ ...changes, [name]: value })}
            />
          ) : (
            <Field
              key={name}
              label={say(`settings.label.${name}`)}
              help={name === 'scanImages' ? '' : say(`settings.help.${name}`)}
              kind={FIELDS[name]}
              value={changes[name] ?? (answer.settings[name] as Value | undefined) ?? emptyOf(FIELDS[name])}
              onChange={(value) => setChanges({ ...changes, [name]: value })}
            />
          ),
        )}
        {/* Beside the button that was pressed: the top of the form is out of sight there. */}
        <Problems of={problems} />
        <Button type="submit" disabled={isSaving || Object.keys(changes).length === 0}>
          {say('settings.save')}
        </Button>
      </Form>
      <HealthAnalyzers />
      <Fingerprints />
      {isAsking && <AskToExclude added={added} onYes={() => void save()} onNo={() => setAsking(false)} />}
    </>
  );
}

/** Asks the publisher whom the settings name now. */
async function whyNoPacks(): Promise<Message[]> {
  const { problem, packs } = await ask('packChannel.check', {});
  if (problem !== null) return [problem];
  return packs.length > 0 ? [] : [message('referencePacks.channel.nobody')];
}

function Problems({ of }: { of: readonly Message[] }): React.ReactElement {
  const texts = [...new Set(of.map((said) => say(said)))];
  return (
    <>
      {texts.map((text) => (
        <Notice key={text} variant="warning">
          {text}
        </Notice>
      ))}
    </>
  );
}

function isExclusion(name: string): name is ExclusionSetting {
  return Object.hasOwn(FIELDS, name) && FIELDS[name as Shown] === 'exclusions';
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
  if (kind === 'scope') return <ScopeField label={label} value={String(value)} onChange={onChange} />;
  if (kind === 'switch')
    return <Switch label={label} help={help} isOn={value === true} onChange={onChange} />;
  return (
    <label className="stash-sense-setting">
      <FieldName label={label} help={help} />
      <Form.Control
        type={kind}
        className="text-input"
        value={String(value)}
        {...(kind === 'number' ? { min: 0 } : {})}
        onChange={(event) => onChange(kind === 'number' ? Number(event.target.value) : event.target.value)}
      />
    </label>
  );
}
