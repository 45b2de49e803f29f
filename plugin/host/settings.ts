import { z } from 'zod';
import { EXCLUSION_SETTINGS, Settings } from '../../core/settings.ts';
import { message, type Message } from '../../core/messages/message.ts';
import { whyNoChannel } from '../artifacts/channel.ts';
import { whyNoDataFolder } from '../system/data-place.ts';

/** Display names of the settings on Stash's plugin page, as in stash-sense.yml (a test compares them). */
export const SETTING_NAMES: Record<keyof Settings, string> = {
  scanScope: 'Scan - which scenes',
  scanImages: 'Scan - images too',
  scanGalleries: 'Scan - galleries too',
  excludedTags: 'Never - tags',
  excludedPerformers: 'Never - performers',
  excludedFolders: 'Never - folders',
  identifyTag: 'Identify - tag',
  sliceMinutes: 'Scan - minutes per turn',
  schedule: 'Scan - schedule',
  autoAcceptConfidence: 'Auto-accept - lowest confidence (percent)',
  autoAcceptTag: 'Auto-accept - tag',
  matchConfidence: 'Match - lowest confidence (percent)',
  cropsPerPerson: 'Storage - face crops per person',
  dataFolder: 'Storage - data folder',
  channel: 'Channel',
  packChannel: 'Reference packs - channel',
  threads: 'Speed - CPU threads',
  dryRun: 'Dry run',
};

/** Checks beyond the schema of a value: why a value cannot be used; null: it can. */
const CHECKS: Partial<Record<keyof Settings, (value: string) => Message | null>> = {
  dataFolder: (value) => {
    const trouble = whyNoDataFolder(value);
    return trouble && problemOf('dataFolder', { value, trouble, used: NOT_SET });
  },
  // The message omits the value, which may hold a password. The value is kept: with a default we would fetch from elsewhere.
  channel: (value) => problemOfChannel('channel', value),
  packChannel: (value) => problemOfChannel('packChannel', value),
};

/**
For a value that cannot be used, returns a problem and uses the default: a typing error on the plugin page must not stop
anything. Ignores unknown keys, which other versions may have stored.
*/
export function readSettings(raw: unknown): { settings: Settings; problems: Message[] } {
  const stored = isRecord(raw) ? raw : {};
  const problems: Message[] = [];
  const settings: Record<string, unknown> = {};
  for (const key of Object.keys(SETTING_NAMES) as (keyof Settings)[]) {
    const { value, problem } = readSetting(key, stored[key]);
    settings[key] = value;
    if (problem) problems.push(problem);
  }
  return { settings: settings as Settings, problems };
}

function readSetting(key: keyof Settings, raw: unknown): { value: unknown; problem: Message | null } {
  const schema = Settings.shape[key];
  const fallback: unknown = schema.parse(undefined);
  if (raw === undefined || raw === null) return { value: fallback, problem: null };
  const parsed = isPlain(raw) ? schema.safeParse(raw) : null;
  if (parsed?.success) {
    const value: unknown = parsed.data;
    const problem = typeof value === 'string' && value !== '' ? CHECKS[key]?.(value) : undefined;
    if (problem === undefined || problem === null) return { value, problem: null };
    return { value: CHANNELS.has(key) ? value : fallback, problem };
  }
  // As a name that Stash does not have: with the default nothing would be excluded.
  if (EXCLUSIONS.has(key)) {
    const name = message(`settings.label.${key}`);
    return {
      value: JSON.stringify([shown(raw)]),
      problem: message('exclusions.unreadable', { name }),
    };
  }
  const trouble = troubleOf(parsed?.error);
  // Whoever wrote something there meant it to be on; a write that was not wanted is worse than none.
  if (key === 'dryRun')
    return {
      value: true,
      problem: problemOf(key, { value: raw, trouble, used: message('settings.used.on') }),
    };
  return { value: fallback, problem: problemOf(key, { value: raw, trouble, used: usedFor(fallback) }) };
}

const CHANNELS: ReadonlySet<keyof Settings> = new Set(['channel', 'packChannel']);

function problemOfChannel(key: 'channel' | 'packChannel', value: string): Message | null {
  const problem = whyNoChannel(value);
  const setting = message(`settings.label.${key}`);
  return problem && message('fetch.badChannel', { setting, problem });
}

function usedFor(fallback: unknown): Message {
  if (fallback === '' || fallback === 0) return NOT_SET;
  if (fallback === false) return message('settings.used.off');
  return message('settings.used.fallback', { value: String(fallback) });
}

const EXCLUSIONS: ReadonlySet<keyof Settings> = new Set(EXCLUSION_SETTINGS);

const NOT_SET = message('settings.used.asNotSet');

function problemOf(
  key: keyof Settings,
  { value, trouble, used }: { value: unknown; trouble: Message; used: Message },
): Message {
  const name = message(`settings.label.${key}`);
  return message('settings.problem', { name, value: shown(value), trouble, used });
}

function troubleOf(error: z.ZodError | undefined): Message {
  const issue = error?.issues[0];
  if (issue?.code === 'too_small')
    return message('settings.trouble.tooSmall', { limit: String(issue.minimum) });
  if (issue?.code === 'too_big')
    return message('settings.trouble.tooLarge', { limit: String(issue.maximum) });
  if (issue?.code !== 'invalid_type') return message('settings.trouble.unreadable');
  return message(issue.expected === 'boolean' ? 'settings.trouble.notSwitch' : 'settings.trouble.notNumber');
}

function shown(raw: unknown): string {
  // An address in the value may hold a password.
  const text = (JSON.stringify(raw) ?? String(raw)).replace(/[^/\s"]*:[^/\s"]*@/, '…@');
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

function isPlain(raw: unknown): boolean {
  return typeof raw === 'string' || typeof raw === 'number' || typeof raw === 'boolean';
}

function isRecord(raw: unknown): raw is Record<string, unknown> {
  return typeof raw === 'object' && raw !== null && !Array.isArray(raw);
}
