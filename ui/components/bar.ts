const KEY = 'stash-sense-bar';
const DEFAULT = 90;

/** Percent of confidence the user last chose for "add all above". */
export function rememberedBar(): number {
  const value = Number(localStorage.getItem(KEY));
  return value >= 1 && value <= 99 ? value : DEFAULT;
}

export function rememberBar(percent: number): void {
  if (percent >= 1 && percent <= 99) localStorage.setItem(KEY, String(percent));
}
