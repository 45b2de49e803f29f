/** Which scenes are scanned, as the setting is written (`tasks/settings/scan-scope.ts`) and as the form shows it. */
export type Scope = {
  readonly which: 'all' | 'unnamed' | 'studio' | 'filter';
  /** Of the studio or the saved filter; empty for the others. */
  readonly name: string;
};

/** Written so in every language. */
const UNNAMED = ['without', 'performers'].join(' ');

/** What nobody understands is the name of a filter, so that it is shown and can be mended. */
export function scopeOf(setting: string): Scope {
  const [, what = 'filter', name = setting] = /^(studio|filter)\s*:\s*(.*)$/i.exec(setting) ?? [];
  const whole = setting.trim().toLowerCase();
  if (whole === 'all') return { which: 'all', name: '' };
  if (whole === UNNAMED) return { which: 'unnamed', name: '' };
  return { which: what.toLowerCase() === 'studio' ? 'studio' : 'filter', name };
}

export function settingOf({ which, name }: Scope): string {
  if (which === 'unnamed') return UNNAMED;
  return which === 'all' ? which : `${which}: ${name}`;
}
