/** In `localStorage`: under another name what was chosen before would be forgotten. */
const KEY = 'stash-sense-bar';
const DEFAULT = 90;

/** Percent of confidence the user last chose for "add all above". */
export function rememberedThreshold(): number {
  const value = Number(localStorage.getItem(KEY));
  return value >= 1 && value <= 99 ? value : DEFAULT;
}

export function rememberThreshold(percent: number): void {
  if (percent >= 1 && percent <= 99) localStorage.setItem(KEY, String(percent));
}

/** What a number field means while somebody types in it: whole, 1 to 99; the usual one where it holds no number. */
export function thresholdFrom(text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  return Number.isNaN(value) ? DEFAULT : Math.min(99, Math.max(1, Math.round(value)));
}
