import { z } from 'zod';
import { Settings } from '../../core/settings.ts';
import { inEnglish } from '../../core/messages/english.ts';
import { whyNoChannel } from '../artifacts/channel.ts';
import { whyNoDataFolder } from '../system/data-place.ts';

/** What the plugin page calls each setting: a complaint must name it as the user sees it (the manifest is compared in a test). */
export const SETTING_NAMES: Record<keyof Settings, string> = {
  scanScope: 'Scan - which scenes',
  scanImages: 'Scan - images too',
  scanGalleries: 'Scan - galleries too',
  identifyTag: 'Identify - tag',
  sliceMinutes: 'Scan - minutes per turn',
  schedule: 'Scan - schedule',
  autoAcceptConfidence: 'Auto-accept - lowest confidence (percent)',
  autoAcceptTag: 'Auto-accept - tag',
  matchConfidence: 'Match - lowest confidence (percent)',
  cropsPerPerson: 'Storage - face crops per person',
  dataFolder: 'Storage - data folder',
  channel: 'Channel',
  threads: 'Speed - CPU threads',
  dryRun: 'Dry run',
};

/** What the type of a value does not say: why one that is set cannot be used, as the end of a sentence; null: it can. */
const CHECKS: Partial<Record<keyof Settings, (value: string) => string | null>> = {
  dataFolder: (value) => {
    const trouble = whyNoDataFolder(value);
    return trouble === null ? null : `is ${shown(value)} and ${inEnglish(trouble)}: it counts as not set`;
  },
  // Not shown, for it may hold a password; kept as it is, for nothing is to be fetched from another place instead.
  channel: (value) => {
    const trouble = whyNoChannel(value);
    return trouble && inEnglish(trouble);
  },
};

/**
A value that cannot be used is a problem to tell, and its default is used: a typing error on the plugin page stops
nothing. Keys of other versions are left alone.
*/
export function readSettings(raw: unknown): { settings: Settings; problems: string[] } {
  const stored = isRecord(raw) ? raw : {};
  const problems: string[] = [];
  const settings: Record<string, unknown> = {};
  for (const key of Object.keys(SETTING_NAMES) as (keyof Settings)[]) {
    const { value, problem } = readSetting(key, stored[key]);
    settings[key] = value;
    if (problem) problems.push(problem);
  }
  return { settings: settings as Settings, problems };
}

function readSetting(key: keyof Settings, raw: unknown): { value: unknown; problem: string | null } {
  const schema = Settings.shape[key];
  const fallback: unknown = schema.parse(undefined);
  if (raw === undefined || raw === null) return { value: fallback, problem: null };
  const parsed = isPlain(raw) ? schema.safeParse(raw) : null;
  if (parsed?.success) {
    const value: unknown = parsed.data;
    const trouble = typeof value === 'string' && value !== '' ? CHECKS[key]?.(value) : undefined;
    if (trouble === undefined || trouble === null) return { value, problem: null };
    return {
      value: key === 'channel' ? value : fallback,
      problem: `The setting "${SETTING_NAMES[key]}" ${trouble}.`,
    };
  }
  const used = fallback === '' || fallback === 0 ? 'it counts as not set' : `${String(fallback)} is used`;
  return {
    value: fallback,
    problem: `The setting "${SETTING_NAMES[key]}" is ${shown(raw)} and ${expected(parsed?.error)}: ${used}.`,
  };
}

function expected(error: z.ZodError | undefined): string {
  const issue = error?.issues[0];
  if (issue?.code === 'too_small') return `must be at least ${String(issue.minimum)}`;
  if (issue?.code === 'too_big') return `must be at most ${String(issue.maximum)}`;
  return issue?.code === 'invalid_type' ? 'must be a number' : 'cannot be read';
}

function shown(raw: unknown): string {
  // An address may hold a password.
  const text = (JSON.stringify(raw) ?? String(raw)).replace(/[^/\s"]*:[^/\s"]*@/, '…@');
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

function isPlain(raw: unknown): boolean {
  return typeof raw === 'string' || typeof raw === 'number' || typeof raw === 'boolean';
}

function isRecord(raw: unknown): raw is Record<string, unknown> {
  return typeof raw === 'object' && raw !== null && !Array.isArray(raw);
}
