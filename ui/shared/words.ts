/** How numbers and times are said. */

/** Never 0 or 100: nothing here is certain. */
export function percent(fraction: number): string {
  return `${Math.min(99, Math.max(1, Math.round(fraction * 100)))} %`;
}

/** What a calibrated confidence means to somebody who does not read numbers. */
export function likelihood(confidence: number): string {
  if (confidence >= 0.98) return 'almost certain';
  if (confidence >= 0.9) return 'very likely';
  if (confidence >= 0.75) return 'likely';
  if (confidence >= 0.5) return 'possible';
  return 'unlikely';
}

/** Below that, a rival is noise beside the answer. */
export function isWorthSaying(confidence: number): boolean {
  return confidence >= 0.1;
}

/** `0:07`, `12:34`, `1:02:03`. */
export function clock(timeMs: number): string {
  const seconds = Math.max(0, Math.floor(timeMs / 1000));
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}

/** `1 face`, `12 faces`, `1,234 faces`. */
export function count(value: number, one: string, many = `${one}s`): string {
  return `${value.toLocaleString('en-US')} ${value === 1 ? one : many}`;
}

/** `just now`, `5 minutes ago`, `3 days ago`; `in 2 hours` for what is to come. */
export function ago(at: number, now = Date.now()): string {
  const seconds = Math.round(Math.abs(now - at) / 1000);
  if (seconds < 45) return at > now ? 'in a moment' : 'just now';
  const [value, unit] =
    seconds < 45 * 60
      ? [seconds / 60, 'minute']
      : seconds < 22 * 3600
        ? [seconds / 3600, 'hour']
        : [seconds / 86_400, 'day'];
  const words = count(Math.max(1, Math.round(value)), unit);
  return at > now ? `in ${words}` : `${words} ago`;
}

/** `40 s`, `12 min`, `3 h 20 min`. */
export function duration(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** `820 KB`, `12.4 MB`. */
export function bytes(value: number): string {
  if (value < 1e6) return `${Math.round(value / 1000)} KB`;
  return value < 1e9 ? `${(value / 1e6).toFixed(1)} MB` : `${(value / 1e9).toFixed(1)} GB`;
}

const SOURCES: Readonly<Record<string, string>> = {
  profile: 'profile picture',
  image: 'tagged image',
  confirmed: 'face you confirmed',
  file: 'picture file',
};

/** Where a reference face came from. */
export function sourceName(source: string): string {
  return SOURCES[source] ?? source;
}

const PICTURE_STATES: Readonly<Record<string, { readonly one: string; readonly many: string }>> = {
  used: { one: 'used', many: 'used' },
  'no-face': { one: 'no face in it', many: 'without a face' },
  'several-faces': { one: 'several faces', many: 'with several faces' },
  drawing: { one: 'a drawing', many: 'drawn' },
  outlier: { one: 'looks like somebody else', many: 'that look like somebody else' },
  unreadable: { one: 'cannot be read', many: 'unreadable' },
  withdrawn: { one: 'taken back', many: 'taken back' },
};

/** What came of a picture of a performer. */
export function pictureState(state: string): string {
  return PICTURE_STATES[state]?.one ?? state;
}

/** `55 used`, `2 without a face`. */
export function pictureCount(many: number, state: string): string {
  return `${many.toLocaleString('en-US')} ${PICTURE_STATES[state]?.many ?? state}`;
}
